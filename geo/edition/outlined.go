package edition

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/spread"
	"github.com/aisne-numerique/maillage/geo/store"
)

// farOff is the difference between the people that we count in an outline and those that its
// publisher says, as a share of the latter, from which it is told.
const farOff = 0.1

// piece is people of a part that an outline may hold: all of them, or, where it cuts the cell,
// those of some places.
type piece struct {
	outline, part int32
	cut           bool
}

// outlined is where an outline of the edition comes from.
func (t *territory) outlined() map[admin.Ref]string {
	from := map[admin.Ref]string{}
	for i, s := range t.sets {
		if len(s.Outline) > 0 {
			from[admin.Ref{Type: s.Type, Code: s.Code}] = t.ofSets.dataset(i)
		}
	}
	return from
}

// elsewhere tells the outlines that are left out, once for each type of a dataset.
func (d *door) elsewhere() {
	type group struct {
		dataset string
		typ     admin.Type
	}
	first, count, all := map[group]string{}, map[group]int{}, map[group]int{}
	var order []group
	away := d.away
	for i, s := range d.sets {
		if len(s.Outline) == 0 {
			continue
		}
		g := group{d.ofSets.dataset(i), s.Type}
		all[g]++
		if len(away) == 0 || away[0] != i {
			continue
		}
		away = away[1:]
		if count[g]++; count[g] == 1 {
			first[g], order = s.Code, append(order, g)
		}
	}
	for _, g := range order {
		reason := fmt.Sprintf("contour hors du territoire calculé, laissé de côté, comme %s de ce type et de ce jeu sur %s", french.Count(count[g]), french.Count(all[g]))
		switch {
		case count[g] == all[g] && all[g] > 1:
			reason = fmt.Sprintf("contour hors du territoire calculé, comme les %s de ce type et de ce jeu : aucun n'est compté", french.Count(all[g]))
		case count[g] == 1:
			reason = "contour hors du territoire calculé, laissé de côté"
		}
		d.warnings = append(d.warnings, Warning{AboutOutline, store.Territoires.Kind, g.dataset, admin.Ref{Type: g.typ, Code: first[g]}.String(), "", "", reason})
	}
}

// tellOutlines says what of the people of outlines is to be read with care: those that are far
// from what is published, those whom nobody counts across the border, those who are in two
// outlines of one type.
func (b *builder) tellOutlines(shared map[admin.Type]int32) {
	from := b.rows.outlined()
	warn := func(dataset, id, field, value, reason string) {
		b.e.Warnings = append(b.e.Warnings, Warning{AboutOutline, store.Territoires.Kind, dataset, id, field, value, reason})
	}
	for _, d := range b.e.Division.Drawn() {
		ref := admin.Ref{Type: d.Type, Code: d.Code}
		if d.Beyond {
			warn(from[ref], ref.String(), "", "", "le contour sort du territoire calculé : personne n'est compté au-delà")
		}
		ours := 0
		for _, s := range d.Shares {
			ours += int(s.People)
		}
		if d.Population == 0 || math.Abs(float64(ours-d.Population)) <= farOff*float64(d.Population) {
			continue
		}
		way, year := "de plus", ""
		if ours < d.Population {
			way = "de moins"
		}
		if d.Year != "" {
			year = " en " + d.Year
		}
		reason := fmt.Sprintf("habitants publiés%s ; estimés dans le contour : %s, soit %s %s, dont %s dans des mailles qu'il coupe",
			year, french.Count(ours), french.Share(max(ours-d.Population, d.Population-ours), d.Population), way, french.Count(d.Estimated))
		warn(from[ref], ref.String(), "population", french.Count(d.Population), reason)
	}
	for _, typ := range slices.Sorted(maps.Keys(shared)) {
		datasets := map[string]bool{}
		for ref, name := range from {
			datasets[name] = datasets[name] || ref.Type == typ
		}
		maps.DeleteFunc(datasets, func(_ string, of bool) bool { return !of })
		one := ""
		if len(datasets) == 1 {
			one = slices.Sorted(maps.Keys(datasets))[0]
		}
		warn(one, "", "type", string(typ), french.People(int(shared[typ]))+" vivent dans deux contours de ce type ou plus : comptés dans chacun, ils ne s'ajoutent pas d'un territoire à l'autre")
	}
}

// sharedBy counts, by type, the people who are in two outlines of it or more. pieces are by
// part; parts, those that some outline cuts, ascending, and settled the places of their people.
func (e *Edition) sharedBy(drawn []*admin.Drawn, pieces []piece, parts []int32, settled [][]spread.Inhabitants) map[admin.Type]int32 {
	shared := map[admin.Type]int32{}
	for first := 0; first < len(pieces); {
		part, last := pieces[first].part, first
		for ; last < len(pieces) && pieces[last].part == part; last++ {
		}
		of := pieces[first:last]
		first = last
		if len(of) < 2 {
			continue
		}
		places := []spread.Inhabitants{{People: e.People[part]}}
		if i, cut := slices.BinarySearch(parts, part); cut {
			places = settled[i]
		}
		for _, at := range places {
			in := map[admin.Type]int{}
			for _, p := range of {
				if d := drawn[p.outline]; !p.cut || d.Contains(at.At) {
					in[d.Type]++
				}
			}
			for typ, n := range in {
				if n > 1 {
					shared[typ] += at.People
				}
			}
		}
	}
	return shared
}

// outlineModel says how the people of outlines are known; nothing where there is no outline.
func outlineModel(drawn []*admin.Drawn) []Modelled {
	if len(drawn) == 0 {
		return nil
	}
	return []Modelled{{"population des contours", "Population de " + french.Of(len(drawn), "territoire dessiné par son contour", "territoires dessinés par leur contour") +
		" modélisée : les habitants y sont comptés là où la répartition dans les communes les place, même dans les mailles que le contour coupe"}}
}
