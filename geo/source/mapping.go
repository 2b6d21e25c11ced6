package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Mapping says which columns of a table give which variables, and how. It is a JSON object,
// read by package layout, which also holds those of published layouts, in the same words:
//
//	titre, producteur, licence, millesime   of the data, when the user says none
//	entete         "separe": one of the files is the header line alone
//	ligne_entete   the line of the header, when it is not found by itself
//	code           {"colonne": "CODGEO", "zeros": true}
//	niveau         iris, commune, epci or departement; else told by the codes
//	niveaux        {"colonne": "GEO_OBJECT", "valeurs": {"COM": "commune"}}: by row
//	periode        the column of years or dates: the newest rows are kept
//	poids          the column of the people of a row
//	lignes         {"colonne": …, "garder": […]}, or several: which rows are kept
//	long           {"nom": …, "valeur": …, "puissance": …, "statut": […]}: a row is a value
//	colonnes       {"COLUMN": {"variable": …}}: one column, as it is
//	variables      [{"variable": …, "calcul": …, "unite": …}]: see [Formula]
//
// Names of columns are compared without regard to capitals and to the number of blanks. In
// them {aa} is a year of two digits, {aaaa} of four and {t} a quarter: the newest of those
// that the table has.
type Mapping struct {
	Files []store.File `json:"-"`

	Title   string `json:"titre"`
	Source  string `json:"producteur"`
	Licence string `json:"licence"`
	Vintage string `json:"millesime"`

	Header     string            `json:"entete"`
	HeaderLine int               `json:"ligne_entete"`
	Code       CodeColumn        `json:"code"`
	Level      store.Level       `json:"niveau"`
	Levels     *LevelColumn      `json:"niveaux"`
	Period     string            `json:"periode"`
	Weight     string            `json:"poids"`
	Rows       RowFilters        `json:"lignes"`
	Long       *LongTable        `json:"long"`
	Columns    map[string]Column `json:"colonnes"`
	Variables  []Column          `json:"variables"`
}

// CodeColumn is where the code of the commune is. An empty Name is any of the
// usual ones. Zeros tells that leading zeros were lost, more of them than the one that
// programs drop: 408 is then 00408.
type CodeColumn struct {
	Name  string `json:"colonne"`
	Zeros bool   `json:"zeros"`
}

// LevelColumn is where the level of a row is. Rows of other values are left out.
type LevelColumn struct {
	Column string                 `json:"colonne"`
	Levels map[string]store.Level `json:"valeurs"`
}

// LongTable is a table whose rows are values: Name is the column of their names, which may be
// missing when others tell them apart, Value that of the numbers, Power that of the power of
// ten to multiply by, Status those that say why there is none.
type LongTable struct {
	Name   string   `json:"nom"`
	Value  string   `json:"valeur"`
	Power  string   `json:"puissance"`
	Status []string `json:"statut"`

	// Total is what the other columns say of rows about everybody; only those are read. What
	// is in Others is no such column.
	Total  string   `json:"total"`
	Others []string `json:"autres"`
}

// RowFilter keeps the rows that have one of these values in a column. Optional: the column
// may be missing, and then all rows are kept.
type RowFilter struct {
	Column   string   `json:"colonne"`
	Keep     []string `json:"garder"`
	Optional bool     `json:"facultatif"`
}

// RowFilters is one filter, or a list of them.
type RowFilters []RowFilter

// UnmarshalJSON reads either.
func (f *RowFilters) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		var list []RowFilter
		err := strict(data, &list)
		*f = list
		return err
	}
	var one RowFilter
	err := strict(data, &one)
	*f = RowFilters{one}
	return err
}

// Column is a variable, and how a table gives it. Unknown lists texts that stand for no
// value, besides those of every file. Without a formula it is the column that it is written
// under.
type Column struct {
	Variable  string    `json:"variable"`
	Direction Direction `json:"sens"`
	Unit      string    `json:"unite"`
	Vintage   string    `json:"millesime"`
	Unknown   []string  `json:"inconnu,omitempty"`
	Formula   *Formula  `json:"calcul,omitempty"`
}

// Direction says what a higher value means; empty: it is no indicator by itself.
type Direction string

// The directions.
const (
	MoreFragile Direction = "hausse" // a higher value is more fragile
	LessFragile Direction = "baisse" // a higher value is less fragile
)

// Formula is how a value is computed: a text is a column, a number a constant, an object one
// of
//
//	{"colonne": "X"}                         a column; of a long table, the value of that name
//	{"colonne": "X", "ou": {"AGE": "Y15"}}   of the rows of a long table with these values
//	{"colonne": "X", "valeurs": {"A": 1}}    a text, and the number that it stands for
//	{"variable": "x_nb"}                     a variable given above
//	{"constante": 3}
//	{"ratio": [a, b]}                        a divided by b
//	{"somme": [a, b, …]}, {"difference": [a, b, …]}
//	{"premier": [a, b, …]}                   the first whose columns the table has
//
// with, in any of them, "facteur": the result is multiplied by it. A term that is unknown
// makes the value unknown; so does a ratio to zero.
type Formula struct {
	Column     string             `json:"colonne,omitempty"`
	Where      map[string]string  `json:"ou,omitempty"`
	Values     map[string]float64 `json:"valeurs,omitempty"`
	Variable   string             `json:"variable,omitempty"`
	Constant   *float64           `json:"constante,omitempty"`
	Ratio      []Formula          `json:"ratio,omitempty"`
	Sum        []Formula          `json:"somme,omitempty"`
	Difference []Formula          `json:"difference,omitempty"`
	First      []Formula          `json:"premier,omitempty"`
	Factor     *float64           `json:"facteur,omitempty"`
}

// UnmarshalJSON reads a column, a constant or an object.
func (f *Formula) UnmarshalJSON(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("empty formula")
	}
	switch {
	case data[0] == '"':
		return json.Unmarshal(data, &f.Column)
	case data[0] == '{':
		type plain Formula // without this method
		return strict(data, (*plain)(f))
	}
	f.Constant = new(float64)
	return json.Unmarshal(data, f.Constant)
}

// All are the variables that a mapping gives: those of single columns, by name, then the others.
func (m *Mapping) All() []Column {
	var all []Column
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		c := m.Columns[name]
		c.Formula = &Formula{Column: name}
		all = append(all, c)
	}
	return append(all, m.Variables...)
}

// Walk calls use with f and all that it is made of.
func (f *Formula) Walk(use func(*Formula)) {
	use(f)
	for _, list := range [][]Formula{f.Ratio, f.Sum, f.Difference, f.First} {
		for i := range list {
			list[i].Walk(use)
		}
	}
}

// strict decodes JSON in which a key that does not exist is an error: it would be a wish that
// nothing fulfils.
func strict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}
