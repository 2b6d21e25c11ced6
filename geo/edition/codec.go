package edition

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"unsafe"

	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// The encoded form: magic, format version, size of all sections, CRC-32C of what follows,
// then one zstd frame of length-prefixed little-endian sections in a fixed order. Small
// things are JSON, arrays are raw. It is read from front to end, without a buffer of all.
const (
	magic         = "MAILLAGE"
	formatVersion = 4
	// Format 3 is that of versions 0.6 and 0.7: its variables are all of communes.
	formatVersion3 = 3
	// Format 2 is that of version 0.5, laid out like 3: it has no sites of which something is
	// unknown.
	formatVersion2 = 2
	// maxDecoded bounds the memory that a damaged or hostile file can claim.
	maxDecoded = 8 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrDamaged is wrapped by the errors of Decode for bytes that are not a whole,
// undamaged edition of a known format.
var ErrDamaged = errors.New("damaged edition")

// header is the JSON section: everything small.
type header struct {
	ID       string           `json:"id"`
	Params   Params           `json:"params"`
	Inputs   []store.Manifest `json:"inputs"`
	Modelled []Modelled       `json:"modelled"`
	Communes []admin.Commune  `json:"communes"` // without outlines
	EPCI     []admin.EPCI     `json:"epci"`     // without outlines
	Secteurs []admin.Secteur  `json:"secteurs"`
	Sets     []admin.Set      `json:"sets,omitempty"` // without outlines
	// Drawn are the positions of the sets that have one, in their order.
	Drawn []drawnHeader `json:"drawn,omitempty"`
	// Neighbours are communes outside: see [admin.Neighbour].
	Neighbours []admin.Neighbour  `json:"neighbours,omitempty"`
	Lieux      []lieu.Lieu        `json:"lieux"`
	Merges     []lieu.MergeRecord `json:"merges"`
	Tournees   []lieu.Tournee     `json:"tournees"`
	Named      lieu.Services      `json:"named"`
	Sites      []lieu.Site        `json:"sites"`
	Variables  texts              `json:"variables"`
	// Equipements are in format 4, and journeys to the nearest of these categories.
	Equipements       []Equipement          `json:"equipements,omitempty"`
	EquipementSources []EquipementSource    `json:"equipement_sources,omitempty"`
	Categories        []equipement.Category `json:"categories,omitempty"`
	Feeds             []Feed                `json:"feeds,omitempty"`
	// Counted lists the modes whose tables say which slots of a site count.
	Counted []geo.Mode `json:"counted,omitempty"`
	// Timetables are without calls and days, which are in sections.
	Timetables *Timetables `json:"timetables,omitempty"`
	// Publics are the columns of the publics; nil when nothing is known of them.
	Publics *publics.Columns `json:"publics,omitempty"`
}

// drawnHeader is what is small of an outline: the position of its set, and its allotment.
type drawnHeader struct {
	Set       int  `json:"set"`
	Estimated int  `json:"estimated"`
	Beyond    bool `json:"beyond,omitempty"`
}

// texts are the texts that variables repeat; which one each has is in a section.
type texts struct {
	Levels []string `json:"levels"`
	Codes  []string `json:"communes"`
	Names  []string `json:"names"`
}

// Encode writes the edition; the same edition gives the same bytes.
func (e *Edition) Encode() ([]byte, error) {
	variables := newColumns(e.Variables)
	h := header{ID: e.ID, Params: e.Params, Inputs: e.Inputs, Modelled: e.Modelled, Secteurs: e.Division.Secteurs, Sets: e.Division.Sets, Neighbours: e.Division.Neighbours,
		Lieux: e.Lieux, Merges: e.Merges, Tournees: e.Tournees, Named: e.Named, Sites: e.Sites, Variables: variables.texts, Feeds: e.Feeds,
		Equipements: e.Equipements, EquipementSources: e.EquipementSources, Categories: e.EquipementCategories()}
	for _, c := range e.Division.Communes {
		c.Outline = nil
		h.Communes = append(h.Communes, c)
	}
	for _, c := range e.Division.EPCI {
		c.Outline = nil
		h.EPCI = append(h.EPCI, c)
	}
	for _, d := range e.Division.Drawn() {
		at := slices.IndexFunc(e.Division.Sets, func(s admin.Set) bool { return s.Type == d.Type && s.Code == d.Code })
		h.Drawn = append(h.Drawn, drawnHeader{at, d.Estimated, d.Beyond})
	}
	for _, m := range e.Params.Modes {
		if e.Access[m].Within.Counted != nil {
			h.Counted = append(h.Counted, m)
		}
	}
	if e.Publics != nil {
		h.Publics = &e.Publics.Columns
	}
	if e.Timetables != nil {
		h.Timetables = e.Timetables.bare()
	}
	head, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode edition %s: %w", e.ID, err)
	}
	network, err := e.Network.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("encode edition %s: %w", e.ID, err)
	}
	w := &writer{}
	writeSlice(w, head)
	for _, c := range e.Division.Communes {
		w.outline(c.Outline)
	}
	for _, c := range e.Division.EPCI {
		w.outline(c.Outline)
	}
	for _, d := range e.Division.Drawn() {
		w.outline(d.Outline)
		part, people := make([]int32, len(d.Shares)), make([]int32, len(d.Shares))
		for i, share := range d.Shares {
			part[i], people[i] = share.Part, share.People
		}
		writeSlice(w, part)
		writeSlice(w, people)
	}
	writeSlice(w, variables.level)
	writeSlice(w, variables.code)
	writeSlice(w, variables.name)
	writeSlice(w, variables.value)
	writeSlice(w, e.Grid.Cells)
	writeSlice(w, e.Grid.First)
	writeSlice(w, e.Grid.Areas)
	commune, area, center := make([]int32, len(e.Grid.Parts)), make([]float64, len(e.Grid.Parts)), make([]geo.LonLat, len(e.Grid.Parts))
	for i, p := range e.Grid.Parts {
		commune[i], area[i], center[i] = p.Commune, p.AreaKm2, p.Center
	}
	writeSlice(w, commune)
	writeSlice(w, area)
	writeSlice(w, center)
	writeSlice(w, e.People)
	writeSlice(w, e.Origins)
	writeSlice(w, e.SiteCommune)
	writeSlice(w, network)
	for _, m := range e.Params.Modes {
		w.table(e.Access[m])
	}
	for _, m := range e.Params.byStreets() {
		for _, c := range h.Categories {
			writeSlice(w, e.Closest[m][c].Reach)
			writeSlice(w, e.Closest[m][c].Cost)
			writeSlice(w, e.Closest[m][c].Place)
		}
	}
	if p := e.Publics; p != nil {
		writeSlice(w, p.Amount)
		writeSlice(w, p.Imputed)
		writeSlice(w, p.Known)
	}
	if e.Timetables != nil {
		w.timetables(e.Timetables)
	}

	out := append([]byte(magic), formatVersion)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(w.buf)))
	out = append(out, 0, 0, 0, 0)
	if out, err = compress(out, w.buf); err != nil {
		return nil, fmt.Errorf("encode edition %s: %w", e.ID, err)
	}
	binary.LittleEndian.PutUint32(out[sumAt:], crc32.Checksum(out[front:], castagnoli))
	return out, nil
}

// Where the checksum is, and where the frame begins.
const (
	sumAt = len(magic) + 1 + 8
	front = sumAt + 4
)

// Decode reads what Encode wrote, and checks it: checksum, format, and the
// invariants of every part.
func Decode(data []byte) (*Edition, error) { return Read(bytes.NewReader(data)) }

// Read is [Decode] of bytes as they come.
func Read(src io.Reader) (*Edition, error) {
	var head [front]byte
	if _, err := io.ReadFull(src, head[:]); err != nil || string(head[:len(magic)]) != magic {
		return nil, fmt.Errorf("decode edition: %w: not an edition", ErrDamaged)
	}
	version := head[len(magic)]
	if v := version; v < formatVersion2 || v > formatVersion {
		return nil, fmt.Errorf("decode edition: format %d: this program reads format %d; compute the edition again", v, formatVersion)
	}
	size := binary.LittleEndian.Uint64(head[len(magic)+1:])
	if size > maxDecoded {
		return nil, fmt.Errorf("decode edition: %w: announces %d bytes", ErrDamaged, size)
	}
	sum := crc32.New(castagnoli)
	zr, err := zstd.NewReader(io.TeeReader(src, sum), zstd.WithDecoderMaxMemory(maxDecoded))
	if err != nil {
		return nil, fmt.Errorf("decode edition: %w", err)
	}
	defer zr.Close()
	r := &reader{src: zr, left: size}
	var h header
	if text := readSlice[byte](r); r.err == nil {
		if err := json.Unmarshal(text, &h); err != nil {
			r.fail("header: " + err.Error())
		}
	}
	for i := range h.Communes {
		h.Communes[i].Outline = r.outline()
	}
	for i := range h.EPCI {
		h.EPCI[i].Outline = r.outline()
	}
	drawn := r.drawn(&h)
	e := &Edition{ID: h.ID, Params: h.Params, Inputs: h.Inputs, Modelled: h.Modelled, Lieux: h.Lieux, Merges: h.Merges, Tournees: h.Tournees,
		Named: h.Named, Sites: h.Sites, Equipements: h.Equipements, EquipementSources: h.EquipementSources, Variables: r.variables(h.Variables, version), Feeds: h.Feeds, Grid: &grid.Grid{Resolution: h.Params.Resolution}, Network: &road.Network{}}
	e.Grid.Cells = readSlice[grid.Cell](r)
	e.Grid.First = readSlice[int32](r)
	e.Grid.Areas = readSlice[float64](r)
	commune, area, center := readSlice[int32](r), readSlice[float64](r), readSlice[geo.LonLat](r)
	if len(area) != len(commune) || len(center) != len(commune) {
		r.fail("parts of unequal length")
	}
	e.People, e.Origins, e.SiteCommune = readSlice[int32](r), readSlice[geo.LonLat](r), readSlice[int32](r)
	network := readSlice[byte](r)
	var work errgroup.Group // beside what follows
	work.Go(func() error { return e.Network.UnmarshalBinary(network) })
	for _, m := range h.Params.Modes {
		e.Access[m] = r.table(slices.Contains(h.Counted, m), version)
	}
	for _, m := range h.Params.byStreets() {
		for _, c := range h.Categories {
			e.Closest[m][c] = &access.Closest{Reach: readSlice[geo.Reach](r), Cost: readSlice[geo.Cost](r), Place: readSlice[int32](r)}
		}
	}
	if h.Publics != nil {
		e.Publics = &publics.Table{Columns: *h.Publics, Amount: readSlice[int32](r), Imputed: readSlice[int32](r), Known: readSlice[uint16](r)}
	}
	if e.Timetables = h.Timetables; e.Timetables != nil {
		r.timetables(e.Timetables)
	}
	r.end()
	if r.err == nil && sum.Sum32() != binary.LittleEndian.Uint32(head[sumAt:]) {
		r.fail("checksum differs")
	}
	if r.err != nil {
		_ = work.Wait() // what it says follows from what is damaged
		return nil, r.err
	}
	e.Grid.Parts = make([]grid.Part, len(commune))
	for c := range e.Grid.Cells {
		if c+1 >= len(e.Grid.First) {
			break
		}
		for i := e.Grid.First[c]; i >= 0 && i < e.Grid.First[c+1] && int(i) < len(commune); i++ {
			e.Grid.Parts[i] = grid.Part{Cell: int32(c), Commune: commune[i], AreaKm2: area[i], Center: center[i]}
		}
	}
	if version == formatVersion2 {
		e.Named = lieu.NineServices
		e.Modelled = append(e.Modelled, Modelled{"lieux à vérifier", BeforeDoubt})
	}
	err = e.assemble(h, drawn)
	if err = cmp.Or(work.Wait(), err); err != nil {
		return nil, fmt.Errorf("decode edition: %w: %w", ErrDamaged, err)
	}
	return e, nil
}

// BeforeDoubt is said of an edition of version 0.5.
const BeforeDoubt = "Édition calculée par une version antérieure : les lieux dont les services ou l'accueil ne sont pas connus, et les bus sans arrêts, y comptent comme absents ; relancez « maillage compute »"

// assemble makes what is not stored from what is.
func (e *Edition) assemble(h header, drawn []admin.Allotment) (err error) {
	if e.Division, err = admin.NewAmong(h.Neighbours, h.Communes, h.EPCI, h.Secteurs, h.Sets...); err != nil {
		return err
	}
	if len(drawn) > 0 {
		if err := checkShares(drawn, e.Grid, e.People); err != nil {
			return err
		}
		if e.Division, err = e.Division.Settled(e.withCommunes(drawn)); err != nil {
			return err
		}
	}
	outlines := make([]orb.MultiPolygon, len(e.Division.Communes))
	for i := range outlines {
		outlines[i] = e.Division.Communes[i].Outline
	}
	e.Grid.Attach(outlines)
	return e.complete()
}

// compress adds a zstd frame of data to out; the same for the same data, on any machine.
func compress(out, data []byte) ([]byte, error) {
	zw, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return zw.EncodeAll(data, out), nil
}

// fixed are the element types whose memory is their encoding (little-endian, no
// padding).
type fixed interface {
	~byte | ~uint16 | ~int32 | ~uint32 | ~uint64 | ~float64 | geo.LonLat
}

type writer struct{ buf []byte }

func writeSlice[T fixed](w *writer, s []T) {
	w.buf = binary.LittleEndian.AppendUint64(w.buf, uint64(len(s)))
	if len(s) > 0 {
		w.buf = append(w.buf, unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))...)
	}
}

func (w *writer) outline(mp orb.MultiPolygon) {
	var shape []uint32
	var points []float64
	shape = append(shape, uint32(len(mp)))
	for _, poly := range mp {
		shape = append(shape, uint32(len(poly)))
		for _, ring := range poly {
			shape = append(shape, uint32(len(ring)))
			for _, p := range ring {
				points = append(points, p[0], p[1])
			}
		}
	}
	writeSlice(w, shape)
	writeSlice(w, points)
}

func (w *writer) table(t *access.Table) {
	writeSlice(w, t.Leg.Reach)
	writeSlice(w, t.Leg.Cost)
	writeSlice(w, t.SiteLeg.Reach)
	writeSlice(w, t.SiteLeg.Cost)
	for i := range t.Nearest {
		writeSlice(w, t.Nearest[i].Reach)
		writeSlice(w, t.Nearest[i].Cost)
		writeSlice(w, t.Nearest[i].Site)
	}
	writeSlice(w, t.Within.First)
	writeSlice(w, t.Within.Site)
	writeSlice(w, t.Within.Cost)
	if t.Within.Counted == nil {
		return
	}
	words := make([]uint64, 0, len(lieu.Slots{})*len(t.Within.Slots))
	for i := range t.Within.Slots {
		words = append(words, t.Within.Slots[i][:]...)
	}
	writeSlice(w, t.Within.Counted)
	writeSlice(w, t.Within.Time)
	writeSlice(w, words)
}

// reader takes sections off src; the first failure sticks.
type reader struct {
	src  io.Reader
	left uint64 // bytes, as announced
	err  error
}

func (r *reader) fail(why string) {
	if r.err == nil {
		r.err = fmt.Errorf("decode edition: %w: %s", ErrDamaged, why)
	}
	r.left = 0
}

// read fills b.
func (r *reader) read(b []byte) {
	if uint64(len(b)) > r.left {
		r.fail("a section is missing")
		return
	}
	r.left -= uint64(len(b))
	if _, err := io.ReadFull(r.src, b); err != nil {
		r.fail("a section is cut short: " + err.Error())
	}
}

// end wants nothing more, neither announced nor there.
func (r *reader) end() {
	if r.err != nil {
		return
	}
	n, err := r.src.Read(make([]byte, 1))
	if r.left != 0 || n != 0 || !errors.Is(err, io.EOF) {
		r.fail("bytes left over")
	}
}

func readSlice[T fixed](r *reader) []T {
	var length [8]byte
	if r.read(length[:]); r.err != nil {
		return nil
	}
	n := binary.LittleEndian.Uint64(length[:])
	var zero T
	size := uint64(unsafe.Sizeof(zero))
	if n > math.MaxInt32*2 || n*size > r.left {
		r.fail("a section is cut short")
		return nil
	}
	if n == 0 {
		return nil
	}
	out := make([]T, n)
	r.read(unsafe.Slice((*byte)(unsafe.Pointer(&out[0])), n*size))
	return out
}

// columns are variables by column.
type columns struct {
	texts
	level, code, name []int32
	value             []float64
}

func newColumns(all []store.Variable) *columns {
	c := &columns{level: make([]int32, len(all)), code: make([]int32, len(all)), name: make([]int32, len(all)), value: make([]float64, len(all))}
	levels, codes, names := map[string]int32{}, map[string]int32{}, map[string]int32{}
	number := func(known map[string]int32, list *[]string, s string) int32 {
		n, ok := known[s]
		if !ok {
			n = int32(len(*list))
			known[s] = n
			*list = append(*list, s)
		}
		return n
	}
	for i, v := range all {
		c.level[i], c.code[i] = number(levels, &c.Levels, string(v.Level)), number(codes, &c.Codes, v.Code)
		c.name[i], c.value[i] = number(names, &c.Names, v.Name), v.Value
	}
	return c
}

func (r *reader) variables(t texts, version byte) []store.Variable {
	var level []int32
	if version > formatVersion3 {
		level = readSlice[int32](r)
	}
	code, name, value := readSlice[int32](r), readSlice[int32](r), readSlice[float64](r)
	if version <= formatVersion3 { // all of communes
		level, t.Levels = make([]int32, len(code)), []string{string(store.LevelCommune)}
	}
	if len(level) != len(code) || len(name) != len(code) || len(value) != len(code) {
		r.fail("variables of unequal length")
		return nil
	}
	var out []store.Variable
	if len(code) > 0 {
		out = make([]store.Variable, len(code))
	}
	for i := range out {
		l, c, n := level[i], code[i], name[i]
		if min(l, c, n) < 0 || int(l) >= len(t.Levels) || int(c) >= len(t.Codes) || int(n) >= len(t.Names) {
			r.fail("a variable without text")
			return nil
		}
		out[i] = store.Variable{Level: store.Level(t.Levels[l]), Code: t.Codes[c], Name: t.Names[n], Value: value[i]}
	}
	return out
}

// drawn reads the outlines of sets, and their people.
func (r *reader) drawn(h *header) (all []admin.Allotment) {
	for _, d := range h.Drawn {
		if d.Set < 0 || d.Set >= len(h.Sets) {
			r.fail("an outline of no set")
			return nil
		}
		h.Sets[d.Set].Outline = r.outline()
		part, people := readSlice[int32](r), readSlice[int32](r)
		if len(part) != len(people) {
			r.fail("people of outlines of unequal length")
			return nil
		}
		a := admin.Allotment{Estimated: d.Estimated, Beyond: d.Beyond}
		for i := range part {
			a.Shares = append(a.Shares, admin.Share{Part: part[i], People: people[i]})
		}
		all = append(all, a)
	}
	return all
}

// checkShares wants people of parts that there are, no more than live there.
func checkShares(all []admin.Allotment, g *grid.Grid, people []int32) error {
	for _, a := range all {
		last := int32(-1)
		for _, s := range a.Shares {
			if s.Part <= last || int(s.Part) >= min(len(people), len(g.Parts)) || s.People <= 0 || s.People > people[s.Part] {
				return fmt.Errorf("people of an outline in part %d: %d", s.Part, s.People)
			}
			last = s.Part
		}
	}
	return nil
}

func (r *reader) outline() orb.MultiPolygon {
	shape, points := readSlice[uint32](r), readSlice[float64](r)
	next := func() int {
		if len(shape) == 0 {
			r.fail("an outline is cut short")
			return 0
		}
		n := int(shape[0])
		shape = shape[1:]
		if n > len(shape)+len(points)/2 {
			r.fail("an outline announces more than it holds")
			return 0
		}
		return n
	}
	mp := make(orb.MultiPolygon, next())
	for i := range mp {
		mp[i] = make(orb.Polygon, next())
		for j := range mp[i] {
			n := next()
			if 2*n > len(points) {
				r.fail("an outline announces more than it holds")
				return nil
			}
			ring := make(orb.Ring, n)
			for k := range ring {
				ring[k] = orb.Point{points[2*k], points[2*k+1]}
			}
			points = points[2*n:]
			mp[i][j] = ring
		}
	}
	return mp
}

func (r *reader) table(counted bool, version byte) *access.Table {
	t := &access.Table{}
	t.Leg.Reach, t.Leg.Cost = readSlice[geo.Reach](r), readSlice[geo.Cost](r)
	t.SiteLeg.Reach, t.SiteLeg.Cost = readSlice[geo.Reach](r), readSlice[geo.Cost](r)
	targets := len(t.Nearest)
	if version <= formatVersion3 {
		targets = lieu.NumServices
	}
	for i := range targets {
		t.Nearest[i] = access.Nearest{Reach: readSlice[geo.Reach](r), Cost: readSlice[geo.Cost](r), Site: readSlice[uint16](r)}
	}
	t.Within = access.Within{First: readSlice[uint32](r), Site: readSlice[uint16](r), Cost: readSlice[uint16](r)}
	if !counted {
		return t
	}
	if t.Within.Counted = readSlice[uint32](r); t.Within.Counted == nil {
		t.Within.Counted = []uint32{}
	}
	t.Within.Time = readSlice[uint16](r)
	words := readSlice[uint64](r)
	for ; len(words) >= len(lieu.Slots{}); words = words[len(lieu.Slots{}):] {
		t.Within.Slots = append(t.Within.Slots, lieu.Slots(words[:len(lieu.Slots{})]))
	}
	if len(words) > 0 {
		r.fail("slots are cut short")
	}
	return t
}
