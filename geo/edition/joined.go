package edition

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// joined are the variables of communes, and what keeps some of them unknown.
type joined struct {
	table    *ifn.Table
	warnings []Warning
}

// peopleColumn is the column of the people of a place.
const peopleColumn = "population_nb"

// joinCommunes sets the values that were published for communes, and joins those of IRIS
// where there are none.
func (e *Edition) joinCommunes() (*joined, error) {
	places := make([]ifn.Place, len(e.Division.Communes))
	for i, c := range e.Division.Communes {
		places[i] = ifn.Place{Code: c.Code, Nom: c.Nom, Weight: float64(c.Population)}
	}
	table, err := ifn.NewTable(places)
	if err != nil {
		return nil, err
	}
	counts, err := countsBehind()
	if err != nil {
		return nil, err
	}
	table.SetCounts(counts, ifn.Joined{Sum: "effectifs sommés des communes", Mean: "moyenne des communes"})
	if err := e.publish(table, store.LevelCommune); err != nil {
		return nil, err
	}
	j := &joined{table: table}
	return j, e.joinIRIS(j, counts)
}

// publish sets the values that were published at a level. Those of places that the table does
// not have are neighbours': the import reported them.
func (e *Edition) publish(table *ifn.Table, level store.Level) error {
	origins := map[string]ifn.Origin{}
	for _, v := range e.Variables {
		if _, ok := table.Row(v.Code); !ok || v.Level != level {
			continue
		}
		from, ok := origins[v.Name]
		if !ok {
			from = e.origin(level, v.Name)
			origins[v.Name] = from
		}
		if err := table.SetFrom(v.Code, v.Name, v.Value, from); err != nil {
			return err
		}
	}
	return nil
}

// wholeCommune is how a code of IRIS ends that is a whole commune.
const wholeCommune = "0000"

// joinIRIS joins IRIS into their communes by people. A commune of which too little is known,
// or the people of whose IRIS are not known, stays unknown, unless counts are known of all.
func (e *Edition) joinIRIS(j *joined, counts map[string]ifn.Counts) error {
	of := map[string][]string{} // IRIS of each commune
	folk := map[string]float64{}
	for _, v := range e.Variables {
		if v.Level == store.LevelIRIS && here(e.Division, v) {
			c := communeOfIRIS(v.Code)
			if !slices.Contains(of[c], v.Code) {
				of[c] = append(of[c], v.Code)
			}
			if v.Name == peopleColumn {
				folk[v.Code] = v.Value
			}
		}
	}
	if len(of) == 0 {
		return nil
	}
	var places []ifn.Place
	var groups []ifn.Group
	known := map[string]float64{} // of each commune, the share of its people whose IRIS is known; 0: not known
	for _, c := range slices.Sorted(maps.Keys(of)) {
		g := ifn.Group{Code: c}
		sum, all := 0.0, true
		slices.Sort(of[c])
		for _, code := range of[c] {
			n, ok := folk[code]
			if alone := len(of[c]) == 1 && strings.HasSuffix(code, wholeCommune); alone && !ok {
				n, ok = 1, true // it is the commune, whatever its people
				known[c] = 1
			}
			sum, all = sum+n, all && ok
			g.Rows = append(g.Rows, len(places))
			places = append(places, ifn.Place{Code: code, Weight: n})
		}
		i, _ := e.Division.Commune(c)
		if n := float64(e.Division.Communes[i].Population); all && known[c] == 0 {
			known[c] = 1
			if n > 0 {
				known[c] = min(1, sum/n)
			}
		}
		groups = append(groups, g)
	}
	iris, err := ifn.NewTable(places)
	if err != nil {
		return err
	}
	iris.SetCounts(counts, ifn.Joined{Sum: "réunion d'IRIS, effectifs sommés", Mean: "réunion d'IRIS, moyenne par habitant"})
	if err := e.publish(iris, store.LevelIRIS); err != nil {
		return err
	}
	table, err := iris.Aggregate(groups, 0)
	if err != nil {
		return err
	}
	for _, name := range table.Columns() {
		var unpeopled, thin []string
		for g, group := range groups {
			at, _ := j.table.Row(group.Code)
			if j.table.Value(name, at).Known {
				continue // published for the commune itself
			}
			v, share := table.Value(name, g), known[group.Code]
			given := slices.ContainsFunc(group.Rows, func(i int) bool { return iris.Value(name, i).Known })
			counted := table.Counted(name, g) && (share == 0 && len(group.Rows) > 1 || share >= nearlyAll)
			switch {
			case !given || ifn.IsCount(name) && !counted:
				continue
			case counted, share > 0 && v.Known && share*table.Share(name, g) >= ifn.MinShare:
				from, _ := table.Origin(name, g)
				if err := j.table.SetFrom(group.Code, name, v.V, from); err != nil {
					return err
				}
				if !counted {
					j.table.SetShare(name, at, share*table.Share(name, g))
				}
			case share == 0:
				unpeopled = append(unpeopled, group.Code)
			default:
				thin = append(thin, group.Code)
			}
		}
		j.warn(e, name, unpeopled, "la population de leurs IRIS n'est pas connue. Importez-la : maillage import ifn base-ic-evol-struct-pop-AAAA.CSV (INSEE, population par IRIS)")
		j.warn(e, name, thin, "leurs IRIS connus réunissent moins de la moitié de leurs habitants")
	}
	return nil
}

// nearlyAll is the share of a commune's people whose IRIS must be known for sums of counts to
// be those of the commune: legal populations and those of a census are not of one day.
const nearlyAll = 0.9

// warn says which communes stay unknown.
func (j *joined) warn(e *Edition, name string, communes []string, why string) {
	if len(communes) == 0 {
		return
	}
	i, _ := e.Division.Commune(communes[0])
	inhabitants := 0
	for _, code := range communes {
		k, _ := e.Division.Commune(code)
		inhabitants += e.Division.Communes[k].Population
	}
	j.warnings = append(j.warnings, Warning{AboutIRIS, store.Variables.Kind, e.origin(store.LevelIRIS, name).Dataset, "", name, "",
		fmt.Sprintf("inconnu pour %d communes (%s…), %d habitants : %s", len(communes), e.Division.Communes[i].Nom, inhabitants, why)})
}
