package layer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// dbf reads the attributes of a shapefile (dBASE III): a header, then records of a
// fixed length.
type dbf struct {
	decoder
	r      io.Reader
	fields []dbfField
	record []byte
	left   uint32 // records still to come
}

type dbfField struct {
	name    string // lower case
	kind    byte
	decimal bool
	at, end int // bytes of the record
}

var errDBF = errors.New("fichier .dbf non compris ou tronqué ; attendu du dBASE III")

// openDBF reads the header. encoding is the content of the .cpg file, "" when there
// is none; known reports that it was understood.
func openDBF(r io.Reader, encoding string) (d *dbf, known bool, err error) {
	var h [32]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, false, errDBF
	}
	d = &dbf{r: r, left: binary.LittleEndian.Uint32(h[4:])}
	header, record := int(binary.LittleEndian.Uint16(h[8:])), int(binary.LittleEndian.Uint16(h[10:]))
	if header < len(h)+1 || record < 1 {
		return nil, false, errDBF
	}
	described := make([]byte, header-len(h))
	if _, err := io.ReadFull(r, described); err != nil {
		return nil, false, errDBF
	}
	d.record = make([]byte, record)
	d.decoder, known = decoderOf(encoding, h[29])
	at := 1 // after the mark of deletion
	for len(described) >= 32 && described[0] != '\r' {
		f := described[:32]
		described = described[32:]
		name, _, _ := bytes.Cut(f[:11], []byte{0})
		end := at + int(f[16])
		if end > record {
			return nil, false, errDBF
		}
		d.fields = append(d.fields, dbfField{name: source.ColumnName(d.text(name, false)), kind: f[11], decimal: f[17] > 0, at: at, end: end})
		at = end
	}
	return d, known, nil
}

// next reads the next record that is not past the end. A deleted one has no values.
func (d *dbf) next() (values []Property, deleted bool, err error) {
	if d.left == 0 {
		return nil, false, io.EOF
	}
	d.left--
	if _, err := io.ReadFull(d.r, d.record); err != nil {
		return nil, false, errDBF
	}
	if d.record[0] == '*' {
		return nil, true, nil
	}
	values = make([]Property, len(d.fields))
	for i, f := range d.fields {
		values[i] = d.value(f, d.record[f.at:f.end])
	}
	return values, false, nil
}

func (d *dbf) value(f dbfField, raw []byte) Property {
	kept := bytes.TrimRight(raw, "\x00 ")
	text := source.Clean(strings.Trim(d.text(kept, len(kept) == len(raw)), "\x00 "))
	switch {
	case text == "" || strings.Trim(text, "*") == "": // stars: a number that did not fit
		return Property{}
	case f.kind == 'N' || f.kind == 'F':
		// "507.000" is a whole number that a program gave decimals.
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return Property{Numeric, strconv.FormatFloat(v, 'f', -1, 64)}
		}
		return Property{other, text}
	}
	return Property{Textual, text}
}
