package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/replica"
)

type copyCmd struct {
	From    string `required:"" placeholder:"MAGASIN" help:"Magasin à copier : fichier .gpkg ou adresse postgres://."`
	To      string `required:"" placeholder:"MAGASIN" help:"Magasin à remplir, créé s'il n'existe pas."`
	Replace bool   `help:"Accepte un magasin déjà rempli : ses jeux de données de même nom sont remplacés, ses éditions restent, plus anciennes que celles copiées. Refusé s'il contient un jeu que l'autre n'a pas."`
	JSON    bool   `name:"json" help:"Écrit le résumé en JSON."`
}

// copied is what copy prints.
type copied struct {
	From string `json:"from"`
	To   string `json:"to"`
	replica.Sum
	Seconds  float64  `json:"seconds"`
	Warnings []string `json:"warnings"` // of Sum
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
	sum, err := replica.Copy(ctx, from, to, held, replica.Options{Documents: desk.DocumentKinds(), Layers: layersOf, Progress: m.show})
	if err != nil {
		return nil, err
	}
	return &copied{Sum: *sum, Warnings: sum.Warnings}, nil
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
