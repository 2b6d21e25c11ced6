package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/source/fetch"
)

// words are those of the import of a dataset, whose files are at paths.
func (c *fetchCmd) words(w fetch.Wanted, paths []string, millesime string) []string {
	words := append([]string{"import", w.Kind}, paths...)
	if kind, err := dataset.Parse(w.Kind); err == nil && !kind.NamesItself() {
		words = append(words, "--dataset", w.Name)
	}
	words = append(words, "--source", w.Source, "--licence", w.Licence)
	if millesime != "" {
		words = append(words, "--millesime", millesime)
	}
	return append(words, w.Dataset.Import...)
}

// parseImport reads the words of an import as the command line does.
func parseImport(words []string) (*importCmd, error) {
	var c cli
	parser, err := newParser(&c, io.Discard, io.Discard, func(int) {})
	if err != nil {
		return nil, err
	}
	if _, err := parser.Parse(words); err != nil {
		return nil, err
	}
	return &c.Import, nil
}

// importAll runs the imports of what was received, in order; each is all or nothing. It
// stops at the first needed one that fails; an optional one that does is told with the others.
func (c *fetchCmd) importAll(s *session, rows []fetchedJSON) error {
	for i := range rows {
		row := &rows[i]
		if row.Import == "" {
			continue
		}
		var paths []string
		for _, f := range row.Files {
			paths = append(paths, f.Path)
		}
		one, err := parseImport(c.words(row.wanted, paths, row.Millesime))
		if err != nil {
			return err
		}
		to := *s
		var report bytes.Buffer
		if one.JSON = c.JSON; c.JSON {
			to.stdout = &report
		}
		switch err := one.Run(&to); {
		case s.ctx.Err() != nil:
			return s.ctx.Err()
		case err != nil && !row.Optional:
			return err
		case err != nil:
			row.Error, row.Without = fmt.Sprintf("reçu, mais pas importé : %v", explain(err)), row.wanted.Without
			row.refused = true
		case c.JSON:
			row.Imported = json.RawMessage(report.Bytes())
		}
	}
	return nil
}
