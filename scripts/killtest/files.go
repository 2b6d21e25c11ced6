package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/aisne-numerique/maillage/fixtures"
)

// made says, for a kind that the demonstration has, which of its files to import,
// and how to make another of it: every from becomes to.
type made struct {
	file     string
	from, to string
}

// demonstration are the kinds whose files come from the demonstration territory;
// the files of the other kinds are made up.
var demonstration = map[string]made{
	"communes": {"communes.geojson", `"population":`, `"population":1`},
	"epci":     {"epci.geojson", `"nom":"`, `"nom":"B `},
	"secteurs": {"secteurs.csv", "\n", "\nB "},
	"tournees": {"tournees.csv", "\n", "\nB"},
	"ifn":      {"ifn.csv", ".", ".1"},
	"roads":    {"roads.osm.gz", `v="80"`, `v="70"`},
}

// kinds lists what can be tried.
func kinds() []string {
	return []string{"communes", "epci", "secteurs", "lieux", "tournees", "ifn", "roads"}
}

// write writes file A or B of a kind.
func write(kind, path, name string, rows int) error {
	m, ok := demonstration[kind]
	if !ok {
		return writeLieux(path, name, rows)
	}
	files, _, err := fixtures.Aisne()
	if err != nil {
		return err
	}
	data, err := fs.ReadFile(files, m.file)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		zr, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return fmt.Errorf("%s: %w", m.file, err)
		}
		if data, err = io.ReadAll(zr); err != nil {
			return fmt.Errorf("%s: %w", m.file, err)
		}
	}
	if name != "A" {
		data = bytes.ReplaceAll(bytes.TrimSpace(data), []byte(m.from), []byte(m.to))
	}
	return os.WriteFile(path, data, 0o644)
}
