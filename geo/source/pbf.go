package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aisne-numerique/maillage/geo"
)

// The PBF format of OpenStreetMap: a sequence of blobs, each a protocol buffer
// with its length before it, compressed on its own
// (wiki.openstreetmap.org/wiki/PBF_Format). It is read here because paulmach/osm
// v0.8.0 panics, in a goroutine of its own where nobody can recover, on nodes that
// are not "dense", which some tools write. Nothing below panics on any bytes.
const (
	maxBlobHeader = 64 << 10 // limits of the format
	maxBlob       = 32 << 20
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
	var kept []byte
	if c.size+len(data) <= maxKept {
		kept = append(make([]byte, 0, len(data)), data...)
		c.size += len(data)
	}
	c.blobs = append(c.blobs, kept)
}

// scanPBF reads a file blob by blob. What a cache holds is of this file.
func scanPBF(name string, r io.Reader, cache *blobCache, v osmVisitor) error {
	p := pbf{name: name, v: v, r: r, cache: cache}
	for {
		kind, data, err := p.blob()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return failAt(name, 0, "%v", err)
		case kind == "OSMHeader":
			err = p.header(data)
		case kind == "OSMData":
			err = p.block(data)
		}
		if errors.Is(err, errPBF) {
			return failAt(name, 0, "%v", err)
		}
		if err != nil {
			return err
		}
	}
}

type pbf struct {
	name  string
	v     osmVisitor
	r     io.Reader
	rank  int          // roads read
	raw   bytes.Buffer // the blob, inflated
	blobs int          // blobs read
	cache *blobCache

	// Of the block being read. Positions are (offset + granularity · n) nanodegrees.
	strings              [][]byte
	granularity          int64
	latOffset, lonOffset int64
}

// blob reads one blob and inflates it. data is valid until the next call.
func (p *pbf) blob() (kind string, data []byte, err error) {
	var size [4]byte
	if _, err := io.ReadFull(p.r, size[:]); err == io.EOF {
		return "", nil, io.EOF
	} else if err != nil {
		return "", nil, errPBF
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxBlobHeader {
		return "", nil, errPBF
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(p.r, header); err != nil {
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
	body := make([]byte, length)
	if _, err := io.ReadFull(p.r, body); err != nil {
		return "", nil, errPBF
	}
	rank := p.blobs
	p.blobs++
	if data, ok := p.cache.get(rank); ok {
		return kind, data, nil
	}
	if data, err = p.inflate(body); err == nil {
		p.cache.put(rank, data)
	}
	return kind, data, err
}

func (p *pbf) inflate(body []byte) ([]byte, error) {
	var raw, packed []byte
	other := protowire.Number(0)
	err := eachField(body, func(f field) error {
		switch f.num {
		case 1:
			raw = f.bytes
		case 2: // raw_size: a hint
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
	p.raw.Reset()
	if _, err := p.raw.ReadFrom(io.LimitReader(z, maxBlob+1)); err != nil || p.raw.Len() > maxBlob {
		return nil, errPBF
	}
	return p.raw.Bytes(), nil
}

// header refuses files that need what is not read here, above all histories,
// where one road is there many times.
func (p *pbf) header(data []byte) error {
	return eachField(data, func(f field) error {
		if f.num != 4 {
			return nil
		}
		if feature := string(f.bytes); feature != "OsmSchema-V0.6" && feature != "DenseNodes" {
			return failAt(p.name, 0, "le fichier demande « %s » ; attendu un extrait ordinaire d'OpenStreetMap", newFault("", 0, "", feature, "").Value)
		}
		return nil
	})
}

// block reads one PrimitiveBlock. What the groups rest on may come after them.
func (p *pbf) block(data []byte) error {
	p.strings, p.granularity, p.latOffset, p.lonOffset = p.strings[:0], 100, 0, 0
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
	for _, g := range groups {
		if err := eachField(g, p.group); err != nil {
			return err
		}
	}
	return nil
}

// group reads one member of a PrimitiveGroup.
func (p *pbf) group(f field) error {
	switch {
	case f.num == 1 && p.v.wanted != nil:
		return p.node(f.bytes)
	case f.num == 2 && p.v.wanted != nil:
		return p.dense(f.bytes)
	case f.num == 3:
		return p.way(f.bytes)
	}
	return nil
}

func (p *pbf) node(data []byte) error {
	var id, lat, lon int64
	err := eachField(data, func(f field) error {
		switch n := protowire.DecodeZigZag(f.varint); f.num {
		case 1:
			id = n
		case 8:
			lat = n
		case 9:
			lon = n
		}
		return nil
	})
	if err == nil {
		p.visitNode(id, lat, lon)
	}
	return err
}

// dense reads nodes written as three columns of differences.
func (p *pbf) dense(data []byte) error {
	var ids, lats, lons []byte
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			ids = f.bytes
		case 8:
			lats = f.bytes
		case 9:
			lons = f.bytes
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
		p.visitNode(id, lat, lon)
	}
	return nil
}

func (p *pbf) visitNode(id, lat, lon int64) {
	if !p.v.wanted(id) {
		return
	}
	// Dividing by a power of ten that is exact gives the number nearest to the
	// decimal that XML writes: both formats of one extract give equal positions.
	at := geo.LonLat{Lon: float64(p.lonOffset+p.granularity*lon) / 1e9, Lat: float64(p.latOffset+p.granularity*lat) / 1e9}
	var bad *fault
	if why := positionFault(at); why != "" {
		bad = &fault{"lon, lat", positionText([]float64{at.Lon, at.Lat}), why}
	}
	p.v.node(address{p.name, 0}, id, at, bad)
}

func (p *pbf) way(data []byte) error {
	w := osmWay{at: address{file: p.name}}
	var keys, vals, refs []byte
	err := eachField(data, func(f field) error {
		switch f.num {
		case 1:
			w.id = int64(f.varint)
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 8:
			refs = f.bytes
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.tags = make(map[string]string)
	for len(keys) > 0 {
		k, okKey := p.nextString(&keys)
		v, okVal := p.nextString(&vals)
		if !okKey || !okVal {
			return errPBF
		}
		if roadTags[string(k)] {
			w.tags[string(k)] = string(bytes.ToValidUTF8(v, []byte("\uFFFD")))
		}
	}
	if !isRoad(w.tags) {
		return nil
	}
	p.rank++
	w.at.row = p.rank
	for id := int64(0); len(refs) > 0; {
		if !addNext(&refs, &id) {
			return errPBF
		}
		w.nodes = append(w.nodes, id)
	}
	return p.v.way(w)
}

// nextString reads one position in the string table.
func (p *pbf) nextString(column *[]byte) ([]byte, bool) {
	i, n := protowire.ConsumeVarint(*column)
	if n < 0 || i >= uint64(len(p.strings)) {
		return nil, false
	}
	*column = (*column)[n:]
	return p.strings[i], true
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
