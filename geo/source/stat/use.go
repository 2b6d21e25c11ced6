package stat

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// fed are the columns that feed an index that comes with the program, or that it is crossed
// with.
var fed = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{"densite_niveau": true, "ruralite_niveau": true}
	for _, name := range []string{ifn.HDF2021, ifn.V12019} {
		s, err := ifn.Builtin(name)
		if err != nil {
			panic(err) // embedded, and tested
		}
		for _, column := range s.Columns() {
			set[column] = true
		}
	}
	return set
})

// tellUse says which variables of the index the import feeds, and warns when it feeds none.
func (v *variableReader) tellUse(file string) {
	if n := v.levels[store.LevelIRIS]; n > 0 {
		v.rec.Warn(file, 0, "", "", fmt.Sprintf("valeurs gardées par IRIS : %d ; compute en fait celles des communes, d'après la population des mêmes IRIS (population_nb), et les laisse inconnues sans elle", n))
	}
	for _, name := range v.one().also {
		v.rec.Warn(file, 0, "", "", "d'autres colonnes sont d'une présentation connue, laissées de côté ; pour les lire aussi : --correspondance "+name+" --dataset ifn:"+name)
	}
	used := fed()
	for _, name := range slices.Sorted(maps.Keys(v.names)) {
		if used[name] {
			v.rec.Feeds = append(v.rec.Feeds, name)
		}
	}
	if len(v.names) > 0 && len(v.rec.Feeds) == 0 {
		names := slices.Sorted(maps.Keys(v.names))
		const shown = 5
		if len(names) > shown {
			names = append(names[:shown], "…")
		}
		why := " ; une correspondance dit laquelle est quoi (maillage import ifn --template)"
		if s := v.one(); s.layout != "" {
			why = " (" + s.said() + ")"
		}
		v.rec.Warn(file, 0, "", "", "aucune de ces colonnes ne nourrit une variable de l'indice : "+strings.Join(names, ", ")+why)
	}
}
