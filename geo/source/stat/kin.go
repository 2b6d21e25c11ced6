package stat

import (
	"context"
	"fmt"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Misplaced says which command imports tables that were given to that of another kind: a
// sentence, "" when none of them is of a layout that is known, or all are of that kind.
func Misplaced(ctx context.Context, in []source.Input, kind string) string {
	for _, input := range in {
		head, err := source.Start(input)
		if err != nil || source.Foreign(head) != "" && !source.IsZip(head) && !source.IsGzip(head) {
			continue
		}
		header := headerOf(ctx, input)
		found := layout.Recognise(header)
		if len(found) == 0 {
			continue
		}
		of, title := found[0].Import, found[0].Title
		if of == "" {
			of, title = string(store.Variables.Kind), "une table de statistiques ("+title+")"
		}
		if of != kind {
			return fmt.Sprintf("%s : c'est %s ; importez-le ainsi : maillage import %s FICHIER", input.Name, title, of)
		}
	}
	return ""
}

// headerOf is the header of a table; nil when it cannot be read.
func headerOf(ctx context.Context, in source.Input) (header []string) {
	v := &variableReader{ctx: ctx}
	look := func(files []source.File) string {
		if t, err := v.open(files[0]); err == nil {
			header = t.Header
			t.Close()
		}
		return ""
	}
	if _, err := source.Open(ctx, store.Variables, []source.Input{in}, source.Options{}, look, v.read); err != nil {
		return nil
	}
	return header
}
