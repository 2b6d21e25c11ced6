package fetch

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Wanted is a dataset, as a département wants it.
type Wanted struct {
	Dataset
	Targets []Target // none: the dataset does not exist there
}

// Target is one file to get, from the first of its addresses that gives it.
type Target struct {
	Name      string // of the file, without its extension
	Addresses []Address
}

var departements = regexp.MustCompile(`^(\d{2}|2[AB]|97\d)$`)

// For fills the addresses in for a département. A needed dataset that has no address
// there is an error that names it.
func (c *Catalogue) For(departement string) ([]Wanted, error) {
	if !departements.MatchString(departement) {
		return nil, fmt.Errorf("département %q : attendu un code comme 02, 2A ou 974", departement)
	}
	all := make([]Wanted, 0, len(c.Datasets))
	for _, d := range c.Datasets {
		w := Wanted{Dataset: d}
		parts := Values{""}
		if d.Each != "" {
			parts = c.Zones[d.Each][departement]
		}
		for _, part := range parts {
			t, err := c.target(d, departement, part)
			if err != nil {
				return nil, err
			}
			if len(t.Addresses) > 0 {
				w.Targets = append(w.Targets, t)
			}
		}
		if len(w.Targets) == 0 && !d.Optional && d.Manual == "" {
			return nil, fmt.Errorf("catalogue : jeu %q : pas d'adresse pour le département %s", d.Name, departement)
		}
		all = append(all, w)
	}
	return all, nil
}

// target is one file of a dataset: that of a part, or its only one.
func (c *Catalogue) target(d Dataset, departement, part string) (Target, error) {
	t := Target{Name: d.Name}
	if part != "" {
		t.Name += "-" + part
	}
	if !safeName.MatchString(t.Name) {
		return t, fmt.Errorf("catalogue : zone %q : %q : attendu des minuscules, chiffres, points, tirets", d.Each, part)
	}
	fill := c.filler(d.Each, departement, part)
	for _, a := range d.Addresses {
		a.URL, a.Checksum, a.Unzip = fill.Replace(a.URL), fill.Replace(a.Checksum), fill.Replace(a.Unzip)
		if a.DataGouv != nil {
			g := *a.DataGouv
			g.API = fill.Replace(g.API)
			a.DataGouv = &g
		}
		if !strings.ContainsAny(a.At()+a.Checksum+a.Unzip, "{}") {
			t.Addresses = append(t.Addresses, a)
		}
	}
	return t, nil
}

// filler puts values in the place of variables. A zone may be of départements or of the
// values of another.
func (c *Catalogue) filler(each, departement, part string) *strings.Replacer {
	values := []string{"{departement}", departement}
	for _, zone := range slices.Sorted(maps.Keys(c.Zones)) {
		of := c.Zones[zone]
		switch {
		case zone == each:
			values = append(values, "{"+zone+"}", part)
		case part != "" && len(of[part]) > 0:
			values = append(values, "{"+zone+"}", of[part][0])
		case len(of[departement]) > 0:
			values = append(values, "{"+zone+"}", of[departement][0])
		}
	}
	return strings.NewReplacer(values...)
}

// file is the name of the file that an address gives in the end.
func (t Target) file(a Address) string { return t.Name + "." + a.Format }

// download is the name of what the address itself gives.
func (t Target) download(a Address) string {
	if a.Unzip != "" {
		return t.Name + ".archive"
	}
	return t.file(a)
}
