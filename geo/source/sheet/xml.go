package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// cut is the start of a text, copied: the rest is let go.
func cut(s string, most int) string {
	return strings.ToValidUTF8(strings.Clone(s[:min(len(s), most)]), "")
}

func attribute(e xml.StartElement, space, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && (space == "" || a.Name.Space == space) {
			return a.Value
		}
	}
	return ""
}

// xmlReader reads XML token by token, without keeping the elements that are open,
// and fails at a token, or a row, of more than 8 MiB.
type xmlReader struct {
	dec    *xml.Decoder
	budget *source.Budget
}

var errXML = errors.New("XML invalide ou tronqué ; attendu un classeur XLSX")

func newXMLReader(r io.Reader) *xmlReader {
	x := &xmlReader{budget: &source.Budget{Reader: r}}
	x.dec = xml.NewDecoder(x.budget)
	x.dec.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errXML } // the format is in UTF-8
	return x
}

// token reads a token; io.EOF at the end.
func (x *xmlReader) token() (xml.Token, error) {
	t, err := x.dec.RawToken()
	switch {
	case err == nil || err == io.EOF:
		return t, err
	case errors.Is(err, source.ErrBudget):
		return nil, errors.New("ligne ou texte de plus de 8 Mio ; attendu un tableau")
	}
	return nil, errXML
}

// start reads up to the next element that starts.
func (x *xmlReader) start() (xml.StartElement, error) {
	for {
		x.budget.Renew()
		t, err := x.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if e, ok := t.(xml.StartElement); ok {
			return e, nil
		}
	}
}

// text reads the text of an element that has started: of its elements "t", but for
// those that say how it is pronounced.
func (x *xmlReader) text(until string) (string, error) {
	var b strings.Builder
	inside, phonetic := false, false
	for {
		t, err := x.token()
		if err != nil {
			return "", errXML
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside = t.Name.Local == "t"
			phonetic = phonetic || t.Name.Local == "rPh"
		case xml.EndElement:
			inside = false
			switch t.Name.Local {
			case until:
				return b.String(), nil
			case "rPh":
				phonetic = false
			}
		case xml.CharData:
			if inside && !phonetic {
				b.Write(t[:min(len(t), maxText-b.Len())])
			}
		}
	}
}
