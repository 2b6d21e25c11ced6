package sheet

import (
	"context"
	"fmt"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// ReadSmall reads tables that must be sound as a whole. Their header is told by the known
// columns; it must have the required ones.
func ReadSmall(ctx context.Context, in []source.Input, what string, known, required []string, files *[]store.File, use func(Row) error) error {
	if len(in) == 0 {
		return fmt.Errorf("%s: aucun fichier", what)
	}
	for _, input := range in {
		f, err := source.Inspect(ctx, input)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", what, input.Name, err)
		}
		*files = append(*files, f.File)
		if f, err = source.Unpack(ctx, f, "", ""); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		t, err := OpenAs(f, known, required, nil)
		if err == nil {
			err = t.Each(use, func(line int, reason string) error { return source.FailAt(f.Name, line, "%s", reason) })
			t.Close()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}
