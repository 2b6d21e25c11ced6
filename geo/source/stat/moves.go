package stat

import (
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// later finds the moves whose present communes have rows, and whose former ones have none: see store.LaterMoves.
func (v *variableReader) later(files []source.File) (string, error) {
	seen := map[string]bool{}
	for _, f := range files {
		t, err := v.open(f)
		if err != nil {
			return "", nil // told when it is read
		}
		at, _ := v.codeColumn(t.Header)
		if m := v.o.Mapping; m != nil && m.Code.Name != "" {
			at = columnOf(t.Header, m.Code.Name)
		}
		if at >= 0 {
			err = t.Each(func(r sheet.Row) error {
				code, _ := source.CommuneCode(source.Clean(r.Fields[at]))
				seen[code] = true
				return v.ctx.Err()
			}, nil)
		}
		t.Close()
		if err != nil {
			return "", err
		}
	}
	var moves []string
	for _, old := range slices.Sorted(maps.Keys(v.o.Moves.To)) {
		if now := v.o.Moves.To[old]; seen[now] && !seen[old] {
			moves = append(moves, old+">"+now)
		}
	}
	return strings.Join(moves, " "), nil
}
