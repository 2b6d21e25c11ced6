package lieux

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// node is a value of JSON that knows where it stands, for errors that say so.
type node struct {
	kind    nodeKind
	key     string // of a member
	path    string // "champs.services[1].table"
	line    int
	value   string
	members []node
	items   []node
}

type nodeKind uint8

const (
	kindNull nodeKind = iota
	kindText
	kindNumber
	kindBool
	kindList
	kindObject
)

const maxDepth = 20

// parseNode reads a text that is one value. A key that is written twice is an error; one
// that begins with "_" is a remark, and left out.
func parseNode(data []byte) (node, error) {
	p := &nodeParser{data: data, d: json.NewDecoder(bytes.NewReader(data))}
	p.d.UseNumber()
	n, err := p.value("", 0)
	if err != nil {
		return n, err
	}
	if _, err := p.d.Token(); err != io.EOF {
		return n, fmt.Errorf("ligne %d: du texte suit la fin de l'objet ; attendu un seul objet JSON", p.line())
	}
	return n, nil
}

type nodeParser struct {
	data []byte
	d    *json.Decoder
}

func (p *nodeParser) line() int {
	return 1 + bytes.Count(p.data[:min(int(p.d.InputOffset()), len(p.data))], []byte{'\n'})
}

func (p *nodeParser) token() (json.Token, error) {
	t, err := p.d.Token()
	if err == nil {
		return t, nil
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("ligne %d: le fichier s'arrête au milieu ; attendu un objet JSON entier", p.line())
	}
	return nil, fmt.Errorf("ligne %d: JSON invalide ; attendu un objet avec « champs » (virgule en trop ? guillemet oublié ?)", p.line())
}

func (p *nodeParser) value(path string, depth int) (node, error) {
	t, err := p.token()
	if err != nil {
		return node{}, err
	}
	n := node{path: path, line: p.line()}
	if depth > maxDepth {
		return n, n.fault("objets emboîtés sans fin")
	}
	switch t := t.(type) {
	case string:
		n.kind, n.value = kindText, source.Clean(t)
		if n.value == "" {
			n.value = t // a blank that separates
		}
	case json.Number:
		n.kind, n.value = kindNumber, t.String()
	case bool:
		n.kind, n.value = kindBool, fmt.Sprint(t)
	case json.Delim:
		if t == '[' {
			n.kind = kindList
			for p.d.More() {
				item, err := p.value(fmt.Sprintf("%s[%d]", path, len(n.items)), depth+1)
				if err != nil {
					return n, err
				}
				n.items = append(n.items, item)
			}
		} else {
			n.kind = kindObject
			if err := p.object(&n, depth); err != nil {
				return n, err
			}
		}
		_, err = p.token() // the end
	}
	return n, err
}

func (p *nodeParser) object(n *node, depth int) error {
	seen := map[string]bool{}
	for p.d.More() {
		t, err := p.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		path := key
		if n.path != "" {
			path = n.path + "." + key
		}
		member, err := p.value(path, depth+1)
		if err != nil {
			return err
		}
		if member.key = key; strings.HasPrefix(key, "_") {
			continue
		}
		if seen[key] {
			return member.fault("clé écrite deux fois")
		}
		seen[key] = true
		n.members = append(n.members, member)
	}
	return nil
}

// fault is an error with the address of n.
func (n node) fault(format string, args ...any) error {
	at := fmt.Sprintf("ligne %d: ", n.line)
	if n.path != "" {
		at += source.Shorten(n.path) + " : "
	}
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = source.Shorten(s)
		}
	}
	return errors.New(at + fmt.Sprintf(format, args...))
}

// object checks that n is an object, which what describes, with no other than the known
// keys.
func (n node) object(what string, known []string) error {
	if n.kind != kindObject {
		return n.fault("attendu %s", what)
	}
	for _, m := range n.members {
		if !slices.Contains(known, m.key) {
			return fmt.Errorf("%w ; attendu %s", m.fault("clé inconnue"), strings.Join(known, ", "))
		}
	}
	return nil
}

// list is the elements of a list, or n itself.
func (n node) list() []node {
	if n.kind == kindList {
		return n.items
	}
	return []node{n}
}

// text is a text that is not empty.
func (n node) text() (string, error) {
	if n.kind != kindText || strings.TrimSpace(n.value) == "" {
		return "", n.fault("attendu un texte")
	}
	return n.value, nil
}

// anyText is a text that may be empty or a blank.
func (n node) anyText() (string, error) {
	if n.kind != kindText {
		return "", n.fault("attendu un texte")
	}
	return n.value, nil
}

// texts is a text, or a list of them; numbers are texts too.
func (n node) texts() ([]string, error) {
	var all []string
	for _, item := range n.list() {
		if item.kind == kindNumber || item.kind == kindBool {
			all = append(all, item.value)
			continue
		}
		text, err := item.anyText()
		if err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	if len(all) == 0 {
		return nil, n.fault("liste vide ; attendu un texte au moins")
	}
	return all, nil
}
