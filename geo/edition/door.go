package edition

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Warning is a flaw of a row that shows only beside the rows of another dataset, or that
// lessens what is computed. Rows are kept; what is not believed of them is unknown.
type Warning struct {
	Subject string     `json:"subject"` // what kind of flaw; see the constants
	Kind    store.Kind `json:"kind"`
	Dataset string     `json:"dataset,omitempty"` // absent: of none in particular
	ID      string     `json:"id,omitempty"`      // of the row
	Field   string     `json:"field,omitempty"`
	Value   string     `json:"value,omitempty"`
	Reason  string     `json:"reason"` // French
}

// The kinds of flaw.
const (
	AboutCode     = "code"          // the code of a commune that the store does not know
	AboutPosition = "position"      // a position that is not in the commune that the row names
	AboutNowhere  = "sans-position" // a lieu that counts in no computation
	AboutBus      = "sans-arret"    // a bus without stops
	AboutEPCI     = "epci"          // a commune that no EPCI holds
	AboutBorder   = "voisins"       // what is not known across the border
	AboutSource   = "source"        // a source that no record has
	AboutIRIS     = "iris"          // IRIS that cannot be joined into their commune
	AboutTransit  = "horaires"      // timetables that count for nobody
	AboutOutline  = "contour"       // outlines that are elsewhere, or whose people are in doubt
)

func (w Warning) String() string {
	var b strings.Builder
	b.WriteString(string(w.Kind))
	if w.Dataset != "" {
		fmt.Fprintf(&b, " « %s »", w.Dataset)
	}
	if w.ID != "" {
		fmt.Fprintf(&b, ", %s", w.ID)
	}
	b.WriteString(" : ")
	if w.Field != "" {
		b.WriteString(w.Field)
		if w.Value != "" {
			fmt.Fprintf(&b, " « %s »", w.Value)
		}
		b.WriteString(" : ")
	}
	return b.String() + w.Reason
}

// How far outside the commune that it names a position is still believed, in metres: from
// its outline, which is generalised, and addresses are often on a border; from its point
// when that is all that is known of it.
const (
	outsideKept  = 1000
	fromItsPoint = 25_000
)

// door compares the rows of a store with its communes, whichever was imported first.
type door struct {
	*territory
	names    byNom
	deps     map[string]bool // départements whose communes the store has
	warnings []Warning
}

func (t *territory) door() *door {
	d := &door{territory: t, names: t.byNom(), deps: map[string]bool{}}
	for i := range t.known.Communes {
		if c := &t.known.Communes[i]; len(c.Outline) > 0 { // neighbours of one point are rarely all of theirs
			d.deps[admin.DepartementOf(c.Code)] = true
		}
	}
	return d
}

// communes says which communes are in no EPCI.
func (d *door) communes() {
	for _, c := range d.division.Communes {
		switch {
		case c.EPCI == "":
			d.warnings = append(d.warnings, Warning{AboutEPCI, store.Communes.Kind, "", c.Code, "epci", "",
				fmt.Sprintf("%s n'a pas d'EPCI : ses %d habitants ne comptent dans aucun", c.Nom, c.Population)})
		case !d.epci[c.EPCI]:
			d.warnings = append(d.warnings, Warning{AboutEPCI, store.Communes.Kind, "", c.Code, "epci", c.EPCI,
				fmt.Sprintf("l'EPCI de %s n'est pas parmi les EPCI importés : ses %d habitants ne comptent dans aucun", c.Nom, c.Population)})
		}
	}
}

// lieux checks codes and positions, and gives the rows as they are believed.
func (d *door) lieux(rows []lieu.Lieu, from origins, tournees []lieu.Tournee) []lieu.Lieu {
	stops := map[string]bool{}
	for _, t := range tournees {
		stops[t.LieuID] = stops[t.LieuID] || len(t.Stops) > 0
	}
	out := slices.Clone(rows)
	for i := range out {
		l := &out[i]
		warn := func(about, field, value, reason string) {
			d.warnings = append(d.warnings, Warning{about, store.Lieux.Kind, from.dataset(i), l.ID, field, value, reason})
		}
		l.Commune = d.code(l.Commune, l.Located, l.At, func(value, reason string) { warn(AboutCode, "code_insee", value, reason) })
		if l.Located {
			if reason, far := d.misplaced(l); reason != "" {
				warn(AboutPosition, "latitude, longitude", fmt.Sprintf("%g, %g", l.At.Lat, l.At.Lon), reason)
				if far {
					l.At, l.Located = geo.LonLat{}, false
				}
			}
		} else {
			warn(AboutNowhere, "latitude, longitude", "", l.Nom+" : position inconnue ; ne compte dans aucun calcul")
		}
		if l.Itinerant && !stops[l.ID] {
			warn(AboutBus, "itinerance", "", l.Nom+" : ses arrêts ne sont pas connus ; importez sa tournée : maillage import tournees FICHIER")
		}
	}
	d.libraries(out)
	return out
}

// code is the commune that a code names now: arrondissements are their town, and a code that
// is no commune's is that of the commune where the row stands, in the département of the code.
func (d *door) code(code string, located bool, at geo.LonLat, warn func(value, reason string)) string {
	code = admin.Town(code)
	if _, known := d.known.Commune(code); code == "" || known || !d.deps[admin.DepartementOf(code)] {
		return code
	}
	const mend = "Une table des communes fusionnées le dirait : maillage import lieux --moves FICHIER"
	if located {
		if in := d.known.At(at); len(in) == 1 {
			if c := &d.known.Communes[in[0]]; admin.DepartementOf(c.Code) == admin.DepartementOf(code) {
				warn(code, fmt.Sprintf("code absent des communes ; pris d'après la position : %s (%s). %s", c.Nom, c.Code, mend))
				return c.Code
			}
		}
	}
	warn(code, "code absent des communes ; gardé tel quel. "+mend)
	return code
}

// named is the commune that a row names, by its code or else by its name and postcode.
func (d *door) named(l *lieu.Lieu) *admin.Commune {
	if i, ok := d.known.Commune(l.Commune); ok {
		return &d.known.Communes[i]
	}
	if l.Commune != "" || l.CommuneNom == "" {
		return nil
	}
	return d.names.find(l.CommuneNom, l.CodePostal)
}

// misplaced compares a position with the commune that a row names. It answers a sentence
// when the position is outside, and whether it is too far to be believed.
func (d *door) misplaced(l *lieu.Lieu) (reason string, far bool) {
	named := d.named(l)
	if named == nil {
		return "", false
	}
	away, kept := named.Distance(l.At), float64(outsideKept)
	if len(named.Outline) == 0 {
		if away, kept = geo.Distance(named.Point, l.At), fromItsPoint; away <= kept {
			return "", false
		}
	}
	if away <= 0 {
		return "", false
	}
	far = away > kept
	name := func(c *admin.Commune) string { return c.Nom + " (" + c.Code + ")" }
	var in []string
	for _, i := range d.known.At(l.At) {
		in = append(in, name(&d.known.Communes[i]))
	}
	where := strings.Join(in, " et ")
	switch {
	case far && where == "":
		reason = fmt.Sprintf("position à %.1f km de la commune %s que nomme la ligne : ", away/1000, cmp.Or(l.Commune, name(named)))
	case far:
		reason = fmt.Sprintf("ce point est dans %s, pas dans %s que nomme la ligne, à %.1f km : position ", where, name(named), away/1000)
	case where == "":
		reason = fmt.Sprintf("position à %.0f m hors de la commune %s que nomme la ligne : ", away, cmp.Or(l.Commune, name(named)))
	default:
		reason = fmt.Sprintf("ce point est dans %s, pas dans %s que nomme la ligne, à %.0f m : position ", where, name(named), away)
	}
	if far {
		return reason + "laissée inconnue ; le lieu est gardé mais ne compte dans aucun calcul", true
	}
	return reason + "gardée, car à moins d'un kilomètre", false
}

// libraries says when no library is known across the border, where some are here: people
// near it may have one that is not counted.
func (d *door) libraries(rows []lieu.Lieu) {
	here, outside, beyond := 0, 0, 0
	for i := range rows {
		l := &rows[i]
		library := slices.Contains(strings.Split(l.Typologie, "|"), "BIB")
		switch _, in := d.division.Commune(l.Commune); {
		case in || l.Located && len(d.division.At(l.At)) > 0:
			if library {
				here++
			}
		case library:
			beyond++
		case l.Located:
			outside++
		}
	}
	if here > 0 && outside > 0 && beyond == 0 {
		d.warnings = append(d.warnings, Warning{AboutBorder, store.Lieux.Kind, "", "", "typologie", "BIB",
			fmt.Sprintf("aucune bibliothèque n'est connue au-delà de la limite, où %d autres lieux le sont : près d'elle, des habitants en ont peut-être une qui n'est pas comptée", outside)})
	}
}

// tournees checks the codes of stops.
func (d *door) tournees(rows []lieu.Tournee, from origins) []lieu.Tournee {
	out := slices.Clone(rows)
	for i := range out {
		t := &out[i]
		t.Stops = slices.Clone(t.Stops)
		for k := range t.Stops {
			s := &t.Stops[k]
			s.Commune = d.code(s.Commune, true, s.At, func(value, reason string) {
				d.warnings = append(d.warnings, Warning{AboutCode, store.Tournees.Kind, from.dataset(i), t.ID, "commune", value, s.Nom + " : " + reason})
			})
		}
	}
	return out
}

// strangers says which rows of communes that the store does not know count nowhere, once for
// each dataset.
func (d *door) strangers(about store.About, datasetOf func(row int) string, n int, communes func(row int) []string) {
	type found struct {
		dataset, first string
		rows           int
	}
	var all []found
	for i := range n {
		for _, code := range communes(i) {
			if _, known := d.known.Commune(code); known || !d.deps[admin.DepartementOf(code)] {
				continue
			}
			dataset := datasetOf(i)
			if len(all) == 0 || all[len(all)-1].dataset != dataset {
				all = append(all, found{dataset: dataset, first: code})
			}
			all[len(all)-1].rows++
		}
	}
	for _, f := range all {
		d.warnings = append(d.warnings, Warning{AboutCode, about.Kind, f.dataset, "", "code", f.first,
			fmt.Sprintf("%d lignes de communes absentes du magasin, laissées de côté. Une table des communes fusionnées le dirait : maillage import %s --moves FICHIER", f.rows, about.Kind)})
	}
}

// rows are what a computation reads of a store, but for population and roads, as they are
// believed.
type rows struct {
	*territory
	lieux     []lieu.Lieu
	from      []string // dataset of each of them
	tournees  []lieu.Tournee
	variables []store.Variable
	feeds     []Feed
	warnings  []Warning

	equipements *candidates
}

// readRows reads and compares them.
func readRows(ctx context.Context, in store.Inputs, held []store.Manifest, departement string) (*rows, error) {
	t, err := readTerritory(ctx, in, held, departement)
	if err != nil {
		return nil, err
	}
	from := originsOf(store.Lieux.Kind, held)
	lieux, err := store.Lieux.All(ctx, in) // one record may be in two datasets: see lieu.Merge
	if err != nil {
		return nil, err
	}
	tournees, ofTournees, err := readOnce(ctx, in, store.Tournees, held)
	if err != nil {
		return nil, err
	}
	published, err := store.Variables.All(ctx, in) // one value may be in datasets of several vintages
	if err != nil {
		return nil, err
	}
	r := &rows{territory: t}
	for i := range lieux {
		r.from = append(r.from, from.dataset(i))
	}
	d := t.door()
	d.communes()
	published, ofPublished := d.present(published, originsOf(store.Variables.Kind, held))
	d.ceased(published, ofPublished)
	var ofVariables []string
	if r.variables, ofVariables, r.feeds, err = newestOf(published, ofPublished, t.division); err != nil {
		return nil, err
	}
	r.tournees = d.tournees(tournees, ofTournees)
	r.lieux = d.lieux(lieux, from, r.tournees)
	d.strangers(store.Variables.About, func(i int) string { return ofVariables[i] }, len(r.variables), func(i int) []string {
		switch v := r.variables[i]; v.Level {
		case store.LevelCommune:
			return []string{v.Code}
		case store.LevelIRIS:
			return []string{communeOfIRIS(v.Code)}
		}
		return nil
	})
	d.strangers(store.Territoires.About, t.ofSets.dataset, len(t.sets), func(i int) []string { return t.sets[i].Communes })
	d.elsewhere()
	if r.equipements, err = d.equipements(ctx, in, originsOf(store.Equipements.Kind, held)); err != nil {
		return nil, err
	}
	r.warnings = d.warnings
	return r, nil
}

// Examine says what [Build] would warn of, without computing: nothing when there are no
// communes.
func Examine(ctx context.Context, in store.Inputs, departement string) ([]Warning, error) {
	held, err := in.Manifests(ctx)
	if err != nil || !slices.ContainsFunc(held, func(m store.Manifest) bool { return m.Kind == store.Communes.Kind }) {
		return nil, err
	}
	r, err := readRows(ctx, in, held, departement)
	if err != nil {
		return nil, err
	}
	return r.warnings, nil
}
