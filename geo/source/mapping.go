package source

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Mapping says which column of a published file is which variable. Read it with
// [ReadMapping]. It is a JSON object:
//
//	{
//	  "entete": "separe",
//	  "code": {"colonne": "COM", "zeros": true},
//	  "lignes": {"colonne": "Type Iris", "garder": ["Commune non découpée en IRIS"]},
//	  "colonnes": {
//	    "SCORE GLOBAL region 1": {"variable": "ifn_v1_score", "sens": "hausse", "unite": "indice", "millesime": "2019", "inconnu": ["0"]}
//	  }
//	}
//
// Columns that it does not name are left out. Names of columns are compared
// without regard to capitals and to the number of blanks.
type Mapping struct {
	Files []store.File `json:"-"`

	// Header is "" when the first line of each file names its columns, "separe" when
	// one of the files is that line alone, and the others have none.
	Header  string            `json:"entete"`
	Code    CodeColumn        `json:"code"`
	Rows    *RowFilter        `json:"lignes"`
	Columns map[string]Column `json:"colonnes"`
}

// CodeColumn is where the code of the commune is. An empty Name is any of the
// usual ones. Zeros tells that leading zeros were lost: 2408 is then 02408.
type CodeColumn struct {
	Name  string `json:"colonne"`
	Zeros bool   `json:"zeros"`
}

// RowFilter keeps the rows that have one of these values in a column: the others
// are not whole communes.
type RowFilter struct {
	Column string   `json:"colonne"`
	Keep   []string `json:"garder"`
}

// Column is what one column, or one variable of a long file, means. Unknown lists
// texts that stand for no value in it, besides those of every file.
type Column struct {
	Variable  string    `json:"variable"`
	Direction Direction `json:"sens"`
	Unit      string    `json:"unite"`
	Vintage   string    `json:"millesime"`
	Unknown   []string  `json:"inconnu,omitempty"`
}

// Direction says what a higher value means; empty: it is no indicator by itself.
type Direction string

// The directions.
const (
	MoreFragile Direction = "hausse" // a higher value is more fragile
	LessFragile Direction = "baisse" // a higher value is less fragile
)

// separateHeader is the value of Mapping.Header that is not empty.
const separateHeader = "separe"

// ReadMapping reads one mapping. A key that does not exist is an error: it would be
// a wish that nothing fulfils.
func ReadMapping(in Input) (*Mapping, error) {
	fail := func(reason string) (*Mapping, error) {
		return nil, fmt.Errorf("correspondance: %s: %s", in.Name, reason)
	}
	f, err := inspect(in)
	if err != nil {
		return nil, fmt.Errorf("correspondance: %s: %w", in.Name, err)
	}
	if f.Bytes > maxRecord {
		return fail("fichier de plus de 1 Mio ; attendu une correspondance de colonnes (JSON)")
	}
	s, err := f.open()
	if err != nil {
		return nil, fmt.Errorf("correspondance: %w", err)
	}
	defer s.Close()
	data, err := io.ReadAll(io.LimitReader(s, maxRecord))
	if err != nil {
		return fail(readable(err).Error())
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, bom)))
	dec.DisallowUnknownFields()
	m := &Mapping{Files: []store.File{f.File}}
	if err := dec.Decode(m); err != nil {
		return fail(jsonReason(err))
	}
	if _, err := dec.Token(); err != io.EOF {
		return fail("du texte suit la fin de l'objet ; attendu un seul objet JSON")
	}
	if reason := m.fold(); reason != "" {
		return fail(reason)
	}
	return m, nil
}

// builtinMappings are the mappings of published files whose columns need telling.
//
//go:embed mappings/*.json
var builtinMappings embed.FS

// BuiltinMapping returns a mapping that comes with the program, by name; false when
// there is none of that name.
//
//	ifn-v1-2019  the axes of the index of 2019, against the département: its file
//	             without a header line, and the header line beside it. The 0 of
//	             that file is unknown.
func BuiltinMapping(name string) (*Mapping, bool, error) {
	file := "mappings/" + name + ".json"
	if _, err := fs.Stat(builtinMappings, file); err != nil {
		return nil, false, nil // no such name
	}
	m, err := ReadMapping(FromFS(builtinMappings, file))
	return m, true, err
}

// jsonReason puts an error of the JSON library in words.
func jsonReason(err error) string {
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typed):
		return fmt.Sprintf("« %s » n'est pas du type attendu", typed.Field)
	case strings.Contains(err.Error(), "unknown field"):
		return "clé " + strings.TrimPrefix(err.Error(), "json: unknown field ") + " inconnue ; attendu entete, code, lignes et colonnes"
	}
	return "JSON invalide ; attendu un objet avec entete, code, lignes et colonnes"
}

// fold makes the names of columns comparable, and checks what the rest relies on.
func (m *Mapping) fold() (reason string) {
	if m.Header != "" && m.Header != separateHeader {
		return fmt.Sprintf("« entete » vaut « %s » ; attendu « %s », ou rien", m.Header, separateHeader)
	}
	if len(m.Columns) == 0 {
		return "« colonnes » absent ou vide ; attendu au moins une colonne et sa variable"
	}
	folded, from := map[string]Column{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		c := m.Columns[name]
		c.Variable = clean(c.Variable)
		switch {
		case c.Variable == "":
			return fmt.Sprintf("colonne « %s » sans variable ; attendu un nom", name)
		case c.Direction != "" && c.Direction != MoreFragile && c.Direction != LessFragile:
			return fmt.Sprintf("colonne « %s » : sens « %s » ; attendu hausse ou baisse", name, c.Direction)
		case from[c.Variable] != "":
			return fmt.Sprintf("variable « %s » donnée par deux colonnes", c.Variable)
		}
		if _, twice := folded[foldBlanks(name)]; twice {
			return fmt.Sprintf("colonne « %s » présente deux fois", name)
		}
		folded[foldBlanks(name)], from[c.Variable] = c, name
	}
	m.Columns = folded
	if m.Rows != nil && (m.Rows.Column == "" || len(m.Rows.Keep) == 0) {
		return "« lignes » incomplet ; attendu « colonne » et « garder »"
	}
	return ""
}

// foldBlanks is a column's name without regard to capitals and the number of blanks.
func foldBlanks(name string) string { return strings.Join(strings.Fields(columnName(name)), " ") }
