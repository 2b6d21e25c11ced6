package osm

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// scanXML reads OSM XML by tokens, which gives the line of each fault and builds
// little for the objects that are passed over.
func scanXML(name string, r io.Reader, v visitor) error {
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
			switch e.Name.Local {
			case "osm":
			case "osmChange":
				return source.FailAt(name, x.line(), "c'est une liste de modifications (osmChange) ; attendu un extrait complet : appliquez-les d'abord à l'extrait, par exemple avec osmium apply-changes")
			default:
				return source.FailAt(name, x.line(), "élément <%s> à la racine ; attendu <osm>", source.Shorten(e.Name.Local))
			}
			root = true
		case e.Name.Local == "node" && v.anyNode != nil:
			v.anyNode()
		case e.Name.Local == "node" && v.node != nil:
			err = x.node(e)
		case e.Name.Local == "way" && v.way != nil:
			err = x.way(e)
		case e.Name.Local == "relation" && v.relation != nil:
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
	v    visitor
	in   *meter
	dec  *xml.Decoder
	open []string // elements begun and not ended

	n osmNode // the object being read
	w osmWay
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

// head reads what every object has. Without a number, ok is false.
func (x *osmXML) head(e xml.StartElement) (h head, ok bool) {
	h.at = source.Address{File: x.name, Row: x.line()}
	var version, seconds int64
	edited := false
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "id":
			id, err := strconv.ParseInt(a.Value, 10, 64)
			h.id, ok = id, err == nil
		case "version":
			version, _ = strconv.ParseInt(a.Value, 10, 64)
		case "timestamp":
			if t, err := time.Parse(time.RFC3339, a.Value); err == nil {
				seconds = t.Unix()
			}
		case "visible":
			h.deleted = h.deleted || a.Value == "false"
		case "action":
			edited = true
			h.deleted = h.deleted || a.Value == "delete"
		}
	}
	h.stamp = newStamp(version, edited, seconds)
	return h, ok
}

// node reads a node that is wanted, or has an address.
func (x *osmXML) node(e xml.StartElement) error {
	h, ok := x.head(e)
	if !ok {
		return nil
	}
	n := &x.n
	n.head, n.tags = h, n.tags[:0]
	wanted := x.v.wantsNode(n.id)
	kept := keptOnNode(wanted)
	err := x.children(e, func(e xml.StartElement) {
		if e.Name.Local != "tag" {
			return
		}
		if k := attr(e, "k"); keyUses(k)&kept != 0 {
			n.tags = append(n.tags, tag{k, attr(e, "v")})
		}
	})
	if err == nil && (wanted || isAddress(n.tags)) {
		n.p, n.bad = geo.LonLat{}, nil
		if !n.deleted {
			n.p, n.bad = source.ParsePosition("lon", attr(e, "lon"), "lat", attr(e, "lat"))
		}
		x.v.node(n)
	}
	return err
}

// relation reads a relation, with all its tags.
func (x *osmXML) relation(e xml.StartElement) error {
	h, ok := x.head(e)
	r := osmRelation{head: h, broken: !ok}
	err := x.children(e, func(e xml.StartElement) {
		switch e.Name.Local {
		case "member":
			id, err := strconv.ParseInt(attr(e, "ref"), 10, 64)
			kind := attr(e, "type")
			r.broken = r.broken || err != nil || kind == ""
			if !r.broken {
				r.members = append(r.members, member{kind[0], id, attr(e, "role")})
			}
		case "tag":
			r.tags = append(r.tags, tag{attr(e, "k"), attr(e, "v")})
		}
	})
	if err == nil {
		x.v.relation(&r)
	}
	return err
}

// way reads a way up to its end, and hands it over when it is wanted.
func (x *osmXML) way(start xml.StartElement) error {
	w := &x.w
	w.nodes, w.tags, w.uses = w.nodes[:0], w.tags[:0], 0
	var bad *source.Fault
	fault := func(field, text string) {
		if bad == nil {
			bad = &source.Fault{Field: field, Value: text, Reason: "numéro non compris ; attendu un entier"}
		}
	}
	var ok bool
	if w.head, ok = x.head(start); !ok {
		fault("way id", attr(start, "id"))
	}
	err := x.children(start, func(e xml.StartElement) {
		switch e.Name.Local {
		case "nd":
			id, err := strconv.ParseInt(attr(e, "ref"), 10, 64)
			if err != nil {
				fault(fmt.Sprintf("way/%d nd ref", w.id), attr(e, "ref"))
			}
			w.nodes = append(w.nodes, id)
		case "tag":
			k, v := attr(e, "k"), attr(e, "v")
			w.tags = append(w.tags, tag{k, v})
			w.uses |= usesOf(k, v)
		}
	})
	if err != nil {
		return err
	}
	if bad != nil {
		if x.v.bad != nil && w.uses&isRoad != 0 && !w.deleted {
			return x.v.bad(w.at, bad.Field, bad.Value, bad.Reason)
		}
		return nil
	}
	if !x.v.wantsWay(&w.head, w.uses) {
		return nil
	}
	return x.v.way(w)
}
