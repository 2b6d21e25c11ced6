package admin

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// level is every territoire of one type: in order of code, and by code.
type level struct {
	rows   []Territoire
	byCode map[string]int32 // positions in rows
}

// index resolves every territoire, once: what is served asks for them by code at
// every request.
func (d *Division) index() {
	d.levels = map[Type]level{}
	put := func(tr Territoire) {
		l, ok := d.levels[tr.Type]
		if !ok {
			l.byCode = map[string]int32{}
		}
		l.byCode[tr.Code] = int32(len(l.rows))
		l.rows = append(l.rows, tr)
		d.levels[tr.Type] = l
	}
	add := func(t Type, code, nom string, communes []int32) {
		tr := Territoire{Ref: Ref{t, code}, Nom: nom, Communes: communes, Units: communes, Bounds: geo.EmptyBounds()}
		for _, c := range communes {
			tr.Population += d.Communes[c].Population
			tr.Bounds = tr.Bounds.Union(boundsOf(d.Communes[c].Outline))
		}
		put(tr)
	}
	all, members := make([]int32, len(d.Communes)), map[string][]int32{}
	for i, c := range d.Communes {
		all[i] = int32(i)
		add(TypeCommune, c.Code, c.Nom, all[i:i+1:i+1])
		members[c.EPCI] = append(members[c.EPCI], int32(i))
	}
	outside := map[string]int{}
	for _, n := range d.Neighbours {
		outside[n.EPCI] += n.Population
	}
	for _, e := range d.EPCI {
		add(TypeEPCI, e.Code, e.Nom, members[e.Code])
		rows := d.levels[TypeEPCI].rows
		tr := &rows[len(rows)-1]
		if whole := max(tr.Population+outside[e.Code], e.Population); whole > tr.Population {
			tr.Whole = whole
		}
	}
	d.types = []Type{TypeCommune, TypeEPCI, TypeSecteur}
	drawn := 0
	for _, s := range d.allSets() {
		if !slices.Contains(d.types, s.Type) {
			d.types = append(d.types, s.Type)
		}
		if len(s.Outline) > 0 {
			put(d.drawnRow(s, drawn))
			drawn++
			continue
		}
		m := make([]int32, len(s.Communes))
		for i, c := range s.Communes {
			m[i], _ = d.Commune(c)
		}
		slices.Sort(m)
		add(s.Type, s.Code, s.Nom, m)
	}
	d.types = append(d.types, TypeDepartement)
	code := d.Departement()
	add(TypeDepartement, code, DepartementNom(code), all)
}

func boundsOf(outline orb.MultiPolygon) geo.Bounds {
	b := outline.Bound()
	return geo.Bounds{Min: geo.LonLat{Lon: b.Min[0], Lat: b.Min[1]}, Max: geo.LonLat{Lon: b.Max[0], Lat: b.Max[1]}}
}

// Territoires lists every territoire of a type, in order of code. Communes of no
// EPCI belong to no EPCI row; every commune belongs to the département row. The rows,
// and the positions in them, are those of the division: they are read, not changed.
func (d *Division) Territoires(t Type) []Territoire { return slices.Clip(d.levels[t].rows) }

// Types are the levels of territoires: commune, EPCI, secteur, which may have no row, the
// types of the sets in their order, and last the département.
func (d *Division) Types() []Type { return slices.Clip(d.types) }

// Find resolves a reference.
func (d *Division) Find(r Ref) (Territoire, bool) {
	l := d.levels[r.Type]
	i, ok := l.byCode[r.Code]
	if !ok {
		return Territoire{}, false
	}
	return l.rows[i], true
}
