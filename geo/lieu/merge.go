package lieu

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
)

// What makes two records one lieu; see [Merge].
const (
	MergeDistance  = 150.0 // metres: records further apart are never one lieu
	MergeThreshold = 0.70  // of the score
	minName        = 0.70  // of the likeness of names, whatever the rest
	sameSpot       = 25.0  // metres up to which the distance counts in full: the spread of geocoders
)

// MergeRecord is one record that joined another.
type MergeRecord struct {
	Kept      string  `json:"kept"`
	Absorbed  string  `json:"absorbed"`
	Score     float64 `json:"score"` // 0 to 1, from MergeThreshold
	DistanceM float64 `json:"distance_m"`
	Why       string  `json:"why"` // French: what the score is made of
}

// Merge finds the records that describe one lieu and makes one of them, across
// sources and within one. The result depends on the records only, not on their
// order: both lists are sorted by id. The records given are left as they are.
//
// Two records are compared when both have a position, at most MergeDistance
// apart; their communes are the same or one is unknown; they are of one kind
// (France Services, library, mairie, or none of these); and either both or none
// receive the public, both or none are itinerant, and, of one source, both are reserved to
// the same residents. A library never joins a France
// Services, in one building or not.
//
// Their score is the weighted mean of three likenesses, each from 0 to 1:
//
//	                 name   address   distance
//	a known kind     0.65    0.15      0.20
//	no known kind    0.40    0.40      0.20
//
// A commune rarely has two libraries 100 m apart, so that there the name decides;
// "Département de l'Aisne" has many offices in one street, and there the address
// must agree. Names are compared by the words that tell one lieu from another:
// folded, without generic words ("France services", "médiathèque", "antenne"…)
// and those of the commune's name; words count as the same from a Jaro-Winkler
// similarity of 0.9, sets of words by Dice's coefficient. An address that is not
// given counts for ½. The distance counts in full up to 25 m, then less, down to
// nothing at MergeDistance.
//
// Two records are one lieu from a score of MergeThreshold, with names alike by
// 0.70 at least. Groups grow from the best pair down, and a record joins a group
// only when it is one lieu with every member: likeness does not travel along
// chains.
//
// The record that is kept, with its id, name and position, is the most recent;
// between equals, the one with known hours, then with most services, then with
// the first id. It is given:
//   - the services of all
//   - the hours of the most recent record that knows them. When others of the
//     same source and the same day know theirs, they are all in force at once, as
//     the rows that France Services gives to one antenna for its different days:
//     the hours are then the union
//   - the dispositifs of all, and from the others, the most recent first, whatever
//     it lacks
//   - the ids of the others, in Merged
func Merge(lieux []Lieu) (kept []Lieu, merges []MergeRecord) { return MergeBy(lieux, nil) }

// MergeBy is [Merge] where some records are worth more than others of one lieu: the record that
// is kept is the most recent of the highest rank, those of its rank are brought together as
// Merge does, and those of lower ranks only fill what it then lacks: services when it names
// none, hours when it knows none, reception when it does not say. A nil rank is that of equals.
func MergeBy(lieux []Lieu, rank func(*Lieu) int) (kept []Lieu, merges []MergeRecord) {
	all := canonical(lieux)
	m := newMatcher(all)
	if rank != nil {
		for i := range all {
			m.ranks[i] = rank(&all[i])
		}
	}
	m.link(m.near())
	return m.result()
}

// canonical is a sorted copy: by id, then by whatever tells records apart.
func canonical(lieux []Lieu) []Lieu {
	all := slices.Clone(lieux)
	slices.SortFunc(all, func(a, b Lieu) int {
		if c := cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Nom, b.Nom), cmp.Compare(a.Adresse, b.Adresse),
			cmp.Compare(a.At.Lon, b.At.Lon), cmp.Compare(a.At.Lat, b.At.Lat), a.MisAJour.Compare(b.MisAJour),
			cmp.Compare(a.Horaires.Text, b.Horaires.Text), cmp.Compare(a.Services, b.Services), cmp.Compare(a.Commune, b.Commune),
			cmp.Compare(a.CommuneNom, b.CommuneNom), cmp.Compare(a.CodePostal, b.CodePostal), cmp.Compare(a.Typologie, b.Typologie),
			cmp.Compare(a.Dispositif, b.Dispositif), cmp.Compare(a.SiteWeb, b.SiteWeb), cmp.Compare(a.Frais, b.Frais),
			compareBool(a.Located, b.Located), compareBool(a.Itinerant, b.Itinerant), compareBool(a.NoPublic, b.NoPublic), slices.Compare(a.Merged, b.Merged),
			compareBool(a.AccueilInconnu, b.AccueilInconnu), compareBool(a.Distance, b.Distance), compareBool(a.Domicile, b.Domicile),
			slices.Compare(a.Reserve, b.Reserve), slices.Compare(a.Zone, b.Zone)); c != 0 {
			return c
		}
		of := b.Details.Fields()
		for k, f := range a.Details.Fields() {
			if c := cmp.Compare(*f.Text, *of[k].Text); c != 0 {
				return c
			}
		}
		return 0
	})
	return all
}

// matcher groups records. Records are known by their position in lieux.
type matcher struct {
	lieux    []Lieu
	features []features
	ranks    []int   // what each record is worth
	group    []int   // of each record: the first member of its group
	members  [][]int // of each first member: all members, sorted; nil for the others
	twins    [][]int // of each first twin: the records that no comparison tells apart
}

func newMatcher(all []Lieu) *matcher {
	m := &matcher{lieux: all, ranks: make([]int, len(all)), features: make([]features, len(all)), group: make([]int, len(all)), members: make([][]int, len(all))}
	for i := range all {
		m.features[i] = featuresOf(&all[i])
		m.group[i], m.members[i] = i, []int{i}
	}
	return m
}

// pair is two records that are one lieu by themselves, i before j.
type pair struct {
	i, j  int
	score float64
}

// mayBeOne reports whether a score has a meaning for two records.
func (m *matcher) mayBeOne(i, j int) bool {
	a, b := &m.lieux[i], &m.lieux[j]
	return a.Located && b.Located && a.NoPublic == b.NoPublic && a.Itinerant == b.Itinerant &&
		(a.Commune == b.Commune || a.Commune == "" || b.Commune == "") && m.features[i].kind == m.features[j].kind &&
		(a.Source != b.Source || slices.Equal(a.Reserve, b.Reserve)) // a source that parts what is for some from what is for all knows why
}

// score compares two records, i before j. one reports whether they are one lieu.
func (m *matcher) score(i, j int) (score, distance float64, one bool) {
	if !m.mayBeOne(i, j) {
		return 0, 0, false
	}
	if distance = geo.Distance(m.lieux[i].At, m.lieux[j].At); distance > MergeDistance {
		return 0, distance, false
	}
	a, b := &m.features[i], &m.features[j]
	name := nameSimilarity(a, b)
	if name < minName {
		return 0, distance, false
	}
	near := min(1, (MergeDistance-distance)/(MergeDistance-sameSpot))
	if a.kind == otherKind {
		score = 0.40*name + 0.40*addressSimilarity(a, b) + 0.20*near
	} else {
		score = 0.65*name + 0.15*addressSimilarity(a, b) + 0.20*near
	}
	return score, distance, score >= MergeThreshold
}

// twinKey is all that comparisons look at.
type twinKey struct {
	words, address, commune, communeNom string
	at                                  geo.LonLat
	kind                                kind
	noPublic, itinerant                 bool
	source, reserve                     string
}

func (m *matcher) twin(i int) twinKey {
	l := &m.lieux[i]
	return twinKey{l.Nom, l.Adresse, l.Commune, l.CommuneNom, l.At, m.features[i].kind, l.NoPublic, l.Itinerant, l.Source, strings.Join(l.Reserve, " ")}
}

// near lists the pairs that are one lieu, each record that is the twin of an
// earlier one left to it: a thousand records of one place would otherwise make half
// a million pairs.
func (m *matcher) near() []pair {
	first := make(map[twinKey]int, len(m.lieux))
	m.twins = make([][]int, len(m.lieux))
	cells := make(map[cube][]int, len(m.lieux))
	var pairs []pair
	for j := range m.lieux {
		if !m.lieux[j].Located {
			continue
		}
		key := m.twin(j)
		if i, ok := first[key]; ok {
			if _, _, one := m.score(i, j); one {
				m.twins[i] = append(m.twins[i], j)
			}
			continue
		}
		first[key] = j
		at := cubeOf(m.lieux[j].At)
		for dx := int32(-1); dx <= 1; dx++ {
			for dy := int32(-1); dy <= 1; dy++ {
				for dz := int32(-1); dz <= 1; dz++ {
					for _, i := range cells[cube{at.x + dx, at.y + dy, at.z + dz}] {
						if score, _, one := m.score(i, j); one {
							pairs = append(pairs, pair{i, j, score})
						}
					}
				}
			}
		}
		cells[at] = append(cells[at], j)
	}
	return pairs
}

// cube is a cell of side MergeDistance of the space that the Earth is in: two
// records at most that far apart are in the same cube or in two that touch. It
// knows neither poles nor the 180th meridian.
type cube struct{ x, y, z int32 }

func cubeOf(p geo.LonLat) cube {
	const rad = math.Pi / 180
	sinLat, cosLat := math.Sincos(p.Lat * rad)
	sinLon, cosLon := math.Sincos(p.Lon * rad)
	at := func(v float64) int32 { return int32(math.Floor(v * geo.EarthRadius / MergeDistance)) }
	return cube{at(cosLat * cosLon), at(cosLat * sinLon), at(sinLat)}
}

// link grows the groups from the best pair down.
func (m *matcher) link(pairs []pair) {
	one := make(map[[2]int]bool, len(pairs))
	for _, p := range pairs {
		one[[2]int{p.i, p.j}] = true
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(-cmp.Compare(a.score, b.score), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	for _, p := range pairs {
		a, b := m.group[p.i], m.group[p.j]
		if a == b {
			continue
		}
		complete := true
		for _, i := range m.members[a] {
			for _, j := range m.members[b] {
				complete = complete && one[[2]int{min(i, j), max(i, j)}]
			}
		}
		if complete {
			m.join(a, b)
		}
	}
	for i, twins := range m.twins {
		for _, j := range twins {
			m.join(m.group[i], m.group[j])
		}
	}
}

// join makes one of two different groups, known by their first members.
func (m *matcher) join(a, b int) {
	if b < a {
		a, b = b, a
	}
	for _, j := range m.members[b] {
		m.group[j] = a
	}
	m.members[a] = append(m.members[a], m.members[b]...)
	slices.Sort(m.members[a])
	m.members[b] = nil
}

// result makes one lieu of each group.
func (m *matcher) result() (kept []Lieu, merges []MergeRecord) {
	kept = make([]Lieu, 0, len(m.lieux))
	for _, members := range m.members {
		switch len(members) {
		case 0:
		case 1:
			kept = append(kept, m.lieux[members[0]])
		default:
			l, records := m.fuse(members)
			kept = append(kept, l)
			merges = append(merges, records...)
		}
	}
	byID := func(a, b Lieu) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortStableFunc(kept, byID)
	slices.SortStableFunc(merges, func(a, b MergeRecord) int {
		return cmp.Or(cmp.Compare(a.Kept, b.Kept), cmp.Compare(a.Absorbed, b.Absorbed))
	})
	return kept, merges
}

// fuse makes one lieu of the records of a group.
func (m *matcher) fuse(members []int) (Lieu, []MergeRecord) {
	order := slices.Clone(members)
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &m.lieux[i], &m.lieux[j]
		return cmp.Or(cmp.Compare(m.ranks[j], m.ranks[i]), b.MisAJour.Compare(a.MisAJour), -compareBool(a.Horaires.Known, b.Horaires.Known), -cmp.Compare(a.Services.Len(), b.Services.Len()))
	})
	k := order[0]
	l := m.lieux[k]
	ids := slices.Clone(l.Merged)
	var records []MergeRecord
	named := m.ranks[k] // whose services are those of l
	for _, j := range order[1:] {
		o := &m.lieux[j]
		equal := m.ranks[j] == m.ranks[k]
		if l.Services == 0 {
			named = m.ranks[j]
		}
		if named == m.ranks[j] {
			l.Services |= o.Services
		}
		for _, field := range []struct{ to, from *string }{{&l.Commune, &o.Commune}, {&l.CommuneNom, &o.CommuneNom}, {&l.CodePostal, &o.CodePostal},
			{&l.Adresse, &o.Adresse}, {&l.Typologie, &o.Typologie}, {&l.SiteWeb, &o.SiteWeb}, {&l.Frais, &o.Frais}} {
			if *field.to == "" {
				*field.to = *field.from
			}
		}
		from := o.Details.Fields()
		for k, f := range l.Details.Fields() {
			if *f.Text == "" {
				*f.Text = *from[k].Text
			}
		}
		// One record that says that the public is received says it of the place; services for
		// all are for all, whatever another record reserves.
		l.AccueilInconnu = l.AccueilInconnu && o.AccueilInconnu
		l.Distance, l.Domicile = l.Distance || equal && o.Distance, l.Domicile || equal && o.Domicile
		if l.Zone == nil {
			l.Zone = o.Zone
		}
		if !equal {
			// What a record of a higher rank says of whom it is for stands.
		} else if len(l.Reserve) > 0 && len(o.Reserve) > 0 {
			l.Reserve = slices.Compact(slices.Sorted(slices.Values(slices.Concat(l.Reserve, o.Reserve))))
		} else {
			l.Reserve = nil
		}
		for _, d := range strings.Split(o.Dispositif, "|") {
			switch {
			case d == "" || slices.Contains(strings.Split(l.Dispositif, "|"), d):
			case l.Dispositif == "":
				l.Dispositif = d
			case equal:
				l.Dispositif += "|" + d
			}
		}
		ids = append(append(ids, o.ID), o.Merged...)
		records = append(records, m.record(k, j))
	}
	slices.Sort(ids)
	// Two datasets may hold one record under one id.
	l.Merged = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == l.ID })
	if len(l.Merged) == 0 {
		l.Merged = nil
	}
	l.Horaires = m.hours(order)
	return l, records
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (m *matcher) record(k, j int) MergeRecord {
	score, distance, _ := m.score(min(k, j), max(k, j))
	a, b := &m.features[min(k, j)], &m.features[max(k, j)]
	address := "adresse inconnue"
	if a.address && b.address {
		address = fmt.Sprintf("adresses semblables à %.0f %%", 100*addressSimilarity(a, b))
	}
	return MergeRecord{Kept: m.lieux[k].ID, Absorbed: m.lieux[j].ID, Score: score, DistanceM: distance,
		Why: fmt.Sprintf("%s à %.0f m, noms semblables à %.0f %%, %s", a.kind, distance, 100*nameSimilarity(a, b), address)}
}

// hours are those of the first record that knows them, with those of the same
// source and day.
func (m *matcher) hours(order []int) Horaires {
	at := slices.IndexFunc(order, func(i int) bool { return m.lieux[i].Horaires.Known })
	if at < 0 {
		return m.lieux[order[0]].Horaires
	}
	first := &m.lieux[order[at]]
	h := first.Horaires
	for _, i := range order[at+1:] {
		if o := &m.lieux[i]; o.Horaires.Known && m.ranks[i] == m.ranks[order[at]] && o.Source == first.Source && o.MisAJour.Equal(first.MisAJour) {
			h = unite(h, o.Horaires)
		}
	}
	return h
}
