package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/sheet"
	"github.com/aisne-numerique/maillage/ifn"
)

type ifnCmd struct {
	Territoire string `placeholder:"TYPE:CODE" help:"Seulement les lignes de ce territoire, comme epci:200072031 ; les rangs restent ceux de tout le niveau."`
	Level      string `help:"Niveau des lignes : commune, epci, secteur, departement, ou un type de territoires importés comme canton ; par défaut epci, ou le territoire lui-même."`
	Method     string `default:"percentile" help:"Méthode : percentile, minmax, rank, ratio ou points."`
	Reference  string `default:"departement" enum:"departement,epci" help:"À quoi la méthode ratio compare une commune : departement, ou epci (le sien)."`
	Weights    string `type:"existingfile" placeholder:"FICHIER" help:"Poids des variables et des sous-indices (JSON)."`
	Structure  string `type:"existingfile" placeholder:"FICHIER" help:"Structure de l'indice (JSON) : sous-indices, variables, sources ; par défaut hdf-2021."`
	Print      bool   `name:"print-structure" help:"Écrit la structure hdf-2021, à copier et à changer, puis s'arrête."`
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
	o, err := c.options(scope.Level)
	if err != nil {
		return err
	}
	e, err := s.edition(c.Edition)
	if err != nil {
		return err
	}
	if c.Reference == "epci" {
		if err := e.AgainstEPCI(&o); err != nil {
			return err
		}
	}
	result, err := e.IndexReport(scope, structure, o)
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
	if c.Structure == "" {
		return ifn.Builtin(ifn.HDF2021)
	}
	data, err := os.ReadFile(c.Structure)
	if err != nil {
		return nil, fmt.Errorf("structure : %w", err)
	}
	structure, err := ifn.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s : %w", c.Structure, err)
	}
	return structure, nil
}

func (c *ifnCmd) options(level admin.Type) (ifn.Options, error) {
	o := edition.IFNOptions(level)
	var err error
	if o.Method, err = ifn.ParseMethod(c.Method); err != nil {
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
	t := newTable("rang", "intervalle", "code", "nom", "indice", "aménagement", "publics", "complétude")
	rows := slices.Clone(result.Rows)
	slices.SortStableFunc(rows, func(a, b ifn.Row) int { return cmp.Or(cmp.Compare(b.Of, a.Of), cmp.Compare(a.Rank, b.Rank)) })
	for i := range rows {
		row := &rows[i]
		rank, interval := unknownText, unknownText
		if row.Rank > 0 {
			rank = strconv.Itoa(row.Rank)
			interval = fmt.Sprintf("%d à %d", row.RankLow, row.RankHigh)
		}
		t.add(rank, interval, row.Code, row.Nom, score(row.Score), score(row.Amenagement()), score(row.Publics()), decimal(100*row.Completeness, 0)+" %")
	}
	if err := t.write(w); err != nil {
		return err
	}
	var b strings.Builder
	if len(rows) <= quoted {
		b.WriteString("\nà citer :\n")
		for i := range rows {
			fmt.Fprintf(&b, "  %s\n", rows[i].Sentence())
		}
	}
	fmt.Fprintf(&b, "\nrang 1 = le plus fragile ; intervalle : 90 %% des tirages au hasard des poids, et le retrait de chaque variable\nméthode %s : %s\nscore donné quand au moins %s %% du poids de chaque sous-indice est connu ; « %s » = inconnu ; édition %s\n",
		result.Method, result.Method.Formula(), decimal(100*result.MinCompleteness, 0), unknownText, e.ID)
	for _, src := range result.Sources {
		switch {
		case !src.Fed:
			fmt.Fprintf(&b, "inconnu : %s\n", src.Nom)
		case src.Proxy != "":
			fmt.Fprintf(&b, "approché : %s par %s (%s %s)\n", src.Nom, src.Proxy, src.Source, src.Vintage)
		}
	}
	for _, m := range e.ModelledSentences() {
		fmt.Fprintln(&b, "modélisé :", m)
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
