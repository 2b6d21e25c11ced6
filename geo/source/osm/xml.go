package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
)

// osmVisitor receives what a file holds, in one of two passes. The first has refs
// and turn: the nodes of each road, valid until refs returns, and the turn
// restrictions that are of use. The second has the rest: nodes that wanted wants,
// with the tags that matter or nil, bad saying what is wrong with a position; and
// roads, their tags trimmed, which the visitor keeps.
type osmVisitor struct {
	refs func(nodes []int64)
	turn func(osmTurn)

	wanted func(id int64) bool
	node   func(at source.Address, id int64, p geo.LonLat, tags map[string]string, bad *source.Fault)
	way    func(osmWay) error
	bad    func(at source.Address, field, value, reason string) error // a road that cannot be read
}

// osmFormat names the format of an OpenStreetMap file, "inconnu" when it has none.
func osmFormat(head []byte) string {
	switch {
	case source.IsPBF(head):
		return "OSM PBF"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "OSM XML (gzip)"
	case bytes.HasPrefix(head, []byte("BZh")):
		return "OSM XML (bzip2)"
	case source.Foreign(head) == "du XML":
		return "OSM XML"
	}
	return "inconnu"
}

// scanOSM makes one pass over a file.
func scanOSM(f source.File, kept *blobCache, v osmVisitor) error {
	format := osmFormat(f.Head)
	if format == "inconnu" {
		what := source.Foreign(f.Head)
		if what == "" {
			what = "un fichier d'un autre format"
		}
		return source.FailAt(f.Name, 0, "c'est %s ; attendu un fichier OpenStreetMap (.osm, .osm.gz, .osm.bz2 ou .osm.pbf)", what)
	}
	s, err := f.Open()
	if err != nil {
		return err
	}
	defer s.Close()
	switch format {
	case "OSM PBF":
		err = scanPBF(f.Context(), f.Name, s, kept, v)
	case "OSM XML":
		err = scanXML(f.Name, s, v)
	case "OSM XML (bzip2)":
		err = scanXML(f.Name, f.Interruptible(bzip2.NewReader(bufio.NewReader(s))), v)
	case "OSM XML (gzip)":
		z, zerr := gzip.NewReader(s)
		if zerr != nil {
			return source.FailAt(f.Name, 0, "fichier compressé illisible ; téléchargez-le de nouveau")
		}
		err = scanXML(f.Name, f.Interruptible(z), v)
	}
	if err != nil {
		return err
	}
	return s.Verify()
}

// scanXML reads OSM XML by tokens, which gives the line of each fault and builds
// nothing for the objects that are no road.
func scanXML(name string, r io.Reader, v osmVisitor) error {
	x := osmXML{name: name, v: v, in: &meter{Reader: r}}
	x.dec = xml.NewDecoder(bufio.NewReader(x.in))
	root := false
	for {
		x.in.used = 0
		t, err := x.token()
		if err == io.EOF {
			if !root {
				return source.FailAt(name, 0, "aucun élément <osm> ; attendu un fichier OpenStreetMap")
			}
			return nil
		}
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case !root:
			if e.Name.Local != "osm" {
				return source.FailAt(name, x.line(), "élément <%s> à la racine ; attendu <osm>", source.Shorten(e.Name.Local))
			}
			root = true
		case e.Name.Local == "node" && v.wanted != nil:
			err = x.node(e)
		case e.Name.Local == "way":
			err = x.way(e)
		case e.Name.Local == "relation" && v.turn != nil:
			err = x.relation(e)
		}
		if err != nil {
			return err
		}
	}
}

// meter fails when more than maxRecord bytes are read since it was reset: one
// element, or one text between elements, is that long.
type meter struct {
	io.Reader
	used int
}

var errElement = errors.New("élément de plus de 1 Mio")

func (m *meter) Read(b []byte) (int, error) {
	if m.used > source.MaxRecord {
		return 0, errElement
	}
	n, err := m.Reader.Read(b)
	m.used += n
	return n, err
}

type osmXML struct {
	name string
	v    osmVisitor
	in   *meter
	dec  *xml.Decoder
	open []string // elements begun and not ended
}

// token reads one token. OSM has no namespaces, so raw tokens do, with less
// work; that elements end as they begin is checked here instead. Its errors have
// an address, but io.EOF after the last element.
func (x *osmXML) token() (xml.Token, error) {
	const deepest = 16 // OSM nests three elements
	t, err := x.dec.RawToken()
	if err == io.EOF && len(x.open) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, x.broken(err)
	}
	switch e := t.(type) {
	case xml.StartElement:
		if len(x.open) == deepest {
			return nil, source.FailAt(x.name, x.line(), "plus de %d éléments emboîtés ; attendu un fichier OpenStreetMap", deepest)
		}
		x.open = append(x.open, e.Name.Local)
	case xml.EndElement:
		last := len(x.open) - 1
		if last < 0 || x.open[last] != e.Name.Local {
			return nil, x.broken(&xml.SyntaxError{Line: x.line()})
		}
		x.open = x.open[:last]
	}
	return t, nil
}

func (x *osmXML) line() int {
	line, _ := x.dec.InputPos()
	return line
}

func (x *osmXML) broken(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errElement):
		return source.FailAt(x.name, x.line(), "élément de plus de 1 Mio ; attendu un fichier OpenStreetMap")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return source.FailAt(x.name, x.line(), "le fichier s'arrête au milieu ; il est sans doute tronqué, téléchargez-le de nouveau")
	case errors.As(err, &syntax):
		if syntax.Msg == "unexpected EOF" {
			return x.broken(io.ErrUnexpectedEOF)
		}
		return source.FailAt(x.name, syntax.Line, "XML invalide ; attendu un fichier OpenStreetMap")
	}
	return source.FailAt(x.name, x.line(), "lecture interrompue ; le fichier est sans doute abîmé, téléchargez-le de nouveau")
}

// attr is the value of an attribute, "" when absent.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// children reads an element up to its end, and hands over the elements in it.
func (x *osmXML) children(of xml.StartElement, each func(xml.StartElement)) error {
	for {
		t, err := x.token() // the whole element is bounded, not each token
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			each(e)
		case xml.EndElement:
			if e.Name.Local == of.Name.Local {
				return nil
			}
		}
	}
}

// node reads a node that is wanted.
func (x *osmXML) node(e xml.StartElement) error {
	id, err := strconv.ParseInt(attr(e, "id"), 10, 64)
	if err != nil || !x.v.wanted(id) {
		return nil
	}
	at := source.Address{File: x.name, Row: x.line()}
	p, bad := source.ParsePosition("lon", attr(e, "lon"), "lat", attr(e, "lat"))
	tags := map[string]string{}
	err = x.children(e, func(e xml.StartElement) {
		if e.Name.Local == "tag" && street.IsMarkTag(attr(e, "k")) {
			tags[attr(e, "k")] = attr(e, "v")
		}
	})
	if !street.IsMark(tags) {
		tags = nil
	}
	if err == nil {
		x.v.node(at, id, p, tags, bad)
	}
	return err
}

// relation reads a relation, and hands it over when it is a turn restriction.
func (x *osmXML) relation(e xml.StartElement) error {
	t := osmTurn{tags: map[string]string{}}
	restriction, broken := false, false
	number := func(text string) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		broken = broken || err != nil
		return n
	}
	t.id = number(attr(e, "id"))
	err := x.children(e, func(e xml.StartElement) {
		switch e.Name.Local {
		case "member":
			if kind := attr(e, "type"); kind != "" {
				t.join(kind[0], number(attr(e, "ref")), attr(e, "role"))
			}
		case "tag":
			switch k := attr(e, "k"); {
			case k == "type":
				restriction = attr(e, "v") == "restriction"
			case street.IsTurnTag(k):
				t.tags[k] = attr(e, "v")
			}
		}
	})
	if err == nil && restriction && !broken && t.ok() {
		x.v.turn(t)
	}
	return err
}

// way reads a way up to its end, and hands it over when it is a road.
func (x *osmXML) way(start xml.StartElement) error {
	w := osmWay{at: source.Address{File: x.name, Row: x.line()}, tags: map[string]string{}}
	var bad *source.Fault
	number := func(field, text string) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil && bad == nil {
			bad = &source.Fault{Field: field, Value: text, Reason: "numéro non compris ; attendu un entier"}
		}
		return n
	}
	w.id = number("way id", attr(start, "id"))
	err := x.children(start, func(e xml.StartElement) {
		switch e.Name.Local {
		case "nd":
			w.nodes = append(w.nodes, number(fmt.Sprintf("way/%d nd ref", w.id), attr(e, "ref")))
		case "tag":
			w.tags[attr(e, "k")] = attr(e, "v")
		}
	})
	switch {
	case err != nil:
		return err
	case !isRoad(w.tags):
		return nil
	case bad != nil && x.v.bad != nil:
		return x.v.bad(w.at, bad.Field, bad.Value, bad.Reason)
	case bad != nil:
		return nil
	case x.v.way == nil:
		x.v.refs(w.nodes)
		return nil
	}
	maps.DeleteFunc(w.tags, func(k, _ string) bool { return !street.IsRoadTag(k) })
	return x.v.way(w)
}
