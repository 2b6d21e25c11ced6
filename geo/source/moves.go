package source

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Moves says which commune an old commune became part of. Read it with [ReadMoves].
type Moves struct {
	Files []store.File
	to    map[string]string // old code → current code, never itself a key
}

// ReadMoves reads CSV files of moves of the COG: columns ancien and nouveau, one
// row per commune that was merged into another or changed its code. Moves may
// follow each other over the years, in any order. A commune that was divided has no
// single successor, and a circle none at all: both are errors, as is any row that
// is not understood.
func ReadMoves(in []Input) (*Moves, error) {
	m := &Moves{to: map[string]string{}}
	at := map[string]address{}
	err := readSmallTable(in, "mouvements", []string{"ancien", "nouveau"}, &m.Files, func(r row) error {
		old, now := r.get("ancien"), r.get("nouveau")
		for _, f := range []struct{ name, code string }{{"ancien", old}, {"nouveau", now}} {
			if why := codeFault(f.code); why != "" {
				return fatal{newFault(r.t.name, r.line, f.name, f.code, why)}
			}
		}
		if old == now {
			return nil
		}
		if first, dup := at[old]; dup && m.to[old] != now {
			return fatal{newFault(r.t.name, r.line, "ancien", old, fmt.Sprintf("déjà remplacé par %s à %s ; attendu un seul successeur", m.to[old], first))}
		}
		m.to[old], at[old] = now, address{r.t.name, r.line}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, old := range slices.Sorted(maps.Keys(m.to)) {
		code, steps := old, 0
		for next, ok := m.to[code]; ok; next, ok = m.to[code] {
			if code, steps = next, steps+1; steps > len(m.to) {
				first := smallestOfCircle(m.to, code)
				return nil, fmt.Errorf("mouvements: %w", fatal{newFault(at[first].file, at[first].row, "ancien", first, "les mouvements tournent en rond ; attendu qu'ils mènent à un code actuel")})
			}
		}
	}
	// The last step of each, once it is known that there is one.
	for old, now := range m.to {
		for next, ok := m.to[now]; ok; next, ok = m.to[now] {
			now = next
		}
		m.to[old] = now
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

// Current is the code that a commune has now: its own when it did not move.
func (m *Moves) Current(code string) (now string, moved bool) {
	if m == nil {
		return code, false
	}
	if now, moved = m.to[code]; moved {
		return now, true
	}
	return code, false
}

// targets are the codes that old communes became part of.
func (m *Moves) targets() map[string]bool {
	set := map[string]bool{}
	if m != nil {
		for _, now := range m.to {
			set[now] = true
		}
	}
	return set
}

// readSmallTable reads CSV files that must be sound as a whole.
func readSmallTable(in []Input, what string, columns []string, files *[]store.File, use func(row) error) error {
	if len(in) == 0 {
		return fmt.Errorf("%s: aucun fichier", what)
	}
	for _, input := range in {
		f, err := inspect(input)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", what, input.Name, err)
		}
		*files = append(*files, f.File)
		t, err := openTable(f, columns...)
		if err == nil {
			err = t.each(use, func(line int, reason string) error { return failAt(f.Name, line, "%s", reason) })
			t.close()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}
