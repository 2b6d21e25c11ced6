package osm

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"runtime"

	"github.com/klauspost/compress/zlib"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
)

// The PBF format of OpenStreetMap: a sequence of blobs, each a protocol buffer
// with its length before it, compressed on its own
// (wiki.openstreetmap.org/wiki/PBF_Format). It is read here because paulmach/osm
// v0.8.0 panics, in a goroutine of its own where nobody can recover, on nodes that
// are not "dense", which some tools write. Nothing below panics on any bytes.
const (
	maxBlobHeader = 64 << 10 // limits of the format
	maxBlob       = 32 << 20
	maxSwelling   = 100 // what a blob says of its size is believed up to so many times the packed bytes
)

var errPBF = errors.New("bloc illisible ; le fichier est sans doute tronqué ou abîmé, téléchargez-le de nouveau")

// maxKept is how many bytes of inflated blobs are kept from one pass to the next.
const maxKept = 64 << 20

// blobCache holds the first blobs of a file, inflated, so that the second pass over
// a small extract does not inflate them again. nil: blobs that did not fit.
type blobCache struct {
	blobs [][]byte
	size  int
}

// get is the blob of a rank, if it is kept.
func (c *blobCache) get(rank int) ([]byte, bool) {
	if rank >= len(c.blobs) || c.blobs[rank] == nil {
		return nil, false
	}
	return c.blobs[rank], true
}

// put keeps the next blob that was never put, while there is room.
func (c *blobCache) put(rank int, data []byte) {
	if rank != len(c.blobs) {
		return
	}
	if c.size+len(data) > maxKept {
		data = nil
	}
	c.size += len(data)
	c.blobs = append(c.blobs, data)
}

// scanPBF reads a file blob by blob. What a cache holds is of this file.
func scanPBF(ctx context.Context, name string, r io.Reader, cache *blobCache, v osmVisitor) error {
	p := pbf{ctx: ctx, name: name, v: v}
	for b := range blobs(ctx, r, cache) {
		err := b.err
		switch {
		case err != nil:
			return source.FailAt(name, 0, "%v", err)
		case b.kind == "OSMHeader":
			err = p.header(b.data)
		case b.kind == "OSMData":
			err = p.block(b.data)
		}
		if errors.Is(err, errPBF) {
			return source.FailAt(name, 0, "%v", err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// blob is one blob, inflated.
type blob struct {
	kind string
	data []byte
	err  error
}

// blobs gives the blobs of a file in order, some of them inflated ahead on every
// processor.
func blobs(ctx context.Context, r io.Reader, cache *blobCache) iter.Seq[blob] {
	return func(yield func(blob) bool) {
		var waiting []chan blob // one for each blob read and not given yet
		defer func() {          // what is being inflated ends before the reading does
			for _, ready := range waiting {
				<-ready
			}
		}()
		read := func(rank int) bool {
			kind, body, err := nextBlob(r)
			if err == io.EOF {
				return false
			}
			ready := make(chan blob, 1)
			waiting = append(waiting, ready)
			if data, ok := cache.get(rank); ok || err != nil {
				ready <- blob{kind, data, err}
				return err == nil
			}
			go func() {
				data, err := inflate(ctx, body)
				ready <- blob{kind, data, err}
			}()
			return true
		}
		for more, rank := true, 0; ; rank++ {
			for more && len(waiting) <= runtime.GOMAXPROCS(0) {
				more = read(rank + len(waiting))
			}
			if len(waiting) == 0 {
				return
			}
			b := <-waiting[0]
			waiting = waiting[1:]
			if b.err == nil {
				cache.put(rank, b.data)
			}
			if !yield(b) || b.err != nil {
				return
			}
		}
	}
}

type pbf struct {
	ctx  context.Context
	work int // members and nodes since ctx was looked at
	name string
	v    osmVisitor
	rank int // roads read

	// Of the block being read. Positions are (offset + granularity · n) nanodegrees.
	strings              [][]byte
	texts                []string // strings as text, made when first asked for
	uses                 []use    // what each string is, as a key
	nodes                []int64  // of the way being read in the first pass
	granularity          int64
	latOffset, lonOffset int64
}

// nextBlob reads one blob, as it is packed.
func nextBlob(r io.Reader) (kind string, body []byte, err error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err == io.EOF {
		return "", nil, io.EOF
	} else if err != nil {
		return "", nil, errPBF
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxBlobHeader {
		return "", nil, errPBF
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return "", nil, errPBF
	}
	length := uint64(0)
	err = eachField(header, func(f field) error {
		switch f.num {
		case 1:
			kind = string(f.bytes)
		case 3:
			length = f.varint
		}
		return nil
	})
	if err != nil || length > maxBlob {
		return "", nil, errPBF
	}
	body = make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return "", nil, errPBF
	}
	return kind, body, nil
}

func inflate(ctx context.Context, body []byte) ([]byte, error) {
	var raw, packed []byte
	size := uint64(0) // as the blob says
	other := protowire.Number(0)
	err := eachField(body, func(f field) error {
		switch f.num {
		case 1:
			raw = f.bytes
		case 2:
			size = f.varint
		case 3:
			packed = f.bytes
		default:
			other = f.num
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, errPBF
	case raw != nil:
		return raw, nil
	case packed == nil && other != 0:
		return nil, errors.New("compression inhabituelle ; attendu un fichier PBF compressé en zlib, le cas ordinaire")
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, errPBF
	}
	var data bytes.Buffer
	if size <= maxBlob && size <= maxSwelling*uint64(len(packed)) {
		data.Grow(int(size) + bytes.MinRead)
	}
	if _, err := data.ReadFrom(source.Interruptible(ctx, io.LimitReader(z, maxBlob+1))); err != nil || data.Len() > maxBlob {
		return nil, errPBF
	}
	return data.Bytes(), nil
}

// header refuses files that need what is not read here, above all histories,
// where one road is there many times.
func (p *pbf) header(data []byte) error {
	return eachField(data, func(f field) error {
		if f.num != 4 {
			return nil
		}
		if feature := string(f.bytes); feature != "OsmSchema-V0.6" && feature != "DenseNodes" {
			return source.FailAt(p.name, 0, "le fichier demande « %s » ; attendu un extrait ordinaire d'OpenStreetMap", source.Shorten(feature))
		}
		return nil
	})
}

// block reads one PrimitiveBlock. What the groups rest on may come after them.
func (p *pbf) block(data []byte) error {
	p.strings, p.granularity, p.latOffset, p.lonOffset = p.strings[:0], 100, 0, 0
	p.texts, p.uses = p.texts[:0], p.uses[:0]
	var groups [][]byte
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			return eachField(f.bytes, func(s field) error {
				if s.num == 1 {
					p.strings = append(p.strings, s.bytes)
				}
				return nil
			})
		case 2:
			groups = append(groups, f.bytes)
		case 17:
			p.granularity = int64(f.varint)
		case 19:
			p.latOffset = int64(f.varint)
		case 20:
			p.lonOffset = int64(f.varint)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range p.strings {
		p.texts, p.uses = append(p.texts, ""), append(p.uses, useOf(s))
	}
	for _, g := range groups {
		if err := eachField(g, p.group); err != nil {
			return err
		}
	}
	return nil
}

// lookUp looks at the context now and then: a block may hold ten million nodes.
func (p *pbf) lookUp() error {
	if p.work++; p.work < 10_000 {
		return nil
	}
	p.work = 0
	return p.ctx.Err()
}

// group reads one member of a PrimitiveGroup.
func (p *pbf) group(f field) error {
	if err := p.lookUp(); err != nil {
		return err
	}
	switch {
	case f.num == 1 && p.v.wanted != nil:
		return p.node(f.bytes)
	case f.num == 2 && p.v.wanted != nil:
		return p.dense(f.bytes)
	case f.num == 3 && p.v.way == nil:
		return p.refs(f.bytes)
	case f.num == 3:
		return p.way(f.bytes)
	case f.num == 4 && p.v.turn != nil:
		return p.relation(f.bytes)
	}
	return nil
}

// use is a set of objects on which a key matters.
type use uint8

const (
	onRoad use = 1 << iota
	onNode
	onTurn
	isHighway // makes a way a road
	isRoute   // with the value "ferry", too
	isType
)

func useOf(key []byte) (u use) {
	k := string(key)
	switch {
	case k == "highway":
		u = isHighway
	case k == "route":
		u = isRoute
	case k == "type":
		u = isType
	case street.IsTurnTag(k):
		u = onTurn
	}
	if street.IsRoadTag(k) {
		u |= onRoad
	}
	if street.IsMarkTag(k) {
		u |= onNode
	}
	return u
}

// text is a string of the block as text.
func (p *pbf) text(i int) string {
	if p.texts[i] == "" {
		p.texts[i] = string(bytes.ToValidUTF8(p.strings[i], []byte("\uFFFD")))
	}
	return p.texts[i]
}

func (p *pbf) node(data []byte) error {
	var id, lat, lon int64
	var keys, vals []byte
	err := eachField(data, func(f field) error {
		switch n := protowire.DecodeZigZag(f.varint); f.num {
		case 1:
			id = n
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 8:
			lat = n
		case 9:
			lon = n
		}
		return nil
	})
	if err != nil || !p.v.wanted(id) {
		return err
	}
	tags := map[string]string{}
	if err := p.tags(keys, vals, func(k, v int) {
		if p.uses[k]&onNode != 0 {
			tags[p.text(k)] = p.text(v)
		}
	}); err != nil {
		return err
	}
	if !street.IsMark(tags) {
		tags = nil
	}
	p.visitNode(id, lat, lon, tags)
	return nil
}

// dense reads nodes written as three columns of differences, and a fourth of the
// keys and values of each node, ended by 0; it may be left out.
func (p *pbf) dense(data []byte) error {
	var ids, lats, lons, tagged []byte
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			ids = f.bytes
		case 8:
			lats = f.bytes
		case 9:
			lons = f.bytes
		case 10:
			tagged = f.bytes
		}
		return nil
	})
	if err != nil {
		return err
	}
	var id, lat, lon int64
	for len(ids) > 0 {
		if !addNext(&ids, &id) || !addNext(&lats, &lat) || !addNext(&lons, &lon) {
			return errPBF
		}
		if err := p.lookUp(); err != nil {
			return err
		}
		wanted := p.v.wanted(id)
		var tags map[string]string
		for len(tagged) > 0 {
			if tagged[0] == 0 {
				tagged = tagged[1:]
				break
			}
			k, okKey := p.nextString(&tagged)
			v, okVal := p.nextString(&tagged)
			if !okKey || !okVal {
				return errPBF
			}
			if wanted && p.uses[k]&onNode != 0 {
				if tags == nil {
					tags = map[string]string{}
				}
				tags[p.text(k)] = p.text(v)
			}
		}
		if wanted {
			if !street.IsMark(tags) {
				tags = nil
			}
			p.visitNode(id, lat, lon, tags)
		}
	}
	return nil
}

func (p *pbf) visitNode(id, lat, lon int64, tags map[string]string) {
	// Dividing by a power of ten that is exact gives the number nearest to the
	// decimal that XML writes: both formats of one extract give equal positions.
	at := geo.LonLat{Lon: float64(p.lonOffset+p.granularity*lon) / 1e9, Lat: float64(p.latOffset+p.granularity*lat) / 1e9}
	var bad *source.Fault
	if why := source.PositionFault(at); why != "" {
		bad = &source.Fault{Field: "lon, lat", Value: source.PositionText([]float64{at.Lon, at.Lat}), Reason: why}
	}
	p.v.node(source.Address{File: p.name, Row: 0}, id, at, tags, bad)
}

// wayFields splits a way: its id, and its keys, values and nodes still packed.
func wayFields(data []byte) (id int64, keys, vals, refs []byte, err error) {
	err = eachField(data, func(f field) error {
		switch f.num {
		case 1:
			id = int64(f.varint)
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 8:
			refs = f.bytes
		}
		return nil
	})
	return id, keys, vals, refs, err
}

// tags reads two columns of keys and values as positions in the string table.
func (p *pbf) tags(keys, vals []byte, each func(k, v int)) error {
	for len(keys) > 0 {
		k, okKey := p.nextString(&keys)
		v, okVal := p.nextString(&vals)
		if !okKey || !okVal {
			return errPBF
		}
		each(k, v)
	}
	return nil
}

// refs reads the nodes of a way, if it is a road.
func (p *pbf) refs(data []byte) error {
	_, keys, vals, refs, err := wayFields(data)
	if err != nil {
		return err
	}
	isRoad := false
	err = p.tags(keys, vals, func(k, v int) {
		u := p.uses[k]
		isRoad = isRoad || u&isHighway != 0 && len(p.strings[v]) > 0 || u&isRoute != 0 && string(p.strings[v]) == "ferry"
	})
	if err != nil || !isRoad {
		return err
	}
	p.nodes = p.nodes[:0]
	for id := int64(0); len(refs) > 0; {
		if !addNext(&refs, &id) {
			return errPBF
		}
		p.nodes = append(p.nodes, id)
	}
	p.v.refs(p.nodes)
	return nil
}

func (p *pbf) way(data []byte) error {
	id, keys, vals, refs, err := wayFields(data)
	if err != nil {
		return err
	}
	w := osmWay{at: source.Address{File: p.name}, id: id, tags: map[string]string{}}
	err = p.tags(keys, vals, func(k, v int) {
		if p.uses[k]&onRoad != 0 {
			w.tags[p.text(k)] = p.text(v)
		}
	})
	if err != nil || !isRoad(w.tags) {
		return err
	}
	p.rank++
	w.at.Row = p.rank
	w.nodes = make([]int64, 0, len(refs)/2)
	for id := int64(0); len(refs) > 0; {
		if !addNext(&refs, &id) {
			return errPBF
		}
		w.nodes = append(w.nodes, id)
	}
	return p.v.way(w)
}

// relation reads a relation, and hands it over when it is a turn restriction.
func (p *pbf) relation(data []byte) error {
	t := osmTurn{tags: map[string]string{}}
	var keys, vals, roles, members, kinds []byte
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			t.id = int64(f.varint)
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 8:
			roles = f.bytes
		case 9:
			members = f.bytes
		case 10:
			kinds = f.bytes
		}
		return nil
	})
	if err != nil {
		return err
	}
	restriction := false
	err = p.tags(keys, vals, func(k, v int) {
		switch u := p.uses[k]; {
		case u&isType != 0:
			restriction = string(p.strings[v]) == "restriction"
		case u&onTurn != 0:
			t.tags[p.text(k)] = p.text(v)
		}
	})
	if err != nil || !restriction {
		return err
	}
	for id := int64(0); len(members) > 0; {
		role, ok := p.nextString(&roles)
		kind, n := protowire.ConsumeVarint(kinds)
		if !ok || n < 0 || !addNext(&members, &id) {
			return errPBF
		}
		kinds = kinds[n:]
		if kind < 3 {
			t.join("nwr"[kind], id, p.text(role))
		}
	}
	if t.ok() {
		p.v.turn(t)
	}
	return nil
}

// nextString reads one position in the string table.
func (p *pbf) nextString(column *[]byte) (int, bool) {
	i, n := protowire.ConsumeVarint(*column)
	if n < 0 || i >= uint64(len(p.strings)) {
		return 0, false
	}
	*column = (*column)[n:]
	return int(i), true
}

// addNext reads one difference of a column and adds it to sum.
func addNext(column *[]byte, sum *int64) bool {
	v, n := protowire.ConsumeVarint(*column)
	if n < 0 {
		return false
	}
	*column = (*column)[n:]
	*sum += protowire.DecodeZigZag(v)
	return true
}

// field is one field of a protocol buffer message: a number or bytes.
type field struct {
	num    protowire.Number
	varint uint64
	bytes  []byte
}

// eachField reads a message field by field; those of other wire types are passed
// over. The error is errPBF when data is no message.
func eachField(data []byte, use func(field) error) error {
	for len(data) > 0 {
		num, typ, n := protowire.ConsumeTag(data)
		if n < 0 {
			return errPBF
		}
		data = data[n:]
		f := field{num: num}
		switch typ {
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(data)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(data)
		default:
			n = protowire.ConsumeFieldValue(num, typ, data)
		}
		if n < 0 {
			return errPBF
		}
		data = data[n:]
		if typ != protowire.VarintType && typ != protowire.BytesType {
			continue
		}
		if err := use(f); err != nil {
			return err
		}
	}
	return nil
}
