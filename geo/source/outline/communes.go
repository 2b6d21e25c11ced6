// Package outline reads what a territory is cut into: communes and EPCI with their
// outlines, secteurs; and the tables that complete communes or tell their moves.
package outline

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Communes reads the outlines of communes: GeoJSON, a GeoPackage, or a zip of
// shapefiles, in any reference system of [geo.CRS], with these attributes, under
// the names of IGN, INSEE or Etalab, in capitals or not:
//
//	code        COG code, a text of five characters
//	nom         name
//	epci        SIREN of the EPCI; empty, absent, "NC" or "NR" when it has none
//	population  municipal population, an integer
//	point       [lon, lat], optional, in GeoJSON: a point inside, for the label
//
// An outline is a Polygon or MultiPolygon, with holes; it is brought to WGS 84 and
// wound as RFC 7946 wants. A point that is absent is computed; one that is not
// inside is computed again, with a warning. Everything else that is wrong rejects
// the commune: a population that is unknown is not zero.
//
// With [source.Options.Moves], communes of an older COG get their current code. Those that
// were merged become one, with all their outlines side by side (their common border
// stays inside), and the sum of their populations; the report counts them as merged,
// with a warning for each. Communes touched by a move come last. What is then
// missing is taken from [source.Options.Attributes].
func Communes(ctx context.Context, in []source.Input, o source.Options) (*source.Import[admin.Commune], error) {
	return source.Open(ctx, store.Communes, in, o, format, func(rec *source.Recorder, files []source.File, emit func(admin.Commune) error) error {
		j := joiner{rec: rec, o: o, emit: emit, targets: o.Moves.Targets(), groups: map[string][]outlined{}}
		if err := eachPlace(rec, files, o, wantedCommunes, readCommune, j.add); err != nil {
			return err
		}
		return j.finish(files[0].Name)
	})
}

// EPCI reads the outlines of EPCI, published like those of communes: code or siren
// (nine digits) and nom. An EPCI that reaches into another département is kept
// whole; its population, where the file says it, is that of the whole.
func EPCI(ctx context.Context, in []source.Input, o source.Options) (*source.Import[admin.EPCI], error) {
	return source.Open(ctx, store.EPCI, in, o, format, func(rec *source.Recorder, files []source.File, emit func(admin.EPCI) error) error {
		table := epciTable{rec: rec, o: o, drawn: map[string]bool{}, rows: map[string]*admin.EPCI{}, at: map[string]source.Address{}}
		layers, tables := parted(files)
		if err := eachPlace(rec, layers, o, wantedEPCI, readEPCI, func(e admin.EPCI) error {
			table.drawn[e.Code] = true
			return emit(e)
		}); err != nil {
			return err
		}
		for _, f := range tables {
			if err := table.read(f); err != nil {
				return err
			}
		}
		return table.finish(files[0].Name, emit)
	})
}

// parted tells layers from tables.
func parted(files []source.File) (layers, tables []source.File) {
	for _, f := range files {
		if isTable(f) {
			tables = append(tables, f)
		} else {
			layers = append(layers, f)
		}
	}
	return layers, tables
}

var (
	wantedCommunes = layer.Wanted{Noun: "commune", Columns: [][]string{source.CommuneCodeNames, source.CommuneNames}, More: [][]string{source.SirenNames, source.PopulationNames}}
	wantedEPCI     = layer.Wanted{Noun: "epci", Columns: [][]string{epciCodeNames, epciNames}}
)

var (
	epciCodeNames = []string{"code", "siren", "code_siren", "siren_epci", "code_epci", "epci"}
	epciNames     = []string{"nom", "nom_epci", "nom_officiel", "libgeo", "libelle"}
)

var sirenCode = regexp.MustCompile(`^\d{9}$`)

const sirenFault = "SIREN non compris ; attendu neuf chiffres, comme 200072031"

// oneSIREN reads what is published for an EPCI: a list when the commune is also in
// a métropole and its territoire, of which the first stands; marks for "none".
func oneSIREN(s string) string {
	s, _, _ = strings.Cut(s, "/")
	switch s = strings.TrimSpace(s); s {
	case "NC", "NR", "NP", "ZZZZZZZZZ":
		return ""
	}
	return s
}

// siren reads the first of the named attributes that is not empty. A SIREN has no
// leading zero to lose, so one written as a number is as good.
func (p place) siren(names []string) (string, *source.Fault) {
	for _, name := range names {
		v := oneSIREN(p.Attrs[name].Text)
		if v != "" && !sirenCode.MatchString(v) {
			return "", &source.Fault{Field: name, Value: v, Reason: sirenFault}
		}
		if v != "" {
			return v, nil
		}
	}
	return "", nil
}

// nom reads the name.
func (p place) nom(names []string) (string, *source.Fault) {
	name, a := p.find(names)
	switch {
	case a.Kind == layer.Absent || a.Text == "":
		return "", nil
	case a.Kind != layer.Textual:
		return "", &source.Fault{Field: name, Value: a.Text, Reason: nomFault}
	}
	return a.Text, nil
}

const nomFault = "nom absent ; attendu un texte"

// outlined is a commune as its outline is published: its name, EPCI and population
// may be elsewhere.
type outlined struct {
	admin.Commune
	counted bool // Population is known
	column  bool // there is an attribute for it
	at      source.Address
}

func readCommune(p place) (_ string, c outlined, bad *source.Fault) {
	name, a := p.find(source.CommuneCodeNames)
	code, padded := source.CommuneCode(a.Text)
	if padded {
		if p.told.padded++; p.told.padded == 1 {
			p.told.first = source.Rejection{Row: p.row, Field: name, Value: a.Text}
		}
	}
	if why := source.CodeFault(code); why != "" {
		return code, c, &source.Fault{Field: name, Value: code, Reason: why}
	}
	c.Code, c.at = code, source.Address{File: p.file, Row: p.row}
	if c.Nom, bad = p.nom(source.CommuneNames); bad != nil {
		return code, c, bad
	}
	if c.EPCI, bad = p.siren(source.SirenNames); bad != nil {
		return code, c, bad
	}
	if bad = p.population(&c); bad != nil {
		return code, c, bad
	}
	if p.Outline == nil {
		if c.Point, bad = p.position(); bad != nil {
			return code, c, bad
		}
		p.told.undrawn++
		return code, c, p.misplaced(c.Commune)
	}
	outline, value, reason := p.Outline()
	if reason != "" {
		return code, c, &source.Fault{Field: "geometry", Value: value, Reason: reason}
	}
	c.Outline = outline
	c.Point = p.point(outline)
	return code, c, p.misplaced(c.Commune)
}

func readEPCI(p place) (code string, e admin.EPCI, bad *source.Fault) {
	if e.Code, bad = p.siren(epciCodeNames); bad != nil {
		return e.Code, e, bad
	}
	if e.Code == "" {
		return e.Code, e, &source.Fault{Field: "code", Value: "", Reason: "SIREN absent ; attendu neuf chiffres dans la propriété code ou siren"}
	}
	if e.Nom, bad = p.nom(epciNames); bad != nil {
		return e.Code, e, bad
	}
	if e.Nom == "" {
		return e.Code, e, &source.Fault{Field: "nom", Value: "", Reason: nomFault}
	}
	outline, value, reason := p.Outline()
	if reason != "" {
		return e.Code, e, &source.Fault{Field: "geometry", Value: value, Reason: reason}
	}
	e.Outline = outline
	if _, a := p.find(source.PopulationNames); a.Kind == layer.Numeric {
		if n, err := strconv.ParseUint(a.Text, 10, 31); err == nil {
			e.Population = int(n)
		}
	}
	return e.Code, e, nil
}

func (p place) population(c *outlined) *source.Fault {
	name, a := p.find(source.PopulationNames)
	if a.Kind == layer.Absent {
		for _, n := range p.sortedNames() {
			if source.IsPMUN(n) && p.Attrs[n].Kind != layer.Absent {
				name, a = n, p.Attrs[n]
			}
		}
	}
	_, c.column = p.Attrs[name]
	if a.Kind == layer.Absent {
		return nil
	}
	n, err := strconv.ParseUint(a.Text, 10, 31)
	if err != nil || a.Kind != layer.Numeric {
		return &source.Fault{Field: name, Value: a.Show(), Reason: "population non comprise ; attendu un nombre entier, positif ou nul"}
	}
	c.Population, c.counted = int(n), true
	return nil
}

// joiner brings communes to the current COG and completes them.
type joiner struct {
	rec     *source.Recorder
	o       source.Options
	emit    func(admin.Commune) error
	targets map[string]bool       // current codes that old communes became part of
	groups  map[string][]outlined // by current code, those that a move touches
	order   []string              // of the groups

	renamed  int
	was, now string // the first that was renamed

	alone  int // without EPCI
	lonely outlined
}

// add takes the next commune, with the code it was published under.
func (j *joiner) add(c outlined) error {
	now, moved := j.o.Moves.Current(c.Code)
	if !moved && !j.targets[c.Code] {
		return j.use(c)
	}
	if j.groups[now] == nil {
		j.order = append(j.order, now)
	}
	j.groups[now] = append(j.groups[now], c)
	return nil
}

// finish joins the groups.
func (j *joiner) finish(file string) error {
	for _, code := range j.order {
		if err := j.use(j.join(code, j.groups[code])); err != nil {
			return err
		}
	}
	if j.renamed > 0 {
		j.rec.Warn(file, 0, "nom", "", fmt.Sprintf("communes dont le nom est celui du tableau des communes, comme « %s » au lieu de « %s » : %d", j.now, j.was, j.renamed))
	}
	if j.alone > 0 {
		j.rec.Warn(j.lonely.at.File, j.lonely.at.Row, "epci", j.lonely.Nom, fmt.Sprintf("communes sans EPCI : %d ; leurs habitants ne compteront dans aucun", j.alone))
	}
	return nil
}

// join makes one commune of those that became it. The one that kept its code leads,
// else the first.
func (j *joiner) join(code string, parts []outlined) outlined {
	lead := max(0, slices.IndexFunc(parts, func(c outlined) bool { return c.Code == code }))
	whole := parts[lead]
	for i, c := range parts {
		if c.Code != code {
			reason := "ancien code de commune ; lu sous le code actuel " + code
			if len(parts) > 1 {
				reason = "ancienne commune ; réunie à " + code
			}
			j.rec.Warn(c.at.File, c.at.Row, "code", c.Code, reason)
		}
		if i == lead {
			continue
		}
		j.rec.Merged++
		whole.Outline = append(slices.Clip(whole.Outline), c.Outline...)
		whole.EPCI = cmp.Or(whole.EPCI, c.EPCI)
		whole.Population += c.Population
		whole.counted = whole.counted && c.counted
	}
	if len(parts) > 1 {
		whole.Point = layer.InnerPoint(whole.Outline)
	}
	whole.Code = code
	return whole
}

// use completes a commune and hands it over.
func (j *joiner) use(c outlined) error {
	if was := complete(j.o.Attributes, &c); was != "" {
		if j.renamed == 0 {
			j.was, j.now = was, c.Nom
		}
		j.renamed++
	}
	reject := func(field, reason string) error {
		j.rec.Reject(c.at.File, c.at.Row, field, "", reason)
		return j.rec.Overflow()
	}
	switch {
	case c.Nom == "":
		return reject("nom", nomFault)
	case !c.counted && j.o.Attributes != nil:
		return reject("population", "population absente, du fichier comme du tableau des communes ; attendu un nombre entier")
	case !c.counted && c.column:
		return reject("population", "population absente ; attendu un nombre entier, 0 seulement si la commune est inhabitée")
	case !c.counted:
		return reject("population", "population absente ; attendu un nombre entier, ou un tableau des communes qui la donne (--attributs)")
	}
	if c.EPCI == "" {
		if j.alone++; j.alone == 1 {
			j.lonely = c
		}
	}
	return j.emit(c.Commune)
}
