package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/sheet"
	"github.com/aisne-numerique/maillage/ifn"
)

type ifnCmd struct {
	Territoire string `placeholder:"TYPE:CODE" help:"Seulement les lignes de ce territoire, comme epci:200072031 ; les rangs restent ceux de tout le niveau."`
	Level      string `help:"Niveau des lignes : commune, epci, secteur, departement, ou un type de territoires importés comme canton ; par défaut epci, ou le territoire lui-même."`
	Method     string `help:"Méthode : percentile, minmax, rank, ratio ou points ; par défaut celle de la structure."`
	Mode       string `default:"car" help:"Mode des temps d'accès, par les rues : ${streets} ; l'indice affiché partout est celui de car."`
	Reference  string `default:"departement" enum:"departement,epci" help:"À quoi la méthode ratio compare une commune : departement, ou epci (le sien)."`
	Weights    string `type:"existingfile" placeholder:"FICHIER" help:"Poids des variables et des sous-indices (JSON)."`
	Structure  string `default:"hdf-2021" placeholder:"NOM|FICHIER" help:"Structure de l'indice : hdf-2021, ifn-v1-2019, senior, jeune, ou un fichier JSON de sous-indices, de variables et de sources."`
	Print      bool   `name:"print-structure" help:"Écrit la structure, à copier et à changer, puis s'arrête."`
	Unknown    bool   `name:"keep-unknown" help:"Laisse inconnu un axe inconnu, là où les totaux publiés de la structure (ifn-v1-2019) le comptent 0."`
	Completude bool   `name:"completude" help:"Dit ce qui manque ou est ancien, pour combien d'habitants, ce que cela change, et où l'obtenir."`
	Format     string `default:"table" enum:"table,json,csv,xlsx" help:"table, json, csv ou xlsx."`
	JSON       bool   `name:"json" help:"Comme --format json."`
	Out        string `short:"o" placeholder:"FICHIER" help:"Écrit dans ce fichier plutôt qu'à l'écran."`
	Edition    string `placeholder:"ID" help:"Édition à lire (début de l'identifiant) ; par défaut la plus récente."`
}

func (c *ifnCmd) Run(s *session) (err error) {
	structure, err := c.structure()
	if err != nil {
		return err
	}
	if c.Print {
		return writeJSON(s.stdout, structure)
	}
	scope, err := scopeOf(c.Territoire, c.Level)
	if err != nil {
		return usageError{err}
	}
	o, err := c.options(scope.Level, structure)
	if err != nil {
		return err
	}
	mode, err := geo.ParseMode(c.Mode)
	if err != nil || !slices.Contains(byStreets(), mode) {
		return usagef("--mode %q : attendu %s", c.Mode, choices(byStreets()))
	}
	e, err := s.edition(c.Edition)
	if err != nil {
		return err
	}
	if err := e.Asked(mode); err != nil {
		return err
	}
	if c.Reference == "epci" {
		if err := e.AgainstEPCI(&o, mode); err != nil {
			return err
		}
	}
	result, err := e.IndexReportBy(scope, structure, o, mode)
	if err != nil {
		return err
	}
	if c.Out == "" {
		return c.write(s.stdout, result, e)
	}
	f, err := createFile(c.Out)
	if err != nil {
		return err
	}
	return errors.Join(c.write(f, result, e), f.Close())
}

func (c *ifnCmd) structure() (*ifn.Structure, error) {
	if slices.Contains(ifn.Builtins(), c.Structure) {
		return ifn.Builtin(c.Structure)
	}
	data, err := os.ReadFile(c.Structure)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("--structure %q : attendu %s, ou un fichier", c.Structure, strings.Join(ifn.Builtins(), ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("structure : %w", err)
	}
	structure, err := ifn.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s : %w", c.Structure, err)
	}
	return structure, nil
}

func (c *ifnCmd) options(level admin.Type, structure *ifn.Structure) (ifn.Options, error) {
	o := edition.IFNOptions(level)
	o.KeepUnknown = c.Unknown
	var err error
	if o.Method, err = ifn.ParseMethod(cmp.Or(c.Method, string(structure.Method()))); err != nil {
		return o, usagef("--method %q : attendu percentile, minmax, rank, ratio ou points", c.Method)
	}
	if c.Reference == "epci" && (o.Method != ifn.Ratio || level != admin.TypeCommune) {
		return o, usagef("--reference epci : attendu avec --method ratio et --level commune")
	}
	if c.Weights == "" {
		return o, nil
	}
	data, err := os.ReadFile(c.Weights)
	if err != nil {
		return o, fmt.Errorf("poids : %w", err)
	}
	if o.Weights, err = ifn.ParseWeights(data); err != nil {
		return o, fmt.Errorf("poids : %s : %w", c.Weights, err)
	}
	return o, nil
}

func (c *ifnCmd) write(w io.Writer, result *ifn.Result, e *edition.Edition) error {
	switch {
	case c.Completude && (c.JSON || c.Format == "json"):
		return writeJSON(w, result.Completeness)
	case c.Completude && c.Format != "table":
		return usagef("--completude : attendu avec --format table ou json")
	case c.Completude:
		return completenessTable(w, result.Completeness)
	}
	about := sheet.About{Edition: e.ID, Modelled: e.ModelledSentences()}
	switch {
	case c.JSON || c.Format == "json":
		return writeJSON(w, result)
	case c.Format == "csv":
		return sheet.CSV(w, result, about)
	case c.Format == "xlsx":
		return sheet.XLSX(w, result, about)
	}
	return ifnTable(w, result, e)
}

// quoted is the most rows that are also said in words: a département of communes would
// be pages of them.
const quoted = 30

// ifnTable writes the rows, most fragile first, then what can be quoted of each, then what is unknown.
func ifnTable(w io.Writer, result *ifn.Result, e *edition.Edition) error {
	t := newTable("rang", "intervalle", "prouvé", "code", "nom", "indice", "aménagement", "publics", "complétude")
	rows := slices.Clone(result.Rows)
	slices.SortStableFunc(rows, func(a, b ifn.Row) int { return cmp.Or(cmp.Compare(b.Of, a.Of), cmp.Compare(a.Rank, b.Rank)) })
	for i := range rows {
		row := &rows[i]
		rank, interval, proven := unknownText, unknownText, unknownText
		if row.Rank > 0 {
			rank = strconv.Itoa(row.Rank)
			interval = fmt.Sprintf("%d à %d", row.RankLow, row.RankHigh)
		}
		if row.RankMin > 0 {
			proven = fmt.Sprintf("%d à %d", row.RankMin, row.RankMax)
		}
		t.add(rank, interval, proven, row.Code, row.Nom, score(row.Score), score(row.Amenagement()), score(row.Publics()), decimal(100*row.Completeness, 0)+" %")
	}
	if err := t.write(w); err != nil {
		return err
	}
	var b strings.Builder
	if len(rows) <= quoted {
		b.WriteString("\nà citer :\n")
		common := result.Common(rows)
		for i := range rows {
			fmt.Fprintf(&b, "  %s\n", rows[i].Beside(&common))
		}
		if said := common.Sentence(); said != "" {
			fmt.Fprintf(&b, "  à tous : %s\n", said)
		}
	}
	fmt.Fprintf(&b, "\nrang 1 = le plus fragile ; intervalle : neuf tirages sur dix des poids des variables et des sous-indices%s ; prouvé : chaque poids de la moitié au double du sien, chaque valeur inconnue du mieux au pire\nméthode %s : %s\nscore donné quand au moins %s %% du poids de chaque sous-indice est connu ; « %s » = inconnu ; édition %s\n",
		drawnToo(rows), result.Method, result.Method.Formula(), decimal(100*result.MinCompleteness, 0), unknownText, e.ID)
	for _, src := range result.Sources {
		for _, leaf := range src.Leaves() {
			switch {
			case !leaf.Fed:
				fmt.Fprintf(&b, "inconnu : %s", leaf.Nom)
				if why := leaf.SparseReason(len(result.Rows)); why != "" {
					fmt.Fprintf(&b, " (%s)", why)
				}
				b.WriteByte('\n')
			case leaf.Proxy != "":
				fmt.Fprintf(&b, "approché : %s (%s)\n", leaf.Nom, sheet.Origin(&leaf))
			default:
				fmt.Fprintf(&b, "connu : %s (%s)\n", leaf.Nom, sheet.Origin(&leaf))
			}
		}
	}
	for _, warning := range result.Warnings {
		fmt.Fprintln(&b, "attention :", warning)
	}
	for _, m := range e.ModelledSentences() {
		fmt.Fprintln(&b, "modélisé :", m)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// drawnToo says that unknown values are drawn, where some are.
func drawnToo(rows []ifn.Row) string {
	if slices.ContainsFunc(rows, func(row ifn.Row) bool { return row.Drawn }) {
		return ", les valeurs inconnues tirées parmi celles qui sont connues"
	}
	return ""
}

// completenessTable writes what is missing, then where to get it.
func completenessTable(w io.Writer, c *ifn.Completeness) error {
	t := newTable("variable", "état", "territoires sans valeur", "habitants", "part de l'indice", "rangs en jeu (moyenne, plus)")
	var b strings.Builder
	for _, lack := range c.Lacks {
		ranks := unknownText
		if lack.Ranks != nil {
			ranks = fmt.Sprintf("%s, %d", decimal(lack.Ranks.Mean, 1), lack.Ranks.Max)
		}
		t.add(lack.Nom, string(lack.State), fmt.Sprintf("%d sur %d", lack.PlacesUnknown, c.Places), strconv.Itoa(lack.PeopleUnknown), decimal(100*lack.IndexShare, 1)+" %", ranks)
		fmt.Fprintf(&b, "\n%s (%s)", lack.Nom, lack.State)
		if lack.Reason != "" {
			fmt.Fprintf(&b, " : %s", lack.Reason)
		}
		b.WriteByte('\n')
		for _, o := range lack.Obtain {
			fmt.Fprintf(&b, "  %s, %s : %s\n", o.File, o.Publisher, o.Command)
		}
	}
	if len(c.Lacks) == 0 {
		b.WriteString("\nrien ne manque : chaque variable est connue partout, récente et mesurée pour elle-même\n")
	}
	fmt.Fprintf(&b, "\ncomplétude moyenne par habitant : %s %% ; rangs en jeu : de combien bouge le rang d'un territoire sans valeur, quand elle seule va du mieux au pire de l'échelle\n", decimal(100*c.KnownShare, 0))
	if err := t.write(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func score(v ifn.Value) string {
	if !v.Known {
		return unknownText
	}
	return decimal(v.V, 1)
}
