package figures

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// Dated is the record of an edition and when it was made (RFC 3339, UTC; empty: unknown).
type Dated struct {
	*edition.Record
	Created string
}

// Past is what an earlier edition found in a territoire.
type Past struct {
	Created string
	Classes edition.ClassesJSON
	Lieux   int // open to the public
}

// History tells what earlier editions that answered the same question found in a territoire
// of d, in the order of the records, at most n of them. Those that lack a commune of today
// are left out: their figures are of another territoire. Records hold communes, so that there
// is none of an outline.
func History(records []Dated, own edition.QueryJSON, d *admin.Division, t admin.Territoire, n int) []Past {
	var out []Past
	for _, r := range records {
		if len(out) == n || t.Drawn != nil {
			break
		}
		if r.Params != own || r.Rule != edition.ClassRule {
			continue
		}
		byCode := make(map[string]*edition.RecordCommune, len(r.Communes))
		for i := range r.Communes {
			byCode[r.Communes[i].Code] = &r.Communes[i]
		}
		past, whole := Past{Created: r.Created}, true
		for _, i := range t.Communes {
			c := byCode[d.Communes[i].Code]
			if c == nil {
				whole = false
				break
			}
			past.Classes, past.Lieux = past.Classes.Plus(c.Classes), past.Lieux+c.Lieux
		}
		if whole {
			out = append(out, past)
		}
	}
	return out
}

// Followed says what became of the zones blanches of a reference edition.
type Followed struct {
	// ZonePeople lived in the zones blanches of the reference; CoveredPeople of them live
	// where nobody, or fewer, do now, counted cell by cell with the people of the
	// reference.
	ZonePeople    int
	CoveredPeople int
	// NewLieux are the lieux that the reference did not have, in its zones blanches.
	NewLieux []edition.RecordLieu
}

// Share is CoveredPeople of ZonePeople; 1 when the reference has no zone.
func (f *Followed) Share() float64 {
	if f.ZonePeople == 0 {
		return 1
	}
	return float64(f.CoveredPeople) / float64(f.ZonePeople)
}

// Follow compares a later edition with a reference. It is false when they cannot be
// compared: other cells, another question, or classes that mean something else.
func Follow(reference, later *edition.Record) (Followed, bool) {
	if reference.Resolution != later.Resolution || reference.Params != later.Params || reference.Rule != later.Rule {
		return Followed{}, false
	}
	f := Followed{NewLieux: []edition.RecordLieu{}}
	now := make(map[string]int, len(later.Blanches))
	for _, c := range later.Blanches {
		now[c.Cell] = c.People
	}
	zone := make(map[string]bool, len(reference.Blanches))
	for _, c := range reference.Blanches {
		zone[c.Cell] = true
		f.ZonePeople += c.People
		f.CoveredPeople += c.People - min(c.People, now[c.Cell])
	}
	had := make(map[string]bool, len(reference.Lieux))
	for _, l := range reference.Lieux {
		had[l.ID] = true
	}
	for _, l := range later.Lieux {
		if !had[l.ID] && zone[l.Cell] {
			f.NewLieux = append(f.NewLieux, l)
		}
	}
	return f, true
}

// Year is the lieux that appeared in the zones blanches of a reference during a year.
type Year struct {
	Year     string
	NewLieux []edition.RecordLieu // by id
}

// Years puts each new lieu of editions that are followed in the year of the first edition
// that has it; oldest first. followed are those of the records, nil where a record cannot be
// compared with the reference.
func Years(records []Dated, followed []*Followed) []Year {
	first := map[string]string{} // year in which a new lieu was first seen
	lieux := map[string]edition.RecordLieu{}
	out := []Year{}
	for i, f := range followed {
		year, _, dated := strings.Cut(records[i].Created, "-")
		if f == nil || !dated {
			continue
		}
		for _, l := range f.NewLieux {
			if first[l.ID] == "" || year < first[l.ID] {
				first[l.ID], lieux[l.ID] = year, l
			}
		}
		if !slices.ContainsFunc(out, func(y Year) bool { return y.Year == year }) {
			out = append(out, Year{year, []edition.RecordLieu{}})
		}
	}
	slices.SortFunc(out, func(a, b Year) int { return cmp.Compare(a.Year, b.Year) })
	for i := range out {
		y := &out[i]
		for id, year := range first {
			if year == y.Year {
				y.NewLieux = append(y.NewLieux, lieux[id])
			}
		}
		slices.SortFunc(y.NewLieux, func(a, b edition.RecordLieu) int { return cmp.Compare(a.ID, b.ID) })
	}
	return out
}
