package stat

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// separateHeader is the value of Mapping.Header that is not empty.
const separateHeader = "separe"

// ReadMapping reads one mapping. A key that does not exist is an error: it would be
// a wish that nothing fulfils.
func ReadMapping(ctx context.Context, in source.Input) (*source.Mapping, error) {
	fail := func(reason string) (*source.Mapping, error) {
		return nil, fmt.Errorf("correspondance: %s: %s", in.Name, reason)
	}
	f, err := source.Inspect(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("correspondance: %s: %w", in.Name, err)
	}
	if f.Bytes > source.MaxRecord {
		return fail("fichier de plus de 1 Mio ; attendu une correspondance de colonnes (JSON)")
	}
	s, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("correspondance: %w", err)
	}
	defer s.Close()
	data, err := io.ReadAll(io.LimitReader(s, source.MaxRecord))
	if err != nil {
		return fail(source.Readable(err).Error())
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, source.BOM)))
	dec.DisallowUnknownFields()
	m := &source.Mapping{Files: []store.File{f.File}}
	if err := dec.Decode(m); err != nil {
		return fail(jsonReason(err))
	}
	if _, err := dec.Token(); err != io.EOF {
		return fail("du texte suit la fin de l'objet ; attendu un seul objet JSON")
	}
	if reason := fold(m); reason != "" {
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
func BuiltinMapping(ctx context.Context, name string) (*source.Mapping, bool, error) {
	file := "mappings/" + name + ".json"
	if _, err := fs.Stat(builtinMappings, file); err != nil {
		return nil, false, nil // no such name
	}
	m, err := ReadMapping(ctx, source.FromFS(builtinMappings, file))
	return m, true, err
}

// jsonReason puts an error of the JSON library in words.
func jsonReason(err error) string {
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typed):
		return fmt.Sprintf("« %s » n'est pas du type attendu", typed.Field)
	case strings.Contains(err.Error(), "unknown field"):
		return "clé " + strings.TrimPrefix(err.Error(), "json: unknown field ") + " inconnue ; attendu entete, code, poids, lignes et colonnes"
	}
	return "JSON invalide ; attendu un objet avec entete, code, poids, lignes et colonnes"
}

// fold makes the names of columns comparable, and checks what the rest relies on.
func fold(m *source.Mapping) (reason string) {
	if m.Header != "" && m.Header != separateHeader {
		return fmt.Sprintf("« entete » vaut « %s » ; attendu « %s », ou rien", m.Header, separateHeader)
	}
	if len(m.Columns) == 0 {
		return "« colonnes » absent ou vide ; attendu au moins une colonne et sa variable"
	}
	folded, from := map[string]source.Column{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		c := m.Columns[name]
		c.Variable = source.Clean(c.Variable)
		switch {
		case c.Variable == "":
			return fmt.Sprintf("colonne « %s » sans variable ; attendu un nom", name)
		case c.Direction != "" && c.Direction != source.MoreFragile && c.Direction != source.LessFragile:
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
func foldBlanks(name string) string {
	return strings.Join(strings.Fields(source.ColumnName(name)), " ")
}
