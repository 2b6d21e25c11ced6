package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/equipements"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

type importCmd struct {
	Kind     string   `arg:"" help:"Nature des données : ${kinds}."`
	Files    []string `arg:"" optional:"" name:"fichier" type:"path" help:"Fichiers à lire ; le format est reconnu d'après le contenu. Pour roads : OpenStreetMap (.osm.pbf, .osm, .osm.gz), ou la BD TOPO de l'IGN (GeoPackage, zip de shapefiles, ou un .shp avec ses fichiers à côté). Pour gtfs : une archive par réseau."`
	Dataset  string   `placeholder:"NOM" help:"Nom du jeu de données ; l'import remplace le précédent du même nom, et rien d'autre. Par défaut, d'après la nature et le contenu : voir maillage dataset list."`
	Source   string   `help:"Producteur, tel qu'il faut le citer."`
	Licence  string   `help:"Licence des données."`
	Vintage  string   `name:"millesime" help:"Date ou année des données."`
	Modelled string   `name:"modelise" placeholder:"PHRASE" help:"Dit en une phrase que les données sont modélisées, et comment."`
	Reject   float64  `name:"max-refus" default:"0.2" help:"Part de lignes refusées au-delà de laquelle rien n'est importé (0 à 1)."`
	CRS      string   `name:"crs" placeholder:"EPSG:2154" help:"Système de coordonnées, quand le fichier ne le dit pas : EPSG:4326, 2154, 3857 ou 3035."`
	Layer    string   `placeholder:"NOM" help:"Couche d'un GeoPackage ou d'un zip, ou feuille d'un classeur."`
	Type     string   `placeholder:"TYPE" help:"Type des territoires d'un fichier de contours qui ne le dit pas (qpv, petr), ou d'une table qui a une ligne par commune : canton lit les colonnes canton et canton_nom."`
	Moves    []string `type:"path" placeholder:"FICHIER" help:"Table des communes fusionnées ou renommées : CSV ancien,nouveau."`
	Table    []string `name:"attributs" type:"path" placeholder:"FICHIER" help:"Table qui complète les contours : CSV code, nom, epci, population."`
	Mapping  string   `name:"correspondance" placeholder:"FICHIER" help:"Dit quelle colonne d'une liste est quel champ d'un lieu, ou comment une table donne les variables de l'IFN : un fichier JSON (pour l'IFN de 2019 : ifn-v1-2019). Les tables publiées par l'INSEE, l'ARCEP et l'Observatoire des territoires sont lues sans."`
	Template bool     `help:"Écrit un modèle commenté sur la sortie standard (${templates}), sans rien importer : un fichier à remplir, ou pour lieux et ifn une correspondance."`
	DryRun   bool     `name:"dry-run" help:"Lit tout et rend compte, sans rien garder ni ouvrir de magasin."`
	Report   string   `type:"path" placeholder:"FICHIER" help:"Écrit le rapport complet (JSON) dans ce fichier."`
	Queue    bool     `help:"Confie l'import aux « maillage worker » de la base, qui doivent pouvoir lire ces fichiers, et rend la main."`
	JSON     bool     `name:"json" help:"Écrit le rapport en JSON sur la sortie standard."`
}

// Help is what is shown below the flags.
func (importCmd) Help() string {
	return `Exemples :
  maillage import communes communes.geojson --source "IGN Admin Express" --millesime 2024   contours et populations
  maillage import territoires cantons.csv                                 territoires faits de communes
  maillage import territoires qpv.geojson --type qpv --millesime 2024     territoires dessinés par leur contour
  maillage import gtfs reseau.zip car.zip                                 horaires des transports, un réseau par archive
  maillage import ifn indicateurs.xlsx --dry-run                          tout lire, sans rien garder`
}

func (c *importCmd) Run(s *session) (err error) {
	kind, err := dataset.Parse(c.Kind)
	if err != nil {
		return usageError{err}
	}
	if !(c.Reject > 0 && c.Reject <= 1) {
		return usagef("--max-refus %g : attendu une part entre 0 et 1", c.Reject)
	}
	if c.Template {
		return writeTemplate(s.stdout, kind)
	}
	if len(c.Files) == 0 {
		return usagef("import %s : aucun fichier", c.Kind)
	}
	if mapped := []store.Kind{store.Lieux.Kind, store.Variables.Kind, store.Equipements.Kind}; c.Mapping != "" && !slices.Contains(mapped, kind.About.Kind) {
		return usagef("--correspondance : pour lieux, ifn et equipements ; %s suit un format publié", c.Kind)
	}
	if c.Queue && c.DryRun {
		return usagef("--dry-run et --queue ensemble : attendu l'un des deux")
	}
	if c.Queue {
		return s.queueImport(c)
	}
	options, err := c.options(s.ctx) // before a store is made for nothing
	if err != nil {
		return err
	}
	m := newMeter(s.stderr)
	var report *source.Report
	if c.DryRun {
		report, err = kind.Check(s.ctx, inputs(c.Files), options, rowsOf(kind, m.show))
	} else {
		st, serr := openStore(s.ctx, s.store(), true)
		if serr != nil {
			return serr
		}
		defer closing(st, &err)
		report, err = load(s.ctx, st, kind, c.Files, options, m.show)
	}
	m.done()
	if report != nil && c.Report != "" {
		if werr := writeReport(c.Report, report); werr != nil && err == nil {
			err = werr
		}
	}
	if err != nil {
		if report != nil {
			listRejections(s.stderr, report)
		}
		return err
	}
	if c.JSON {
		return writeJSON(s.stdout, report)
	}
	printReport(s.stdout, report)
	return nil
}

// load imports files into a store. The report comes back even when the import fails, if
// reading began.
func load(ctx context.Context, st opened, kind dataset.Kind, files []string, o source.Options, show progressFunc) (*source.Report, error) {
	to := store.Importer(st)
	if o.Dataset == "" {
		held, err := st.Manifests(ctx)
		if err != nil {
			return nil, err
		}
		if o.Dataset, err = kind.NameFor(ctx, inputs(files), o, held); err != nil {
			return nil, err
		}
		to = dataset.Guarded(st)
	}
	return kind.Load(ctx, to, inputs(files), o, rowsOf(kind, show))
}

// rowsOf shows how many rows of a kind were read.
func rowsOf(kind dataset.Kind, show progressFunc) dataset.Progress {
	return func(rows int) { show("import "+string(kind.About.Kind), rows, 0) }
}

// progressFunc is told how much of a step is done; of = 0 when that is not known.
type progressFunc = func(step string, n, of int)

// options are what the flags say of the files.
func (c *importCmd) options(ctx context.Context) (o source.Options, err error) {
	o = source.Options{Dataset: c.Dataset, Source: c.Source, Licence: c.Licence, Vintage: c.Vintage, Modelled: c.Modelled,
		MaxRejectShare: c.Reject, Layer: c.Layer, Type: c.Type}
	if c.CRS != "" {
		if o.CRS, err = geo.ParseCRS(c.CRS); err != nil {
			return o, usagef("--crs %q : attendu EPSG:4326, EPSG:2154, EPSG:3857 ou EPSG:3035", c.CRS)
		}
	}
	if len(c.Moves) > 0 {
		if o.Moves, err = outline.ReadMoves(ctx, inputs(c.Moves)); err != nil {
			return o, err
		}
	}
	if len(c.Table) > 0 {
		if o.Attributes, err = outline.CommuneTable(ctx, inputs(c.Table)); err != nil {
			return o, err
		}
	}
	switch {
	case c.Mapping == "":
	case c.kind().About.Kind == store.Lieux.Kind:
		o.Lieux, err = lieux.ReadMapping(ctx, source.FromPath(c.Mapping))
	case c.kind().About.Kind == store.Equipements.Kind:
		o.Lieux, err = lieux.ReadMapping(ctx, source.FromPath(c.Mapping), equipements.CategoryField)
	default:
		if o.Mapping, err = layout.Named(ctx, c.Mapping); o.Mapping == nil && err == nil {
			o.Mapping, err = layout.Read(ctx, source.FromPath(c.Mapping))
		}
	}
	return o, err
}

// kind is that of an import whose kind there is.
func (c *importCmd) kind() dataset.Kind {
	k, _ := dataset.Parse(c.Kind)
	return k
}

func inputs(paths []string) []source.Input {
	in := make([]source.Input, len(paths))
	for i, path := range paths {
		in[i] = source.FromPath(path)
	}
	return in
}

// writeTemplate writes the template of a kind that has one.
func writeTemplate(w io.Writer, kind dataset.Kind) error {
	if kind.Template == "" {
		return usagef("--template : des modèles existent pour %s ; %s suit un format publié", inWords(dataset.WithTemplate(), "et"), kind.Name)
	}
	_, err := io.WriteString(w, kind.Template)
	return err
}

// inWords is a list as it is said: "a, b ou c".
func inWords(list []string, last string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " " + last + " " + list[len(list)-1]
}

func writeReport(path string, r *source.Report) (err error) {
	f, err := createFile(path)
	if err != nil {
		return err
	}
	defer closing(f, &err)
	return writeJSON(f, r)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

const listed = 10 // faults shown on a terminal; the report has them all

func printReport(w io.Writer, r *source.Report) {
	if r.DryRun {
		fmt.Fprintln(w, "essai : rien n'est gardé")
	}
	fmt.Fprintf(w, "%s : %d lignes lues, %d acceptées, %d réunies, %d refusées, %d avertissements (jeu « %s »)\n",
		r.Kind, r.Read, r.Accepted, r.Merged, len(r.Rejected), len(r.Warnings)+r.MoreWarnings, r.Manifest.Dataset)
	for i, name := range slices.Sorted(maps.Keys(r.Sources)) {
		if i == listed {
			fmt.Fprintf(w, "  … et %d autres sources\n", len(r.Sources)-listed)
			break
		}
		fmt.Fprintf(w, "  source « %s » : %d lieux\n", name, r.Sources[name])
	}
	if h := r.Homes; h != nil {
		fmt.Fprintf(w, "  où l'on habite : %d logements estimés d'après %d bâtiments et %d adresses ; %d points de zones d'habitation\n", h.Dwellings, h.Buildings, h.Addresses, h.BuiltUp)
	}
	if r.Timetables != nil {
		printTimetables(w, r.Timetables)
	}
	switch {
	case r.DryRun:
	case r.Kind == store.GTFS.Kind:
		fmt.Fprintln(w, "  ces horaires compteront au prochain « maillage compute » (mode transit)")
	case r.Kind == store.OnDemand.Kind:
		fmt.Fprintln(w, "  ces zones sont gardées ; elles ne comptent pas encore dans les temps d'accès")
	}
	if len(r.Feeds) > 0 {
		fmt.Fprintf(w, "  nourrit l'indice : %s (%s%s)\n", strings.Join(r.Feeds, ", "), cmp.Or(r.Manifest.Source, "producteur non dit"), vintageOf(r.Manifest))
	}
	listRejections(w, r)
	for i, f := range r.Warnings {
		if i == listed {
			fmt.Fprintf(w, "  … et %d autres avertissements (--report FICHIER les donne tous)\n", len(r.Warnings)+r.MoreWarnings-listed)
			break
		}
		fmt.Fprintf(w, "  attention : %s\n", f)
	}
}

// printTimetables says what feeds hold.
func printTimetables(w io.Writer, t *source.Timetables) {
	fmt.Fprintf(w, "  réseaux : %d ; arrêts : %d ; lignes : %d ; courses : %d ; passages : %d\n", t.Feeds, t.Stops, t.Lines, t.Trips, t.Calls)
	for _, more := range []struct {
		what string
		n    int
	}{
		{"fréquences", t.Frequencies}, {"règles de correspondance", t.Transfers}, {"zones sur réservation", t.Zones},
		{"lignes scolaires (route_type 712)", t.SchoolLines}, {"courses scolaires", t.SchoolTrips}, {"passages à la demande (montée ou descente sur appel)", t.OnRequest},
	} {
		if more.n > 0 {
			fmt.Fprintf(w, "  %s : %d\n", more.what, more.n)
		}
	}
	if t.First != "" {
		fmt.Fprintf(w, "  service du %s au %s\n", t.First, t.Last)
	}
}

// vintageOf is the vintage of a dataset, after a comma.
func vintageOf(m store.Manifest) string {
	if m.Vintage == "" {
		return ""
	}
	return ", " + m.Vintage
}

func listRejections(w io.Writer, r *source.Report) {
	for i, f := range r.Rejected {
		if i == listed {
			fmt.Fprintf(w, "  … et %d autres refus (--report FICHIER les donne tous)\n", len(r.Rejected)-listed)
			return
		}
		fmt.Fprintf(w, "  refusé : %s\n", f)
	}
}

// closing closes c at the end of a function, and reports its error when there was
// no other.
func closing(c io.Closer, err *error) {
	if cerr := c.Close(); cerr != nil && *err == nil {
		*err = cerr
	}
}
