package fetch

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
)

//go:embed catalogue.json
var embedded []byte

// Catalogue lists datasets to download; see the package for its file.
type Catalogue struct {
	Version  string    `json:"version"`
	Datasets []Dataset `json:"datasets"`
	// Zones gives, by the name of a variable of the addresses ("geofabrik"), its
	// values for each département.
	Zones map[string]map[string]Values `json:"zones"`
}

// Values is one text, or a list of them.
type Values []string

// UnmarshalJSON reads a text as a list of one.
func (v *Values) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*v = Values{one}
		return nil
	}
	var all []string
	if err := json.Unmarshal(data, &all); err != nil {
		return errors.New("attendu un texte ou une liste de textes")
	}
	*v = all
	return nil
}

// Dataset is one dataset of the catalogue.
type Dataset struct {
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`
	Addresses []Address `json:"addresses"`
	Address             // the only one, when there are no Addresses, else what they do not say
	Each      string    `json:"each"`
	Source    string    `json:"source"`
	Licence   string    `json:"licence"`
	Rhythm    string    `json:"rhythm"`
	Page      string    `json:"page"`
	Import    []string  `json:"import"`
	Optional  bool      `json:"optional"`
	Without   string    `json:"without"`
	Manual    string    `json:"manual"`
}

// Address is where a file is: at URL, or where the data.gouv.fr API says.
type Address struct {
	URL       string    `json:"url"`
	DataGouv  *DataGouv `json:"datagouv"`
	Checksum  string    `json:"checksum"`
	Format    string    `json:"format"`
	Unzip     string    `json:"unzip"`
	Millesime string    `json:"millesime"`
	Verified  string    `json:"verified"`
}

// DataGouv names a resource of a dataset of data.gouv.fr: the newest whose title
// or address matches.
type DataGouv struct {
	API     string         `json:"api"`   // address of the dataset in the API
	Match   string         `json:"match"` // regular expression on the resource's title or address
	Pattern *regexp.Regexp `json:"-"`
}

// At is the address that is asked first: of the file, or of the API.
func (a Address) At() string {
	if a.DataGouv != nil {
		return a.DataGouv.API
	}
	return a.URL
}

// Text is the file of the embedded catalogue.
func Text() []byte { return bytes.Clone(embedded) }

// Embedded is the catalogue that comes with the program.
func Embedded() (*Catalogue, error) { return Parse(embedded) }

// Parse reads and checks a catalogue.
func Parse(data []byte) (*Catalogue, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var c Catalogue
	if err := dec.Decode(&c); err != nil {
		return nil, fmt.Errorf("catalogue : %w", err)
	}
	seen := map[string]bool{}
	for i := range c.Datasets {
		d := &c.Datasets[i]
		if err := d.check(c.Zones); err != nil {
			return nil, fmt.Errorf("catalogue : jeu n° %d %q : %w", i+1, d.Name, err)
		}
		if seen[d.Name] {
			return nil, fmt.Errorf("catalogue : jeu n° %d : le nom %q est déjà pris", i+1, d.Name)
		}
		seen[d.Name] = true
	}
	if len(c.Datasets) == 0 {
		return nil, errors.New("catalogue : aucun jeu de données")
	}
	return &c, nil
}

var safeName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

// check holds a dataset to what the package says, and gives each of its addresses all
// that it needs.
func (d *Dataset) check(zones map[string]map[string]Values) error {
	if !safeName.MatchString(d.Name) {
		return errors.New("name : attendu des minuscules, chiffres, points, tirets")
	}
	if d.Kind == "" || d.Title == "" || d.Licence == "" || d.Source == "" {
		return errors.New("kind, title, source et licence sont obligatoires")
	}
	if d.Each != "" && zones[d.Each] == nil {
		return fmt.Errorf("each %q : attendu le nom d'une zone", d.Each)
	}
	switch {
	case len(d.Addresses) == 0:
		d.Addresses = []Address{d.Address}
	case d.URL != "" || d.DataGouv != nil:
		return errors.New("attendu url, datagouv ou addresses, l'un des trois")
	}
	for i := range d.Addresses {
		a := &d.Addresses[i]
		for _, from := range []struct{ to, from *string }{{&a.Format, &d.Format}, {&a.Unzip, &d.Unzip}, {&a.Millesime, &d.Millesime}} {
			if *from.to == "" {
				*from.to = *from.from
			}
		}
		if err := a.check(); err != nil {
			return err
		}
	}
	return nil
}

func (a *Address) check() error {
	if !safeName.MatchString(a.Format) {
		return fmt.Errorf("format %q : attendu une extension comme csv ou osm.pbf", a.Format)
	}
	if _, err := path.Match(a.Unzip, ""); err != nil {
		return fmt.Errorf("unzip %q : attendu un motif comme *.csv", a.Unzip)
	}
	if (a.URL == "") == (a.DataGouv == nil) {
		return errors.New("attendu url ou datagouv, l'un des deux")
	}
	if a.DataGouv != nil {
		var err error
		if a.DataGouv.Pattern, err = regexp.Compile(a.DataGouv.Match); err != nil || a.DataGouv.Match == "" {
			return fmt.Errorf("datagouv.match %q : attendu une expression régulière", a.DataGouv.Match)
		}
	}
	for _, address := range []string{a.At(), a.Checksum} {
		u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address))
		if address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("adresse %q : attendu une adresse http ou https complète", address)
		}
	}
	return nil
}
