package main

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"

	"github.com/aisne-numerique/maillage/api/web"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
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
			switch {
			case !f.OK:
				mark = "À VOIR "
			case f.Fix != "":
				mark = "note   "
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
	name := shown(s.store())
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return append(out, finding{"magasin", false, explain(err), openingFix(err, name)})
	}
	defer st.Close()
	if db, ok := st.(*postgis.Store); ok {
		facts, err := db.Facts(s.ctx)
		if err != nil {
			return append(out, finding{"serveur", false, explain(err), ""})
		}
		out = append(out, examineServer(facts)...)
		if !facts.Reads {
			return out
		}
	}
	if err := st.Check(s.ctx); err != nil {
		return append(out, finding{"magasin", false, explain(err), "reprenez une sauvegarde, ou réimportez dans un nouveau magasin"})
	}
	out = append(out, finding{"magasin", true, name + " : intègre", ""})
	held, err := st.Manifests(s.ctx)
	if err != nil {
		return append(out, finding{"données", false, explain(err), ""})
	}
	have := map[store.Kind]bool{}
	for _, m := range held {
		have[m.Kind] = true
		out = append(out, finding{"données", true, fmt.Sprintf("%s « %s » : %s, %s %s", m.Kind, m.Dataset, m.Kind.Of().Number(m.Rows), m.Source, m.Vintage), ""})
	}
	for _, k := range edition.Needed() {
		if !have[k] {
			out = append(out, finding{"données", false, "aucune donnée : " + k.Of().Nom, fmt.Sprintf("maillage import %s FICHIER", k)})
		}
	}
	out = append(out, timetables(s, st, have)...)
	e, info, err := loadEdition(s.ctx, st, "")
	departement := ""
	if err == nil {
		departement = e.Params.Departement
	}
	out = append(out, c.compared(s, st, departement)...)
	if err != nil {
		return append(out, finding{"édition", false, explain(err), "maillage compute"})
	}
	out = append(out, finding{"édition", true, fmt.Sprintf("%s du %s, %d octets, %d parts", e.ID, info.Created, info.Bytes, e.Counts().Parts), ""})
	if id, err := edition.ID(e.Params, held); err != nil || id != e.ID {
		out = append(out, finding{"édition", false, "les données ou le programme ont changé depuis son calcul", "maillage compute"})
	}
	return out
}

// timetables tells when each feed ends.
func timetables(s *session, st opened, have map[store.Kind]bool) (out []finding) {
	if !have[store.GTFS.Kind] {
		return nil
	}
	for f, err := range store.GTFS.Each(s.ctx, st) {
		if err != nil {
			return append(out, finding{"horaires", false, explain(err), ""})
		}
		first, last, ok := f.Span()
		if !ok {
			out = append(out, finding{"horaires", false, fmt.Sprintf("%s : aucun jour de service", f.Name), "importez une version du réseau dont le calendrier n'est pas vide"})
			continue
		}
		out = append(out, finding{"horaires", true, fmt.Sprintf("%s : %d lignes, %d courses, service du %v au %v", f.Name, len(f.Lines), len(f.Trips), first, last), ""})
	}
	return out
}

// aboutFix says, for a kind of warning, what is missing and what mends it; those that only
// lessen what is computed leave a store in order.
var aboutFix = map[string]struct {
	what, fix string
	grave     bool
}{
	edition.AboutCode:     {"codes de communes que le magasin ne connaît pas", "importez de nouveau avec la table des communes fusionnées : --moves FICHIER", false},
	edition.AboutPosition: {"positions hors de la commune que nomme la fiche", "corrigez la position ou la commune dans la source", false},
	edition.AboutNowhere:  {"lieux sans position : ils ne comptent dans aucun calcul", "complétez leurs coordonnées dans la source", false},
	edition.AboutBus:      {"bus dont les arrêts ne sont pas connus", "maillage import tournees FICHIER (modèle : maillage import tournees --template)", false},
	edition.AboutEPCI:     {"communes dont l'EPCI manque : leurs habitants ne comptent dans aucun", "complétez les EPCI : maillage import epci FICHIER", true},
	edition.AboutBorder:   {"ce qui n'est pas connu au-delà de la limite", "importez aussi les lieux des départements voisins", false},
	edition.AboutOutline:  {"contours de territoires hors du territoire calculé", "rien à faire s'ils sont d'un autre département ; sinon vérifiez leurs coordonnées", false},
	edition.AboutSource:   {"sources nommées qui n'ont aucune fiche", "corrigez la table des priorités", false},
}

// compared tells what the inputs say of each other that does not hold.
func (c *doctorCmd) compared(s *session, st opened, departement string) (out []finding) {
	all, err := edition.Examine(s.ctx, st, departement)
	if err != nil {
		return []finding{{"données", false, explain(err), ""}}
	}
	count, first := map[string]int{}, map[string]edition.Warning{}
	var order []string
	for _, w := range all {
		if count[w.Subject]++; count[w.Subject] == 1 {
			first[w.Subject], order = w, append(order, w.Subject)
		}
	}
	for _, subject := range order {
		about := aboutFix[subject]
		out = append(out, finding{subject, !about.grave, fmt.Sprintf("%s : %d, dont %s", about.what, count[subject], first[subject]), about.fix})
	}
	return out
}

// openingFix is the command that mends a store which cannot be opened; name is its own.
func openingFix(err error, name string) string {
	for _, fix := range []struct {
		is      error
		command string
	}{
		{fs.ErrNotExist, "importez d'abord des données (maillage import --help), ou voyez la démonstration : maillage demo"},
		{postgis.ErrNoStore, "maillage migrate --store " + name},
		{postgis.ErrOutdated, "maillage migrate --store postgres://maillage_migrate@serveur/base"},
		{postgis.ErrNoPostGIS, "psql --command 'CREATE EXTENSION postgis' BASE (en superutilisateur)"},
		{postgis.ErrNoDatabase, "createdb BASE && psql --command 'CREATE EXTENSION postgis' BASE (en superutilisateur)"},
		{postgis.ErrForbidden, "psql --file scripts/deploy/roles.sql BASE (en superutilisateur)"},
		{postgis.ErrUnreachable, "pg_isready --dbname " + name},
	} {
		if errors.Is(err, fix.is) {
			return fix.command
		}
	}
	return ""
}

// examineServer tells of a PostgreSQL server, beyond what opening the store checks.
func examineServer(f postgis.Facts) []finding {
	out := []finding{
		{"serveur", true, fmt.Sprintf("PostgreSQL %s, PostGIS %s", f.Server, f.PostGIS), ""},
		{"structure", true, fmt.Sprintf("version %d, celle de ce programme", f.Version), ""},
	}
	rights := finding{"droits", f.Reads, "rôle " + f.Role + " : ", ""}
	switch {
	case !f.Reads:
		rights.Value += "ne peut pas tout lire"
		rights.Fix = "psql --file scripts/deploy/roles.sql BASE (en superutilisateur)"
	case !f.Writes:
		rights.Value += "lecture seule, assez pour servir"
		rights.Fix = "pour importer et calculer : maillage_write, voir scripts/deploy/roles.sql"
	case !f.Migrates:
		rights.Value += "lecture et écriture, sans changer la structure"
		rights.Fix = "après une mise à jour du programme : maillage migrate avec maillage_migrate"
	default:
		rights.Value += "lecture, écriture et structure"
	}
	out = append(out, rights)
	for _, x := range f.Fixes {
		out = append(out, finding{"index", false, x.Index + " manque ou n'est pas valide", x.SQL})
	}
	if len(f.Fixes) == 0 {
		out = append(out, finding{"index", true, "tous présents et valides", ""})
	}
	if f.StatementTimeout == "0" {
		out = append(out, finding{"délai", false, "aucune limite au temps d'une requête", "ôtez statement_timeout=0 de l'adresse, ou : ALTER ROLE " + f.Role + " SET statement_timeout = '5min';"})
	} else {
		out = append(out, finding{"délai", true, "requêtes arrêtées après " + f.StatementTimeout + " (statement_timeout)", ""})
	}
	used := finding{"connexions", true, fmt.Sprintf("%d sur %d (max_connections)", f.Connections, f.MaxConnections), ""}
	if f.Connections*10 > f.MaxConnections*9 {
		used.OK, used.Fix = false, "fermez des programmes, limitez-les par pool_max_conns=4 dans leur adresse, ou : ALTER SYSTEM SET max_connections = 200; puis redémarrez le serveur"
	}
	return append(out, used)
}
