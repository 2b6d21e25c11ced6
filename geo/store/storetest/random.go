package storetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Rows as no file would have them all at once, each within what the contract takes.

// pieces make texts that tend to break: quotes, separators of CSV, JSON and SQL,
// line ends, right-to-left, combining marks, characters of four bytes, the
// replacement and line separator characters, leading and trailing blanks.
var pieces = []string{
	"Fère-en-Tardenois", "L’Épine", "O'Neil", `"cité"`, `\`, `\N`, "\t", "\n", "\r\n", ";", ",", "|", "{}", "[1]",
	"NULL", "null", "0", "00", "1e9", "-", "--", "/*", "%", "_", "?", "$1", ":x", "&amp;", "<b>", "\u00a0", " ", "  ",
	"é", "e\u0301", "\ufffd", "\u2028", "\ufeff", "مرحبا", "日本", "🚌", "\x01", "\x7f", "Ÿ", "ß", "İ", "ﬁ",
}

func randomText(r *rand.Rand) string {
	switch n := r.IntN(20); {
	case n < 4:
		return ""
	case n == 4:
		return strings.Repeat(pieces[r.IntN(len(pieces))], 300)
	default:
		var b strings.Builder
		for range 1 + r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String()
	}
}

// randomKey is a text that no other row has, short enough for a key.
func randomKey(r *rand.Rand, i int) string {
	text := randomText(r)
	for len(text) > 490 {
		text = text[:len(text)-1]
	}
	return fmt.Sprintf("%s%d", strings.ToValidUTF8(text, ""), i)
}

// randomNumber is any finite float64, subnormal and huge ones included.
func randomNumber(r *rand.Rand) float64 {
	for {
		v := math.Float64frombits(r.Uint64())
		if !math.IsNaN(v) && !math.IsInf(v, 0) && v != 0 {
			return v
		}
	}
}

func randomPosition(r *rand.Rand) geo.LonLat {
	extremes := [...]float64{0, math.Copysign(0, -1), 5e-324, -5e-324, 1, -1, 0.1, 1.0 / 3}
	coordinate := func(limit float64) float64 {
		switch r.IntN(8) {
		case 0:
			return extremes[r.IntN(len(extremes))]
		case 1:
			return limit
		case 2:
			return -limit
		}
		return (2*r.Float64() - 1) * limit
	}
	return geo.LonLat{Lon: coordinate(180), Lat: coordinate(90)}
}

func randomRing(r *rand.Rand) orb.Ring {
	ring := make(orb.Ring, 3+r.IntN(8))
	for i := range ring {
		p := randomPosition(r)
		ring[i] = orb.Point{p.Lon, p.Lat}
	}
	return append(ring, ring[0])
}

// randomOutline has zero to three polygons, each with zero to two holes.
func randomOutline(r *rand.Rand) orb.MultiPolygon {
	outline := make(orb.MultiPolygon, r.IntN(4))
	for i := range outline {
		outline[i] = make(orb.Polygon, 1+r.IntN(3))
		for j := range outline[i] {
			outline[i][j] = randomRing(r)
		}
	}
	return outline
}

func randomHours(r *rand.Rand) lieu.Horaires {
	h := lieu.Horaires{Text: randomText(r)}
	switch r.IntN(4) {
	case 0: // unknown
		return h
	case 1: // never open
	default:
		h.Slots.Add(0)
		h.Slots.Add(lieu.SlotsPerCycle - 1)
		for range r.IntN(200) {
			h.Slots.Add(r.IntN(lieu.SlotsPerCycle))
		}
	}
	h.Known = true
	if r.IntN(3) == 0 {
		h.RendezVous = new(lieu.Slots)
		h.RendezVous.Add(1 + r.IntN(lieu.SlotsPerCycle-1))
	}
	return h
}

func randomServices(r *rand.Rand) lieu.Services {
	return lieu.Services(r.IntN(1 << lieu.Any))
}

func randomCommune(r *rand.Rand, i int) admin.Commune {
	at := randomPosition(r)
	return admin.Commune{Code: randomKey(r, i), Nom: randomText(r), EPCI: randomText(r), Population: r.IntN(1 << 40),
		Point: geo.LonLat{Lon: at.Lon + 0, Lat: at.Lat + 0}, Outline: randomOutline(r)} // +0: a zero is positive here
}

func randomEPCI(r *rand.Rand, i int) admin.EPCI {
	return admin.EPCI{Code: randomKey(r, i), Nom: randomText(r), Outline: randomOutline(r), Population: max(0, r.IntN(60_000)-20_000)}
}

func randomSecteur(r *rand.Rand, i int) admin.Secteur {
	s := admin.Secteur{Code: randomKey(r, i), Nom: randomText(r)}
	for range r.IntN(5) {
		s.Communes = append(s.Communes, randomText(r))
	}
	return s
}

func randomTerritoire(r *rand.Rand, i int) admin.Set {
	s := randomSecteur(r, i)
	set := admin.Set{Type: []admin.Type{"canton", "bassin-de-vie", admin.TypeSecteur}[r.IntN(3)], Code: s.Code, Nom: s.Nom, Communes: s.Communes}
	if r.IntN(2) == 0 {
		if set.Outline = randomOutline(r); len(set.Outline) > 0 {
			set.Communes, set.Population, set.Year = nil, max(0, r.IntN(6000)-2000), randomText(r)
		}
	}
	return set
}

func randomLieu(r *rand.Rand, i int) lieu.Lieu {
	l := lieu.Lieu{
		ID: randomKey(r, i), Nom: randomText(r), Commune: randomText(r), CommuneNom: randomText(r),
		CodePostal: randomText(r), Adresse: randomText(r), Typologie: randomText(r),
		Services: randomServices(r), Horaires: randomHours(r),
		Itinerant: r.IntN(2) == 0, NoPublic: r.IntN(2) == 0,
		Source: randomText(r), SiteWeb: randomText(r), Frais: randomText(r), Dispositif: randomText(r),
		AccueilInconnu: r.IntN(2) == 0, Distance: r.IntN(2) == 0, Domicile: r.IntN(2) == 0, Reserve: randomCodes(r), Zone: randomCodes(r),
	}
	for _, f := range l.Details.Fields() {
		*f.Text = randomText(r)
	}
	if l.Located = r.IntN(3) > 0; l.Located {
		l.At = randomPosition(r)
	}
	if r.IntN(3) > 0 {
		l.MisAJour = time.Date(1+r.IntN(9999), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	}
	return l
}

func randomCodes(r *rand.Rand) (codes []string) {
	for range r.IntN(3) {
		codes = append(codes, []string{"02168", "2A004", "200072031", "75"}[r.IntN(4)])
	}
	return codes
}

func randomTournee(r *rand.Rand, i int) lieu.Tournee {
	t := lieu.Tournee{ID: randomKey(r, i), Nom: randomText(r), LieuID: randomText(r), Services: randomServices(r)}
	if t.HasDepot = r.IntN(2) == 0; t.HasDepot {
		t.Depot = randomPosition(r)
	}
	for range r.IntN(12) {
		t.Stops = append(t.Stops, lieu.Stop{Nom: randomText(r), Commune: randomText(r), At: randomPosition(r), Horaires: randomHours(r)})
	}
	return t
}

func randomVariable(r *rand.Rand, i int) store.Variable {
	levels := store.Levels()
	return store.Variable{Level: levels[r.IntN(len(levels))], Code: randomKey(r, i), Name: randomKey(r, i), Value: randomNumber(r)}
}

func randomSquare(r *rand.Rand, i int) store.Square {
	q := store.Square{ID: randomKey(r, i), West: 1 + math.Abs(randomNumber(r)), South: 1 + math.Abs(randomNumber(r)),
		Size: 200, People: math.Abs(r.NormFloat64()), Imputed: store.Imputation(r.IntN(3))}
	for k := range q.Counts {
		if r.IntN(3) > 0 {
			q.Counts[k] = store.Counted{Number: math.Abs(r.NormFloat64()) * float64(r.IntN(3)), Known: true}
		}
	}
	return q
}

func randomEquipement(r *rand.Rand, i int) equipement.Equipement {
	e := equipement.Equipement{ID: randomKey(r, i), Category: equipement.Category(r.IntN(equipement.NumCategories)), Nom: randomText(r),
		Commune: randomText(r), Placement: equipement.Placement(r.IntN(3))}
	if e.Located() {
		e.At = randomPosition(r)
	} else {
		e.Commune += "02408"
	}
	return e
}

func randomWay(r *rand.Rand, _ int) road.Way {
	w := road.Way{ID: int64(r.Uint64())}
	for range r.IntN(12) {
		w.Nodes = append(w.Nodes, int64(r.Uint64()))
		w.At = append(w.At, randomPosition(r))
	}
	for range r.IntN(4) {
		if w.Tags == nil {
			w.Tags = map[string]string{"highway": "residential"}
		}
		w.Tags[randomText(r)] = randomText(r)
	}
	for i := range w.Nodes {
		if r.IntN(6) == 0 {
			w.Marks = append(w.Marks, road.Mark{Node: i, Tags: map[string]string{randomText(r): randomText(r)}})
		}
	}
	for r.IntN(4) == 0 {
		w.Turns = append(w.Turns, road.Turn{Via: int64(r.Uint64()), To: int64(r.Uint64()), Tags: map[string]string{randomText(r): randomText(r)}})
	}
	return w
}
