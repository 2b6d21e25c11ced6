package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/geo/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

// AboutFile is the file of a folder that says where its results come from.
const AboutFile = "a-propos.json"

// columnsFile tells the columns of every CSV of a folder.
const columnsFile = "colonnes.csv"

// Style is how a CSV is written.
type Style struct {
	DecimalComma bool        // and semicolons between fields, as French spreadsheets read them
	Last         [][2]string // columns of one value, after the others: what the rows say of themselves
}

// CSV writes a table without its geometry, as RFC 4180 but for the semicolon that was
// asked for.
func CSV(w io.Writer, l store.Layer, s Style) error {
	var head []string
	for _, c := range l.Columns {
		head = append(head, c.Name)
	}
	lines := [][]string{head}
	for row := range l.Rows {
		line := make([]string, len(row.Values))
		for i, v := range row.Values {
			line[i] = field(v, s.DecimalComma)
		}
		lines = append(lines, line)
	}
	for _, pair := range s.Last {
		lines[0] = append(lines[0], pair[0])
		for i := range lines[1:] {
			lines[i+1] = append(lines[i+1], sheet.Safe(pair[1]))
		}
	}
	return writeLines(w, lines, s.DecimalComma)
}

func writeLines(w io.Writer, lines [][]string, semicolon bool) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if semicolon {
		out.Comma = ';'
	}
	return out.WriteAll(lines)
}

func field(v any, comma bool) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if comma {
			text = strings.Replace(text, ".", ",", 1)
		}
		return text
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return sheet.Safe(fmt.Sprint(v))
}

// GeoJSON writes a table as one FeatureCollection (RFC 7946), a feature a line,
// positions to seven decimals (1 cm).
func GeoJSON(w io.Writer, l store.Layer, about *About) error {
	out := bufio.NewWriterSize(w, 1<<16)
	head, err := json.Marshal(struct {
		Type string `json:"type"`
		Name string `json:"name"`
		*About
		Title    string `json:"title"`
		Features []int  `json:"features"`
	}{"FeatureCollection", l.Name, about, l.Title, []int{}})
	if err != nil {
		return fmt.Errorf("layer %s: %w", l.Name, err)
	}
	_, _ = out.Write(head[:len(head)-2]) // up to the features; Flush tells of a failed write
	separator := "\n"
	for row := range l.Rows {
		f := geojson.Feature{Type: "Feature", Properties: geojson.Properties{}}
		if row.Geometry != nil {
			f.Geometry = orb.Round(orb.Clone(row.Geometry), 1e7) // Round works in place
		}
		for i, v := range row.Values {
			if v != nil {
				f.Properties[l.Columns[i].Name] = v
			}
		}
		b, err := json.Marshal(&f)
		if err != nil {
			return fmt.Errorf("layer %s: %w", l.Name, err)
		}
		_, _ = out.WriteString(separator)
		_, _ = out.Write(b)
		separator = ",\n"
	}
	_, _ = out.WriteString("\n]}\n")
	return out.Flush()
}

// Progress is told how many tables of how many are written.
type Progress func(n, of int)

// FolderCSV writes every table into a folder, what their columns are, and where all
// comes from.
func (r *Results) FolderCSV(dir string, decimalComma bool, progress Progress) error {
	lines := [][]string{{"fichier", "colonne", "type", "titre", "unite"}}
	for _, l := range r.Layers {
		for _, c := range l.Columns {
			lines = append(lines, []string{l.Name + ".csv", c.Name, c.Type, c.Title, c.Unit})
		}
		lines = append(lines, []string{l.Name + ".csv", "edition", "TEXT", "identifiant de l'édition", ""})
	}
	if err := create(filepath.Join(dir, columnsFile), func(w io.Writer) error { return writeLines(w, lines, decimalComma) }); err != nil {
		return err
	}
	return r.folder(dir, ".csv", progress, func(w io.Writer, l store.Layer) error {
		return CSV(w, l, Style{DecimalComma: decimalComma, Last: [][2]string{{"edition", r.About.Edition}}})
	})
}

// FolderGeoJSON writes every table into a folder, one file each: RFC 7946 has no
// layers.
func (r *Results) FolderGeoJSON(dir string, progress Progress) error {
	return r.folder(dir, ".geojson", progress, func(w io.Writer, l store.Layer) error { return GeoJSON(w, l, &r.About) })
}

func (r *Results) folder(dir, suffix string, progress Progress, write func(io.Writer, store.Layer) error) error {
	about := r.About
	for i, l := range r.Layers {
		progress(i, len(r.Layers))
		rows := 0
		counted := l
		counted.Rows = func(yield func(store.LayerRow) bool) {
			for row := range l.Rows {
				rows++
				if !yield(row) {
					return
				}
			}
		}
		name := l.Name + suffix
		if err := create(filepath.Join(dir, name), func(w io.Writer) error { return write(w, counted) }); err != nil {
			return err
		}
		about.Files = append(about.Files, File{name, l.Title, rows})
	}
	return create(filepath.Join(dir, AboutFile), func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(about)
	})
}

// create writes a file, on the disk when it returns.
func create(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	return f.Sync()
}

// XLSX writes a workbook of the tables of gaps, their columns, and where all comes
// from. Cells and places are too many to be read in one.
func (r *Results) XLSX(w io.Writer) error {
	var tables []sheet.Table
	said := map[string]bool{}
	columns := sheet.Table{Name: "Colonnes", Header: []any{"Colonne", "Titre", "Unité"}}
	for _, level := range r.levels {
		for _, l := range r.Layers {
			if l.Name != layerOf(level) {
				continue
			}
			t := sheet.Table{Name: level.Plural()}
			for _, c := range l.Columns {
				t.Header = append(t.Header, c.Title)
				if !said[c.Name] { // a level may have columns of its own
					said[c.Name] = true
					columns.Rows = append(columns.Rows, []any{c.Name, c.Title, c.Unit})
				}
			}
			for row := range l.Rows {
				t.Rows = append(t.Rows, row.Values)
			}
			tables = append(tables, t)
		}
	}
	return sheet.Tables(w, append(tables, columns), r.About.Sentences())
}
