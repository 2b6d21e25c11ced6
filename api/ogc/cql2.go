package ogc

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Filters are CQL2 text: the classes Basic CQL2 and Advanced Comparison Operators. A
// comparison with an unknown value is itself unknown, and only what is true is selected.

// truth is a value of three-valued logic.
type truth int8

const (
	no truth = iota
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// operand gives a string, a float64, a bool, or nil for unknown.
type operand struct {
	kind string // "TEXT", "NUMBER", "BOOLEAN" or "GEOMETRY", of which only being known is asked
	of   func(row int) any
}

func constant(v any) operand {
	kind := "NUMBER"
	switch v.(type) {
	case string:
		kind = "TEXT"
	case bool:
		kind = "BOOLEAN"
	}
	return operand{kind, func(int) any { return v }}
}

func (c *Collection) operand(property int) operand {
	kind := "NUMBER"
	if c.Properties[property].Type == "TEXT" {
		kind = "TEXT"
	}
	return operand{kind, func(row int) any { return c.Value(row, property) }}
}

// geometry stands for the shape of a feature, known or not.
func (c *Collection) geometry() operand {
	return operand{"GEOMETRY", func(row int) any {
		if c.shapes[row] == nil {
			return nil
		}
		return c.shapes[row]
	}}
}

// compare applies one of = <> < > <= >=.
func compare(a operand, op string, b operand) func(int) truth {
	return func(row int) truth {
		x, y := a.of(row), b.of(row)
		if x == nil || y == nil {
			return unknown
		}
		return truthOf(holds(op, order(x, y)))
	}
}

func order(x, y any) int {
	switch x := x.(type) {
	case string:
		return strings.Compare(x, y.(string))
	case bool:
		y := y.(bool)
		return int(truthOf(x)) - int(truthOf(y))
	}
	a, b := x.(float64), y.(float64)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func holds(op string, order int) bool {
	switch op {
	case "=":
		return order == 0
	case "<>":
		return order != 0
	case "<":
		return order < 0
	case ">":
		return order > 0
	case "<=":
		return order <= 0
	}
	return order >= 0
}

func all(parts []func(int) truth) func(int) truth {
	return func(row int) truth {
		least := yes
		for _, p := range parts {
			least = min(least, p(row))
		}
		return least
	}
}

func anyOf(parts []func(int) truth) func(int) truth {
	return func(row int) truth {
		most := no
		for _, p := range parts {
			most = max(most, p(row))
		}
		return most
	}
}

func not(p func(int) truth) func(int) truth { return func(row int) truth { return yes - p(row) } }

var tokens = regexp.MustCompile(`^(?:\s+|('(?:[^'\\]|\\[\s\S]|'')*')|("(?:[^"]|"")*")|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(<=|>=|<>|[=<>(),])|([\p{L}_:][\p{L}\p{N}_:.]*))`)

type token struct {
	kind byte // 't'ext, 'q'uoted name, 'n'umber, 'o'perator, 'w'ord, 0 at the end
	text string
	at   int // characters before it
}

// depth bounds how far parentheses and NOT nest: what is parsed by recursion comes from
// anybody.
const depth = 64

type parser struct {
	tokens []token
	next   int
	depth  int
	c      *Collection
	text   string
}

// parseFilter reads an expression over the properties of a collection.
func parseFilter(text string, c *Collection) (func(int) truth, error) {
	p := &parser{c: c, text: text}
	for at := 0; at < len(text); {
		m := tokens.FindStringSubmatchIndex(text[at:])
		if m == nil {
			r, _ := utf8.DecodeRuneInString(text[at:])
			return nil, p.wrong(utf8.RuneCountInString(text[:at]), fmt.Sprintf("une expression CQL2 ; « %c » n'en est pas un signe", r))
		}
		for i, kind := range []byte("tqnow") {
			if from, to := m[2*i+2], m[2*i+3]; from >= 0 {
				p.tokens = append(p.tokens, token{kind, text[at+from : at+to], utf8.RuneCountInString(text[:at+from])})
			}
		}
		at += m[1]
	}
	p.tokens = append(p.tokens, token{at: utf8.RuneCountInString(text)})
	f, err := p.either()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != 0 {
		return nil, p.wrong(t.at, "AND, OR ou la fin, au lieu de « "+shortened(t.text)+" »")
	}
	return f, nil
}

func (p *parser) wrong(at int, expected string) error {
	return &ParamError{"filter", shortened(p.text), fmt.Sprintf("au caractère %d, %s", at+1, expected)}
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) word(words ...string) bool {
	for i, w := range words {
		if t := p.tokens[min(p.next+i, len(p.tokens)-1)]; t.kind != 'w' || !strings.EqualFold(t.text, w) {
			return false
		}
	}
	p.next += len(words)
	return true
}

func (p *parser) sign(text string) bool {
	if t := p.peek(); t.kind == 'o' && t.text == text {
		p.next++
		return true
	}
	return false
}

func (p *parser) either() (func(int) truth, error) {
	return p.joined("OR", anyOf, func() (func(int) truth, error) { return p.joined("AND", all, p.term) })
}

func (p *parser) joined(word string, join func([]func(int) truth) func(int) truth, part func() (func(int) truth, error)) (func(int) truth, error) {
	var parts []func(int) truth
	for {
		f, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
		if !p.word(word) {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return join(parts), nil
}

func (p *parser) term() (func(int) truth, error) {
	if p.depth++; p.depth > depth {
		return nil, p.wrong(p.peek().at, fmt.Sprintf("%d niveaux au plus", depth))
	}
	defer func() { p.depth-- }()
	if p.word("NOT") {
		f, err := p.term()
		if err != nil {
			return nil, err
		}
		return not(f), nil
	}
	if p.sign("(") {
		f, err := p.either()
		if err != nil {
			return nil, err
		}
		if !p.sign(")") {
			return nil, p.wrong(p.peek().at, "une parenthèse fermante")
		}
		return f, nil
	}
	return p.predicate()
}

func (p *parser) predicate() (func(int) truth, error) {
	at := p.peek().at
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	if left.kind == "GEOMETRY" {
		if t := p.peek(); t.kind != 'w' || !strings.EqualFold(t.text, "IS") {
			return nil, p.wrong(t.at, "IS NULL ou IS NOT NULL après "+geometryName)
		}
	}
	if t := p.peek(); t.kind == 'o' && strings.Contains("= <> < > <= >=", t.text) {
		p.next++
		right, err := p.like(left)
		if err != nil {
			return nil, err
		}
		return compare(left, t.text, right), nil
	}
	if p.word("IS") {
		negated := p.word("NOT")
		if !p.word("NULL") {
			return nil, p.wrong(p.peek().at, "NULL ou NOT NULL")
		}
		return func(row int) truth { return truthOf((left.of(row) == nil) != negated) }, nil
	}
	negated := p.word("NOT")
	f, err := p.advanced(left)
	switch {
	case err != nil:
		return nil, err
	case f != nil && negated:
		return not(f), nil
	case f != nil:
		return f, nil
	case left.kind == "BOOLEAN" && !negated:
		return compare(left, "=", constant(true)), nil
	}
	return nil, p.wrong(at, "une comparaison, par exemple habitants > 100")
}

// advanced reads LIKE, BETWEEN or IN; nil where there is none of them.
func (p *parser) advanced(left operand) (func(int) truth, error) {
	switch {
	case p.word("LIKE"):
		t := p.peek()
		if t.kind != 't' || left.kind != "TEXT" {
			return nil, p.wrong(t.at, "un texte après LIKE, et un attribut de texte devant")
		}
		p.next++
		pattern, err := regexp.Compile(likePattern(literal(t.text)))
		if err != nil {
			return nil, p.wrong(t.at, "un modèle où % tient lieu de tout et _ d'un caractère")
		}
		return func(row int) truth {
			text, ok := left.of(row).(string)
			if !ok {
				return unknown
			}
			return truthOf(pattern.MatchString(text))
		}, nil
	case p.word("BETWEEN"):
		low, err := p.like(left)
		if err != nil {
			return nil, err
		}
		if left.kind != "NUMBER" || !p.word("AND") {
			return nil, p.wrong(p.peek().at, "deux nombres, x BETWEEN 1 AND 2")
		}
		high, err := p.like(left)
		if err != nil {
			return nil, err
		}
		return all([]func(int) truth{compare(left, ">=", low), compare(left, "<=", high)}), nil
	case p.word("IN"):
		if !p.sign("(") {
			return nil, p.wrong(p.peek().at, "une liste entre parenthèses")
		}
		var parts []func(int) truth
		for {
			value, err := p.like(left)
			if err != nil {
				return nil, err
			}
			parts = append(parts, compare(left, "=", value))
			if p.sign(",") {
				continue
			}
			if !p.sign(")") {
				return nil, p.wrong(p.peek().at, "une virgule ou une parenthèse fermante")
			}
			return anyOf(parts), nil
		}
	}
	return nil, nil
}

// like reads an operand of the same kind as another.
func (p *parser) like(left operand) (operand, error) {
	at := p.peek().at
	right, err := p.operand()
	if err == nil && right.kind != left.kind {
		return right, p.wrong(at, map[string]string{"TEXT": "un texte entre apostrophes", "NUMBER": "un nombre", "BOOLEAN": "TRUE ou FALSE"}[left.kind])
	}
	return right, err
}

func (p *parser) operand() (operand, error) {
	t := p.peek()
	p.next++
	switch t.kind {
	case 't':
		return constant(literal(t.text)), nil
	case 'n':
		if n, err := strconv.ParseFloat(t.text, 64); err == nil && !math.IsInf(n, 0) {
			return constant(n), nil
		}
	case 'w', 'q':
		name := t.text
		if t.kind == 'q' {
			name = unquoted(name)
		} else if strings.EqualFold(name, "TRUE") || strings.EqualFold(name, "FALSE") {
			return constant(strings.EqualFold(name, "TRUE")), nil
		}
		if i, ok := p.c.property(name); ok {
			return p.c.operand(i), nil
		}
		if name == geometryName {
			return p.c.geometry(), nil
		}
	}
	if t.kind == 0 {
		p.next--
	}
	names := make([]string, len(p.c.Properties))
	for i := range p.c.Properties {
		names[i] = p.c.Properties[i].Name
	}
	return operand{}, p.wrong(t.at, "un nombre, un texte entre apostrophes ou un attribut parmi "+strings.Join(names, ", "))
}

// unquoted takes the quotes of a name away, and halves those inside.
func unquoted(text string) string {
	quote := text[:1]
	return strings.ReplaceAll(text[1:len(text)-1], quote+quote, quote)
}

// escapes are the sequences of a text literal; another backslash stands for itself, so that
// LIKE can escape its own signs.
var escapes = strings.NewReplacer(`''`, `'`, `\'`, `'`, `\\`, `\\`, `\a`, "\a", `\b`, "\b", `\t`, "\t", `\n`, "\n", `\v`, "\v", `\f`, "\f", `\r`, "\r")

// literal is the text that a literal between apostrophes stands for.
func literal(quoted string) string { return escapes.Replace(quoted[1 : len(quoted)-1]) }

func likePattern(like string) string {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	escaped := false
	for _, r := range like {
		switch {
		case escaped:
			b.WriteString(regexp.QuoteMeta(string(r)))
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			b.WriteString(".*")
		case r == '_':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteString(`\z`)
	return b.String()
}
