package fetch

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed catalogue.json
var embedded []byte

// Catalogue lists datasets to download.
type Catalogue struct {
	// Version is the day on which the addresses were last reviewed.
	Version  string    `json:"version"`
	Datasets []Dataset `json:"datasets"`
	// Zones gives, by the name of a variable of the addresses ("geofabrik"), its
	// value for each département.
	Zones map[string]map[string]string `json:"zones"`
}

// Dataset is one dataset of the catalogue. Its address is URL, or what the
// data.gouv.fr API answers for DataGouv. In both, {departement} and the names of
// Zones stand for values of the département.
type Dataset struct {
	Name     string    `json:"name"`  // short, unique: the name of the file without its extension
	Kind     string    `json:"kind"`  // of maillage import
	Title    string    `json:"title"` // French, for progress and help
	URL      string    `json:"url,omitempty"`
	DataGouv *DataGouv `json:"datagouv,omitempty"`
	Checksum string    `json:"checksum,omitempty"` // address of a file "HEX  NAME" (MD5 or SHA-256)
	Format   string    `json:"format"`             // extension of the file: "geojson", "osm.pbf"
	Unzip    string    `json:"unzip,omitempty"`    // the address gives a zip: the file is the one inside whose name matches, as "*200m*.csv"
	Source   string    `json:"source"`             // as to be cited
	Licence  string    `json:"licence"`
	Rhythm   string    `json:"rhythm"`           // how often it is published, French
	Import   []string  `json:"import,omitempty"` // more flags of maillage import
	Optional bool      `json:"optional"`         // the computation works without it
}

// DataGouv names a resource of a dataset of data.gouv.fr: the newest whose title
// or address matches.
type DataGouv struct {
	API     string         `json:"api"`   // address of the dataset in the API
	Match   string         `json:"match"` // regular expression on the resource's title or address
	Pattern *regexp.Regexp `json:"-"`
}

// Embedded is the catalogue that comes with the program.
func Embedded() (*Catalogue, error) { return Parse(embedded) }

// Parse reads and checks a catalogue.
func Parse(data []byte) (*Catalogue, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	var c Catalogue
	if err := dec.Decode(&c); err != nil {
		return nil, fmt.Errorf("catalogue : %w", err)
	}
	seen := map[string]bool{}
	for i := range c.Datasets {
		d := &c.Datasets[i]
		if err := d.check(); err != nil {
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

func (d *Dataset) check() error {
	if !safeName.MatchString(d.Name) {
		return errors.New("name : attendu des minuscules, chiffres, points, tirets")
	}
	if !safeName.MatchString(d.Format) {
		return fmt.Errorf("format %q : attendu une extension comme csv ou osm.pbf", d.Format)
	}
	if d.Kind == "" || d.Title == "" || d.Licence == "" || d.Source == "" {
		return errors.New("kind, title, source et licence sont obligatoires")
	}
	if _, err := path.Match(d.Unzip, ""); err != nil {
		return fmt.Errorf("unzip %q : attendu un motif comme *.csv", d.Unzip)
	}
	if (d.URL == "") == (d.DataGouv == nil) {
		return errors.New("attendu url ou datagouv, l'un des deux")
	}
	address := d.URL
	if d.DataGouv != nil {
		address = d.DataGouv.API
		var err error
		if d.DataGouv.Pattern, err = regexp.Compile(d.DataGouv.Match); err != nil {
			return fmt.Errorf("datagouv.match : %w", err)
		}
	}
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("adresse %q : attendu une adresse http ou https complète", address)
	}
	return nil
}

// For fills the addresses in for a département. A dataset whose variables have no
// value there is an error that names it.
func (c *Catalogue) For(departement string) ([]Dataset, error) {
	if !regexp.MustCompile(`^(\d{2}|2[AB]|97\d)$`).MatchString(departement) {
		return nil, fmt.Errorf("département %q : attendu un code comme 02, 2A ou 974", departement)
	}
	values := []string{"{departement}", departement}
	for _, zone := range slices.Sorted(maps.Keys(c.Zones)) {
		if v, ok := c.Zones[zone][departement]; ok {
			values = append(values, "{"+zone+"}", v)
		}
	}
	fill := strings.NewReplacer(values...)
	out := slices.Clone(c.Datasets)
	for i := range out {
		d := &out[i]
		d.URL, d.Checksum = fill.Replace(d.URL), fill.Replace(d.Checksum)
		address := d.URL
		if d.DataGouv != nil {
			g := *d.DataGouv
			g.API = fill.Replace(g.API)
			d.DataGouv, address = &g, g.API
		}
		if strings.ContainsAny(address+d.Checksum, "{}") {
			return nil, fmt.Errorf("catalogue : jeu %q : pas d'adresse pour le département %s", d.Name, departement)
		}
	}
	return out, nil
}

// File is the name of the dataset's file.
func (d *Dataset) File() string { return d.Name + "." + d.Format }

// download is the name of the file that the address gives.
func (d *Dataset) download() string {
	if d.Unzip != "" {
		return d.Name + ".zip"
	}
	return d.File()
}
