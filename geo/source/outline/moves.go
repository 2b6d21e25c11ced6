package outline

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// ReadMoves reads CSV files of moves of the COG: columns ancien and nouveau, one
// row per commune that was merged into another or changed its code. Moves may
// follow each other over the years, in any order. A commune that was divided has no
// single successor, and a circle none at all: both are errors, as is any row that
// is not understood.
func ReadMoves(ctx context.Context, in []source.Input) (*source.Moves, error) {
	m := &source.Moves{To: map[string]string{}}
	at := map[string]source.Address{}
	err := sheet.ReadSmall(ctx, in, "mouvements", nil, []string{"ancien", "nouveau"}, &m.Files, func(r sheet.Row) error {
		old, _ := source.CommuneCode(r.Get("ancien"))
		now, _ := source.CommuneCode(r.Get("nouveau"))
		for _, f := range []struct{ name, code string }{{"ancien", old}, {"nouveau", now}} {
			if why := source.CodeFault(f.code); why != "" {
				return source.Fatal{Rejection: source.NewFault(r.Table.Name, r.Line, f.name, f.code, why)}
			}
		}
		if old == now {
			return nil
		}
		if first, dup := at[old]; dup && m.To[old] != now {
			return source.Fatal{Rejection: source.NewFault(r.Table.Name, r.Line, "ancien", old, fmt.Sprintf("déjà remplacé par %s à %s ; attendu un seul successeur", m.To[old], first))}
		}
		m.To[old], at[old] = now, source.Address{File: r.Table.Name, Row: r.Line}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, old := range slices.Sorted(maps.Keys(m.To)) {
		code, steps := old, 0
		for next, ok := m.To[code]; ok; next, ok = m.To[code] {
			if code, steps = next, steps+1; steps > len(m.To) {
				first := smallestOfCircle(m.To, code)
				return nil, fmt.Errorf("mouvements: %w", source.Fatal{Rejection: source.NewFault(at[first].File, at[first].Row, "ancien", first, "les mouvements tournent en rond ; attendu qu'ils mènent à un code actuel")})
			}
		}
	}
	// The last step of each, once it is known that there is one.
	for old, now := range m.To {
		for next, ok := m.To[now]; ok; next, ok = m.To[now] {
			now = next
		}
		m.To[old] = now
	}
	return m, nil
}

// smallestOfCircle names a circle by its smallest code, whatever the order of maps.
func smallestOfCircle(to map[string]string, start string) string {
	smallest := start
	for code := to[start]; code != start; code = to[code] {
		smallest = min(smallest, code)
	}
	return smallest
}
