package main

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"

	"github.com/aisne-numerique/maillage/api/web"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
)

type doctorCmd struct {
	JSON bool `name:"json" help:"Écrit les constats en JSON."`
}

// finding is one thing that doctor looked at.
type finding struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Value string `json:"value"`
	Fix   string `json:"fix,omitempty"`
}

// errUnwell makes doctor exit with 1 once its findings are printed.
var errUnwell = errors.New("des points sont à corriger, voir ci-dessus")

func (c *doctorCmd) Run(s *session) (err error) {
	all := c.examine(s)
	healthy := true
	for _, f := range all {
		healthy = healthy && f.OK
	}
	if c.JSON {
		if err := writeJSON(s.stdout, map[string]any{"ok": healthy, "findings": all}); err != nil {
			return err
		}
	} else {
		for _, f := range all {
			mark := "ok     "
			if !f.OK {
				mark = "À VOIR "
			}
			fmt.Fprintf(s.stdout, "%s %-12s %s\n", mark, f.Name, f.Value)
			if f.Fix != "" {
				fmt.Fprintf(s.stdout, "        %-12s → %s\n", "", f.Fix)
			}
		}
	}
	if !healthy {
		return errUnwell
	}
	return nil
}

func (c *doctorCmd) examine(s *session) []finding {
	out := []finding{{"programme", true, fmt.Sprintf("%s, %s %s/%s", edition.Program, runtime.Version(), runtime.GOOS, runtime.GOARCH), ""}}
	if _, built := web.Files(); built {
		out = append(out, finding{"carte", true, "construite et embarquée", ""})
	} else {
		out = append(out, finding{"carte", false, "absente de ce programme", "construisez-la puis le programme : make web build"})
	}
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		fix := ""
		if errors.Is(err, fs.ErrNotExist) {
			fix = "importez d'abord des données (maillage import --help), ou voyez la démonstration : maillage demo"
		}
		return append(out, finding{"magasin", false, explain(err), fix})
	}
	defer st.Close()
	if err := st.Check(s.ctx); err != nil {
		return append(out, finding{"magasin", false, explain(err), "reprenez une sauvegarde, ou réimportez dans un nouveau fichier"})
	}
	out = append(out, finding{"magasin", true, s.store() + " : intègre", ""})
	held, err := st.Manifests(s.ctx)
	if err != nil {
		return append(out, finding{"données", false, explain(err), ""})
	}
	have := map[store.Kind]bool{}
	for _, m := range held {
		have[m.Kind] = true
		out = append(out, finding{"données", true, fmt.Sprintf("%s « %s » : %d lignes, %s %s", m.Kind, m.Dataset, m.Rows, m.Source, m.Vintage), ""})
	}
	for _, k := range []store.Kind{store.Communes, store.EPCI, store.Lieux, store.Roads} {
		if !have[k] {
			out = append(out, finding{"données", false, "aucune donnée : " + kindNames[k], fmt.Sprintf("maillage import %s FICHIER", k)})
		}
	}
	e, info, err := loadEdition(s.ctx, st, "")
	if err != nil {
		return append(out, finding{"édition", false, explain(err), "maillage compute"})
	}
	out = append(out, finding{"édition", true, fmt.Sprintf("%s du %s, %d octets, %d parts", e.ID, info.Created, info.Bytes, e.Counts().Parts), ""})
	if id, err := edition.ID(e.Params, held); err != nil || id != e.ID {
		out = append(out, finding{"édition", false, "les données ou le programme ont changé depuis son calcul", "maillage compute"})
	}
	return out
}
