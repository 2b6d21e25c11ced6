package osm

import (
	"bytes"
	"context"
	"errors"
	"io"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// scanPBF reads a file blob by blob. What a cache holds is of this file.
func scanPBF(ctx context.Context, name string, r io.Reader, cache *blobCache, v visitor) error {
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

type pbf struct {
	ctx  context.Context
	work int // members and nodes since ctx was looked at
	name string
	v    visitor
	rank int // roads read

	// Of the block being read. Positions are (offset + granularity · n) nanodegrees,
	// times n · dateGranularity milliseconds.
	strings              [][]byte
	texts                []string // strings as text, made when first asked for
	uses                 []uses   // what each string is, as a key
	granularity          int64
	latOffset, lonOffset int64
	dateGranularity      int64

	n osmNode // the object being read
	w osmWay
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
	p.strings, p.granularity, p.dateGranularity, p.latOffset, p.lonOffset = p.strings[:0], 100, 1000, 0, 0
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
		case 18:
			p.dateGranularity = int64(f.varint)
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
		p.texts, p.uses = append(p.texts, ""), append(p.uses, keyUses(string(s)))
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
	case f.num <= 2 && p.v.anyNode != nil:
		p.v.anyNode()
	case f.num == 1 && p.v.node != nil:
		return p.node(f.bytes)
	case f.num == 2 && p.v.node != nil:
		return p.dense(f.bytes)
	case f.num == 3 && p.v.way != nil:
		return p.way(f.bytes)
	case f.num == 4 && p.v.relation != nil:
		return p.relation(f.bytes)
	}
	return nil
}

// text is a string of the block as text.
func (p *pbf) text(i int) string {
	if p.texts[i] == "" {
		p.texts[i] = string(bytes.ToValidUTF8(p.strings[i], []byte("\uFFFD")))
	}
	return p.texts[i]
}

// stampOf reads the Info of an object: its stamp, and whether it is deleted.
func (p *pbf) stampOf(info []byte) (s stamp, deleted bool, err error) {
	var version, time int64
	visible := true
	err = eachField(info, func(f field) error {
		switch f.num {
		case 1:
			version = int64(f.varint)
		case 2:
			time = int64(f.varint)
		case 6:
			visible = f.varint != 0
		}
		return nil
	})
	return newStamp(version, false, p.seconds(time)), !visible, err
}

func (p *pbf) seconds(time int64) int64 {
	const perSecond = 1000
	if p.dateGranularity%perSecond == 0 {
		return time * (p.dateGranularity / perSecond)
	}
	return time * p.dateGranularity / perSecond
}

func (p *pbf) node(data []byte) error {
	var id, lat, lon int64
	var keys, vals, info []byte
	err := eachField(data, func(f field) error {
		switch n := protowire.DecodeZigZag(f.varint); f.num {
		case 1:
			id = n
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 4:
			info = f.bytes
		case 8:
			lat = n
		case 9:
			lon = n
		}
		return nil
	})
	if err != nil {
		return err
	}
	wanted := p.v.wantsNode(id)
	if !wanted && len(keys) == 0 {
		return nil
	}
	if p.n.tags, err = p.tags(p.n.tags[:0], keys, vals, keptOnNode(wanted)); err != nil {
		return err
	}
	if wanted || isAddress(p.n.tags) {
		p.n.id = id
		if p.n.stamp, p.n.deleted, err = p.stampOf(info); err != nil {
			return err
		}
		p.visitNode(lat, lon)
	}
	return nil
}

// keptOnNode is where the keys matter that are kept on a node.
func keptOnNode(wanted bool) uses {
	if wanted {
		return onNode | onAddress
	}
	return onAddress
}

// dense reads nodes written as three columns of differences, one of the keys and
// values of each node, ended by 0, and three of what their Info says; the last four may
// be left out.
func (p *pbf) dense(data []byte) error {
	var ids, lats, lons, tagged, info, versions, times, visibles []byte
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			ids = f.bytes
		case 5:
			info = f.bytes
		case 8:
			lats = f.bytes
		case 9:
			lons = f.bytes
		case 10:
			tagged = f.bytes
		}
		return nil
	})
	if err == nil {
		err = eachField(info, func(f field) error {
			switch f.num {
			case 1:
				versions = f.bytes
			case 2:
				times = f.bytes
			case 6:
				visibles = f.bytes
			}
			return nil
		})
	}
	if err != nil {
		return err
	}
	timed, seen := len(times) > 0, len(visibles) > 0
	var id, lat, lon, time int64
	for len(ids) > 0 {
		if !addNext(&ids, &id) || !addNext(&lats, &lat) || !addNext(&lons, &lon) || timed && !addNext(&times, &time) {
			return errPBF
		}
		version, visible := uint64(0), uint64(1)
		if len(versions) > 0 && !next(&versions, &version) || seen && !next(&visibles, &visible) {
			return errPBF
		}
		if err := p.lookUp(); err != nil {
			return err
		}
		wanted := p.v.wantsNode(id)
		kept := keptOnNode(wanted)
		p.n.tags = p.n.tags[:0]
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
			if p.uses[k]&kept != 0 {
				p.n.tags = append(p.n.tags, tag{p.text(k), p.text(v)})
			}
		}
		if wanted || isAddress(p.n.tags) {
			p.n.id, p.n.stamp, p.n.deleted = id, newStamp(int64(version), false, p.seconds(time)), visible == 0
			p.visitNode(lat, lon)
		}
	}
	return nil
}

// visitNode hands over p.n at a position.
func (p *pbf) visitNode(lat, lon int64) {
	// Dividing by a power of ten that is exact gives the number nearest to the
	// decimal that XML writes: both formats of one extract give equal positions.
	at := geo.LonLat{Lon: float64(p.lonOffset+p.granularity*lon) / 1e9, Lat: float64(p.latOffset+p.granularity*lat) / 1e9}
	p.n.at, p.n.p, p.n.bad = source.Address{File: p.name}, at, nil
	if why := source.PositionFault(at); why != "" && !p.n.deleted {
		p.n.bad = &source.Fault{Field: "lon, lat", Value: source.PositionText([]float64{at.Lon, at.Lat}), Reason: why}
	}
	p.v.node(&p.n)
}

// tags reads two columns of keys and values as positions in the string table, and adds
// those that matter where it is asked.
func (p *pbf) tags(to tagList, keys, vals []byte, kept uses) (tagList, error) {
	for len(keys) > 0 {
		k, okKey := p.nextString(&keys)
		v, okVal := p.nextString(&vals)
		if !okKey || !okVal {
			return to, errPBF
		}
		if p.uses[k]&kept != 0 {
			to = append(to, tag{p.text(k), p.text(v)})
		}
	}
	return to, nil
}

// usesOf is what the tags of a way make of it.
func (p *pbf) usesOf(keys, vals []byte) (u uses, err error) {
	for len(keys) > 0 {
		k, okKey := p.nextString(&keys)
		v, okVal := p.nextString(&vals)
		if !okKey || !okVal {
			return u, errPBF
		}
		if p.uses[k]&tells != 0 {
			u |= usesOf(p.text(k), p.text(v))
		}
	}
	return u, nil
}

// errUnwanted ends the reading of a way that nobody asks for.
var errUnwanted = errors.New("unwanted")

func (p *pbf) way(data []byte) error {
	var keys, vals, refs, info []byte
	w := &p.w
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			if w.id = int64(f.varint); p.v.wantsID != nil && !p.v.wantsID(w.id) {
				return errUnwanted // the id comes first
			}
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 4:
			info = f.bytes
		case 8:
			refs = f.bytes
		}
		return nil
	})
	if errors.Is(err, errUnwanted) {
		return nil
	}
	if err != nil {
		return err
	}
	if w.uses, err = p.usesOf(keys, vals); err != nil {
		return err
	}
	if w.stamp, w.deleted, err = p.stampOf(info); err != nil {
		return err
	}
	w.at = source.Address{File: p.name}
	if w.uses&isRoad != 0 {
		p.rank++
		w.at.Row = p.rank
	}
	if !p.v.wantsWay(&w.head, w.uses) {
		return nil
	}
	if w.tags, err = p.tags(w.tags[:0], keys, vals, w.uses.keptOn()); err != nil {
		return err
	}
	w.nodes = w.nodes[:0]
	for id := int64(0); len(refs) > 0; {
		if !addNext(&refs, &id) {
			return errPBF
		}
		w.nodes = append(w.nodes, id)
	}
	return p.v.way(w)
}

// relation reads a relation, with all its tags.
func (p *pbf) relation(data []byte) error {
	r := osmRelation{head: head{at: source.Address{File: p.name}}}
	var keys, vals, roles, members, kinds, info []byte
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			r.id = int64(f.varint)
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 4:
			info = f.bytes
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
	for len(keys) > 0 {
		k, okKey := p.nextString(&keys)
		v, okVal := p.nextString(&vals)
		if !okKey || !okVal {
			return errPBF
		}
		r.tags = append(r.tags, tag{p.text(k), p.text(v)})
	}
	if r.stamp, r.deleted, err = p.stampOf(info); err != nil {
		return err
	}
	wanted := r.kind() != noRelation
	for id := int64(0); wanted && len(members) > 0; {
		role, ok := p.nextString(&roles)
		kind, n := protowire.ConsumeVarint(kinds)
		if !ok || n < 0 || !addNext(&members, &id) {
			return errPBF
		}
		kinds = kinds[n:]
		if kind < 3 {
			r.members = append(r.members, member{"nwr"[kind], id, p.text(role)})
		}
	}
	p.v.relation(&r)
	return nil
}

// nextString reads one position in the string table.
func (p *pbf) nextString(column *[]byte) (int, bool) {
	i := uint64(0)
	if !next(column, &i) || i >= uint64(len(p.strings)) {
		return 0, false
	}
	return int(i), true
}

// addNext reads one difference of a column and adds it to sum.
func addNext(column *[]byte, sum *int64) bool {
	if c := *column; len(c) > 0 && c[0] < 0x80 { // most are small
		*column = c[1:]
		*sum += protowire.DecodeZigZag(uint64(c[0]))
		return true
	}
	v, n := protowire.ConsumeVarint(*column)
	if n < 0 {
		return false
	}
	*column = (*column)[n:]
	*sum += protowire.DecodeZigZag(v)
	return true
}

// next reads one number of a column.
func next(column *[]byte, value *uint64) bool {
	if c := *column; len(c) > 0 && c[0] < 0x80 {
		*column, *value = c[1:], uint64(c[0])
		return true
	}
	v, n := protowire.ConsumeVarint(*column)
	if n < 0 {
		return false
	}
	*column, *value = (*column)[n:], v
	return true
}
