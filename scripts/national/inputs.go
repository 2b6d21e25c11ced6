package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aisne-numerique/maillage/fixtures"
)

// inputs makes one database per département, of the size of the Aisne: its territory and
// roads, and its lieux without every n-th, another for each. Their names are prefix and a
// number.
func (n *national) inputs(ctx context.Context) error {
	files, manifest, err := fixtures.Aisne()
	if err != nil {
		return err
	}
	db, err := n.crew.Database(ctx, whole, "")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "national")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, entry := range manifest {
		data, err := fs.ReadFile(files, entry.File)
		if err != nil {
			return err
		}
		if err := n.crew.Import(ctx, db, filepath.Join(dir, entry.File), data, entry); err != nil {
			return err
		}
		if entry.Kind != "lieux" {
			continue
		}
		for i := range n.departements {
			lieux, err := without(data, i, n.departements)
			if err != nil {
				return err
			}
			n.lieux = append(n.lieux, variant{lieux, entry})
		}
	}
	for i := range n.departements {
		db, err := n.crew.Database(ctx, source(i), whole)
		if err != nil {
			return err
		}
		if err := n.crew.Import(ctx, db, filepath.Join(dir, fmt.Sprintf("lieux-%d.csv", i)), n.lieux[i].data, n.lieux[i].Entry); err != nil {
			return err
		}
	}
	return nil
}

// variant is the lieux of one département.
type variant struct {
	data []byte
	fixtures.Entry
}

// whole is the database of the Aisne as it is.
const whole = "aisne"

// source is the database of the inputs of a département; departement is the copy of it
// that is computed in.
func source(i int) string      { return fmt.Sprintf("entree_%02d", i+1) }
func departement(i int) string { return fmt.Sprintf("dep_%02d", i+1) }

// without leaves out the rows of a table whose number, modulo n, is i.
func without(table []byte, i, n int) ([]byte, error) {
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for k, row := range rows {
		if k > 0 && k%n == i {
			continue
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// fresh makes every département's database anew, with its inputs and no edition.
func (n *national) fresh(ctx context.Context) (names string, err error) {
	var all []string
	for i := range n.departements {
		if err := n.crew.Exec(ctx, "postgres", "DROP DATABASE IF EXISTS "+departement(i)+" WITH (FORCE)"); err != nil {
			return "", err
		}
		if _, err := n.crew.Database(ctx, departement(i), source(i)); err != nil {
			return "", err
		}
		all = append(all, departement(i))
	}
	return strings.Join(all, ","), nil
}
