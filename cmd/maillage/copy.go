package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
)

type copyCmd struct {
	From    string `required:"" placeholder:"MAGASIN" help:"Magasin à copier : fichier .gpkg ou adresse postgres://."`
	To      string `required:"" placeholder:"MAGASIN" help:"Magasin à remplir, créé s'il n'existe pas."`
	Replace bool   `help:"Accepte un magasin déjà rempli : ses jeux de données de même nom sont remplacés, ses éditions restent, plus anciennes que celles copiées. Refusé s'il contient un jeu que l'autre n'a pas."`
	JSON    bool   `name:"json" help:"Écrit le résumé en JSON."`
}

// copied is what copy prints.
type copied struct {
	From      string           `json:"from"`
	To        string           `json:"to"`
	Datasets  []store.Manifest `json:"datasets"`
	Editions  []string         `json:"editions"` // oldest first, as copied
	Rows      int              `json:"rows"`
	Documents int              `json:"documents"` // scenarios, tokens, records of editions…
	Bytes     int64            `json:"bytes"`     // of the editions
	Seconds   float64          `json:"seconds"`
	Warnings  []string         `json:"warnings"`
}

func (c *copyCmd) Run(s *session) (err error) {
	if sameStore(c.From, c.To) {
		return usagef("--from et --to désignent le même magasin")
	}
	start := time.Now()
	from, err := openStore(s.ctx, c.From, false)
	if err != nil {
		return err
	}
	defer closing(from, &err)
	to, err := openStore(s.ctx, c.To, true)
	if err != nil {
		return err
	}
	defer closing(to, &err)
	m := newMeter(s.stderr)
	sum, err := c.copy(s.ctx, from, to, m)
	m.done()
	if err != nil {
		return err
	}
	sum.From, sum.To, sum.Seconds = shown(c.From), shown(c.To), float64(time.Since(start).Milliseconds())/1000
	if c.JSON {
		return writeJSON(s.stdout, sum)
	}
	sum.print(s)
	return nil
}

// sameStore reports whether two names are obviously those of one store.
func sameStore(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return a == b || errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func (c *copyCmd) copy(ctx context.Context, from, to opened, m *meter) (*copied, error) {
	held, err := from.Manifests(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.room(ctx, held, to); err != nil {
		return nil, err
	}
	sum := &copied{Datasets: held, Editions: []string{}, Warnings: []string{}}
	if err := copyInputs(ctx, held, from, to, m); err != nil {
		return nil, err
	}
	for _, d := range held {
		sum.Rows += d.Rows
	}
	if err := copyEditions(ctx, from, to, sum, m); err != nil {
		return nil, err
	}
	if sum.Documents, err = copyBeside(ctx, from, to); err != nil {
		return nil, err
	}
	// Each read saw one moment, all of them together did not.
	after, err := from.Manifests(ctx)
	if err == nil && !reflect.DeepEqual(held, after) {
		err = errors.New("le magasin a changé pendant sa copie : recommencez avec --replace")
	}
	return sum, err
}

// room refuses a store whose content would be mixed with the copy.
func (c *copyCmd) room(ctx context.Context, held []store.Manifest, to opened) error {
	there, err := to.Manifests(ctx)
	if err != nil {
		return err
	}
	editions, err := to.Editions(ctx)
	if err != nil {
		return err
	}
	if len(there)+len(editions) > 0 && !c.Replace {
		return fmt.Errorf("%s contient déjà %d jeux de données et %d éditions : choisissez un autre magasin, ou --replace", shown(c.To), len(there), len(editions))
	}
	for _, t := range there {
		if !slices.ContainsFunc(held, func(m store.Manifest) bool { return m.Kind == t.Kind && m.Dataset == t.Dataset }) {
			return fmt.Errorf("%s contient un jeu que %s n'a pas (%s « %s ») : la copie mêlerait les deux ; choisissez un autre magasin", shown(c.To), shown(c.From), t.Kind, t.Dataset)
		}
	}
	return nil
}

// copyInputs copies every dataset.
func copyInputs(ctx context.Context, held []store.Manifest, from, to opened, m *meter) error {
	of := map[store.Kind][]store.Manifest{}
	for _, d := range held { // sorted by dataset, as rows are
		of[d.Kind] = append(of[d.Kind], d)
	}
	for _, about := range store.Kinds() {
		if err := copyRows(ctx, of[about.Kind], from, to, m); err != nil {
			return err
		}
	}
	return nil
}

// copyRows copies the datasets of a kind. A reader gives the rows of all of them, in
// the order of the manifests, which say how many each has.
func copyRows(ctx context.Context, held []store.Manifest, from, to opened, m *meter) error {
	if len(held) == 0 {
		return nil
	}
	next, stop := iter.Pull2(from.Read(ctx, held[0].Kind))
	defer stop()
	for _, d := range held {
		step := fmt.Sprintf("copie %s « %s »", d.Kind, d.Dataset)
		written, err := to.Replace(ctx, d, func(yield func(any, error) bool) {
			for n := range d.Rows {
				if n%512 == 0 {
					m.show(step, n, d.Rows)
				}
				row, err, ok := next()
				if !ok {
					err = fmt.Errorf("%d lignes ; l'import en avait écrit %d", n, d.Rows)
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
		})
		if err == nil && !reflect.DeepEqual(written, d) {
			err = fmt.Errorf("manifeste %+v ; attendu %+v", written, d)
		}
		if err != nil {
			return fmt.Errorf("copie de %s « %s » : %w", d.Kind, d.Dataset, err)
		}
	}
	if _, err, ok := next(); ok {
		return errors.Join(fmt.Errorf("copie de %s : plus de lignes que les imports n'en avaient écrit", held[0].Kind), err)
	}
	return nil
}

// copyBeside copies what people wrote beside the data, and the counts of visits unless
// there are some: added twice they would be wrong. It gives the number of documents.
func copyBeside(ctx context.Context, from, to opened) (int, error) {
	n := 0
	for _, kind := range desk.DocumentKinds() {
		documents, err := from.Documents(ctx, kind)
		if err != nil {
			return n, err
		}
		for _, d := range documents {
			if err := to.PutDocument(ctx, kind, d.ID, d.Data); err != nil {
				return n, err
			}
			n++
		}
	}
	visits, err := from.Visits(ctx)
	if err != nil {
		return n, err
	}
	if there, err := to.Visits(ctx); err != nil || len(there) > 0 {
		return n, err
	}
	return n, to.AddVisits(ctx, visits)
}

// copyEditions copies every edition, oldest first, which keeps their order, and gives
// the last its layers.
func copyEditions(ctx context.Context, from, to opened, sum *copied, m *meter) error {
	list, err := from.Editions(ctx)
	if err != nil {
		return err
	}
	slices.Reverse(list)
	for i, info := range list {
		m.show("copie des éditions", i, len(list))
		data, err := from.Edition(ctx, info.ID)
		if err != nil {
			return err
		}
		var layers []store.Layer
		if i == len(list)-1 {
			if layers, err = layersOf(data); err != nil {
				sum.Warnings = append(sum.Warnings, fmt.Sprintf("édition %s : copiée, sans tables pour un SIG (%v)", info.ID, err))
			}
		}
		if err := to.PutEdition(ctx, info.ID, data, layers); err != nil {
			return err
		}
		sum.Editions = append(sum.Editions, info.ID)
		sum.Bytes += int64(len(data))
	}
	return nil
}

// layersOf makes the layers of an edition again.
func layersOf(data []byte) ([]store.Layer, error) {
	e, err := edition.Decode(data)
	if err != nil {
		return nil, err
	}
	return e.Layers()
}

func (sum *copied) print(s *session) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s copié dans %s\n", sum.From, sum.To)
	for _, d := range sum.Datasets {
		fmt.Fprintf(&b, "  %-10s %9d lignes  « %s »\n", d.Kind, d.Rows, d.Dataset)
	}
	fmt.Fprintf(&b, "  %d éditions, %s Mio\n", len(sum.Editions), decimal(float64(sum.Bytes)/(1<<20), 1))
	for _, w := range sum.Warnings {
		fmt.Fprintf(&b, "  attention : %s\n", w)
	}
	fmt.Fprintf(&b, "  %s s\n", decimal(sum.Seconds, 1))
	_, _ = s.stdout.Write(b.Bytes())
}
