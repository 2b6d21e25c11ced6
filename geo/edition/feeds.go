package edition

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// Feed says which datasets a column of the index comes from at a level: those of the newest
// vintage that has it.
type Feed struct {
	Level    store.Level `json:"level"`
	Name     string      `json:"name"`
	Datasets []string    `json:"datasets"`
}

// column is one column at one level.
type column struct {
	level store.Level
	name  string
}

// newestOf keeps of each column at each level what the newest vintage says of the territory,
// with the dataset of each row. A key that two datasets of that vintage give is an error that
// names both.
func newestOf(all []store.Variable, datasets origins, d *admin.Division) (rows []store.Variable, from []string, feeds []Feed, err error) {
	at := make([]int32, len(all)) // dataset of each row
	given := map[column]map[int32]bool{}
	for i, v := range all {
		k := datasets.of(i)
		at[i] = int32(k)
		if k < 0 || !here(d, v) {
			continue
		}
		c := column{v.Level, v.Name}
		if given[c] == nil {
			given[c] = map[int32]bool{}
		}
		given[c][at[i]] = true
	}
	newest := map[column]period{}
	for c, of := range given {
		for k := range of {
			newest[c] = max(newest[c], periodOf(datasets[k].Vintage))
		}
	}
	first := map[string]int32{}
	for i, v := range all {
		k := at[i]
		if n, known := newest[column{v.Level, v.Name}]; known && k >= 0 && periodOf(datasets[k].Vintage) < n {
			continue
		}
		if len(datasets) > 1 && k >= 0 {
			key := store.Variables.Key(v)
			if other, twice := first[key]; twice && other != k {
				return nil, nil, nil, givenTwice(store.Variables.About, key, datasets[other].Dataset, datasets[k].Dataset)
			}
			first[key] = k
		}
		rows, from = append(rows, v), append(from, datasets.dataset(i))
	}
	for c, of := range given {
		f := Feed{Level: c.level, Name: c.name}
		for k := range datasets { // in their order
			if of[int32(k)] && periodOf(datasets[k].Vintage) == newest[c] {
				f.Datasets = append(f.Datasets, datasets[k].Dataset)
			}
		}
		feeds = append(feeds, f)
	}
	slices.SortFunc(feeds, func(a, b Feed) int { return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Name, b.Name)) })
	return rows, from, feeds, nil
}

// here reports whether a value is of the territory.
func here(d *admin.Division, v store.Variable) bool {
	switch v.Level {
	case store.LevelCommune:
		_, ok := d.Commune(v.Code)
		return ok
	case store.LevelIRIS:
		_, ok := d.Commune(communeOfIRIS(v.Code))
		return ok
	}
	_, ok := d.Find(admin.Ref{Type: admin.Type(v.Level), Code: v.Code})
	return ok
}

// communeOfIRIS is the commune of an IRIS: the first five characters of its code; of an
// arrondissement, its town.
func communeOfIRIS(code string) string { return admin.Town(code[:min(5, len(code))]) }

// period is the time that a vintage names, to compare vintages: year × 13 + month; a year
// alone comes before its months. 0: unknown.
type period int

var (
	months   = regexp.MustCompile(`(?:19|20)[0-9]{2}-(0[1-9]|1[0-2])`)
	quarters = regexp.MustCompile(`T([1-4])`)
)

func periodOf(vintage string) period {
	p := period(ifn.Year(vintage)) * 13
	if m := months.FindAllStringSubmatch(vintage, -1); p > 0 && m != nil {
		month, _ := strconv.Atoi(m[len(m)-1][1]) // two digits
		return p + period(month)
	}
	if q := quarters.FindStringSubmatch(vintage); p > 0 && q != nil {
		return p + period(3*(q[1][0]-'0'))
	}
	return p
}

// origin says where the values of a column at a level come from, in French.
func (e *Edition) origin(level store.Level, name string) ifn.Origin {
	out := ifn.Origin{How: map[store.Level]string{
		store.LevelIRIS: "publié pour les IRIS", store.LevelCommune: "publié pour les communes",
		store.LevelEPCI: "publié pour les EPCI", store.LevelDepartement: "publié pour le département"}[level]}
	var names []string
	if i := slices.IndexFunc(e.Feeds, func(f Feed) bool { return f.Level == level && f.Name == name }); i >= 0 {
		names = e.Feeds[i].Datasets
	}
	for _, m := range e.Inputs {
		if m.Kind == store.Variables.Kind && (slices.Contains(names, m.Dataset) || e.Feeds == nil && e.onlyVariables()) {
			out = out.Plus(ifn.Origin{Dataset: m.Dataset, Source: m.Source, Vintage: m.Vintage, Licence: m.Licence})
		}
	}
	return out
}

// onlyVariables reports whether one dataset has all variables, so that it is known where they
// come from in an edition that did not say.
func (e *Edition) onlyVariables() bool { return len(originsOf(store.Variables.Kind, e.Inputs)) == 1 }

// newest is the year of the newest input.
func (e *Edition) newest() int {
	year := 0
	for _, m := range e.Inputs {
		year = max(year, ifn.Year(m.Vintage))
	}
	return year
}
