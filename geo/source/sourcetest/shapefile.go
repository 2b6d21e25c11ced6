package sourcetest

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// ShpOf makes a .shp of one record per outline, on the ground.
func ShpOf(kind uint32, outlines ...[]orb.Ring) string {
	shapes := make([][][][3]float64, len(outlines))
	for i, rings := range outlines {
		for _, r := range rings {
			var part [][3]float64
			for _, p := range r {
				part = append(part, [3]float64{p[0], p[1], 0})
			}
			shapes[i] = append(shapes[i], part)
		}
	}
	return ShapesOf(kind, shapes...)
}

// ShapesOf makes a .shp of polygons (5), polylines (3) or points (1), with elevations (+10)
// or without: one record per shape, of parts of positions. An empty shape of points is null.
func ShapesOf(kind uint32, shapes ...[][][3]float64) string {
	var records []byte
	float := func(b []byte, v float64) []byte { return binary.LittleEndian.AppendUint64(b, math.Float64bits(v)) }
	for i, parts := range shapes {
		var content []byte
		switch {
		case kind%10 == 1 && len(parts) == 0:
			content = binary.LittleEndian.AppendUint32(content, 0)
		case kind%10 == 1:
			content = binary.LittleEndian.AppendUint32(content, kind)
			for k := range 3 {
				if p := parts[0][0]; k < 2 || kind > 10 {
					content = float(content, p[k])
				}
			}
			if kind > 10 {
				content = float(content, 0) // a measure
			}
		default:
			content = polyOf(kind, parts, float)
		}
		records = binary.BigEndian.AppendUint32(records, uint32(i+1))
		records = binary.BigEndian.AppendUint32(records, uint32(len(content)/2))
		records = append(records, content...)
	}
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header, 9994)
	binary.BigEndian.PutUint32(header[24:], uint32((100+len(records))/2))
	binary.LittleEndian.PutUint32(header[28:], 1000)
	binary.LittleEndian.PutUint32(header[32:], kind)
	return string(append(header, records...))
}

// polyOf is the content of the record of a polygon or polyline.
func polyOf(kind uint32, parts [][][3]float64, float func([]byte, float64) []byte) []byte {
	content := append(binary.LittleEndian.AppendUint32(nil, kind), make([]byte, 32)...)
	points := 0
	for _, part := range parts {
		points += len(part)
	}
	content = binary.LittleEndian.AppendUint32(content, uint32(len(parts)))
	content = binary.LittleEndian.AppendUint32(content, uint32(points))
	start := uint32(0)
	for _, part := range parts {
		content = binary.LittleEndian.AppendUint32(content, start)
		start += uint32(len(part))
	}
	for _, part := range parts {
		for _, p := range part {
			content = float(float(content, p[0]), p[1])
		}
	}
	if kind > 10 {
		content = append(content, make([]byte, 16)...) // their range
		for _, part := range parts {
			for _, p := range part {
				content = float(content, p[2])
			}
		}
	}
	return content
}

// DbfWidth is how many bytes every column of [DbfOf] has.
const DbfWidth = 60

// DbfOf makes a .dbf of texts ("C") and numbers ("N:name"). What a row lacks at its end is
// empty; the row nil is deleted.
func DbfOf(names []string, rows ...[]string) string {
	const width = DbfWidth
	h := make([]byte, 32)
	h[0] = 3
	binary.LittleEndian.PutUint32(h[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(h[8:], uint16(32+32*len(names)+1))
	binary.LittleEndian.PutUint16(h[10:], uint16(1+width*len(names)))
	for _, n := range names {
		f := make([]byte, 32)
		f[11], f[16] = 'C', width
		if rest, ok := strings.CutPrefix(n, "N:"); ok {
			n, f[11] = rest, 'N'
		}
		copy(f[:10], n)
		h = append(h, f...)
	}
	h = append(h, '\r')
	for _, r := range rows {
		mark := byte(' ')
		if r == nil {
			mark = '*'
		}
		h = append(h, mark)
		for _, v := range append(slices.Clone(r), make([]string, len(names)-len(r))...) {
			h = append(h, (v + strings.Repeat(" ", width))[:width]...)
		}
	}
	return string(h)
}
