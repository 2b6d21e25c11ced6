package stat

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

// shape is what is found of a table before its rows are read.
type shape struct {
	mapping *source.Mapping // nil: its columns of numbers are its variables
	layout  string          // name of a published layout; "" for none
	also    []string        // other layouts that the table has columns of
	when    layout.When
	newest  string // period of the rows that are kept; "": all
	level   store.Level
}

// vintage of the data of a table; "" when it does not tell.
func (s *shape) vintage() string {
	if s.newest != "" {
		return s.newest
	}
	return s.when.String()
}

// Name is the name of what the tables of an import hold: their published layout, its vintage,
// and their level when it is not that of communes, as "rp-logement-2021" or
// "filosofi-2021-iris". Empty: of no published layout, or they cannot be read, which their
// import tells.
func Name(ctx context.Context, in []source.Input, o source.Options) (string, error) {
	v := &variableReader{ctx: ctx, o: o}
	v.o.Moves = nil
	_, err := source.Open(ctx, store.Variables, in, v.o, v.look, v.read)
	s := v.one()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil || v.fault != nil || s == nil || s.layout == "" {
		return "", nil
	}
	name := s.layout
	if vintage := s.vintage(); vintage != "" {
		name += "-" + source.Slug(vintage)
	}
	if s.level != "" && s.level != store.LevelCommune {
		name += "-" + string(s.level)
	}
	return name, nil
}

// shapes finds the shape of every file of an import. The fault is a sentence, for when
// rows are asked for.
func (v *variableReader) shapes(files []source.File) (shapes map[string]*shape, fault error) {
	shapes = map[string]*shape{}
	for _, f := range files {
		s, err := v.shapeOf(f)
		if err != nil {
			return shapes, err
		}
		shapes[f.SHA256] = s // names may be the same in two folders
		first, was := files[0].Name, shapes[files[0].SHA256]
		switch {
		case s.layout == was.layout && (s.layout == "" || s.vintage() == was.vintage()):
		case s.layout == was.layout:
			return shapes, source.FailAt(f.Name, 0, "données de %s, à côté de celles de %s (%s) ; importez chaque millésime à part : chacun a son jeu", s.vintage(), was.vintage(), first)
		default:
			return shapes, source.FailAt(f.Name, 0, "%s, à côté de « %s » : %s ; importez chacune à part, elle a son jeu", s.said(), first, was.said())
		}
	}
	return shapes, nil
}

// said names the layout of a table.
func (s *shape) said() string {
	if s.layout == "" {
		return "présentation qui n'est pas connue"
	}
	return "présentation « " + s.mapping.Title + " »"
}

// shapeOf finds the shape of a file.
func (v *variableReader) shapeOf(f source.File) (*shape, error) {
	s := &shape{mapping: v.o.Mapping}
	if s.mapping != nil && (s.mapping.Header == layout.SeparateHeader || s.mapping.HeaderLine > 0) {
		return s, nil
	}
	t, err := v.open(f)
	if err != nil {
		return s, nil // told when it is read
	}
	header := t.Header
	t.Close()
	if s.mapping == nil {
		if err := s.recognise(f, t); err != nil {
			return nil, err
		}
	} else {
		s.when = layout.WhenOf(s.mapping, header)
	}
	if s.mapping == nil {
		s.level, err = v.levelOf(f, header)
		return s, err
	}
	levels := s.mapping.Levels != nil && columnOf(header, layout.Fold(s.mapping.Levels.Column)) >= 0
	if s.level = s.mapping.Level; s.level == "" && !levels {
		if s.level, err = v.levelOf(f, header); err != nil {
			return nil, err
		}
	}
	if s.mapping.Period != "" {
		s.newest, err = v.newestOf(f, s.mapping.Period)
	}
	return s, err
}

// recognise finds the published layout of a table, and refuses those of other kinds.
func (s *shape) recognise(f source.File, t *sheet.Table) error {
	found := layout.Recognise(t.Header)
	if len(found) == 0 {
		return nil
	}
	best := found[0]
	if m := zoning.FindStringSubmatch(f.Name); m != nil && best.Import == "" {
		return source.FailAt(f.Name, 0, "le nom du fichier dit un zonage (%s) dont les codes se confondent avec d'autres ; attendu les communes (COM), les IRIS, les EPCI ou les départements (DEP)", strings.ToUpper(m[1]))
	}
	if best.Import != "" {
		return source.FailAt(f.Name, t.HeaderLine, "c'est %s, pas une table de variables ; importez-le ainsi : maillage import %s FICHIER", best.Title, best.Import)
	}
	// Of a table that holds many bases of one census, these; of others, what most columns tell.
	together := func(f layout.Found) (all []layout.Found) {
		for _, other := range found {
			if other.ID == f.ID || f.Group != "" && other.Group == f.Group && other.When == f.When {
				all = append(all, other)
			}
		}
		return all
	}
	for _, f := range found[1:] {
		if len(together(f)) > len(together(best)) {
			best = f
		}
	}
	m := best.Mapping
	s.mapping, s.layout, s.when = &m, best.ID, best.When
	if all := together(best); len(all) > 1 {
		s.layout, m.Title, m.Variables = best.Group, m.Source, nil
		for _, f := range all {
			m.Variables = append(m.Variables, f.Variables...)
		}
	}
	for _, f := range found {
		if f.Import == "" && (best.Group == "" || f.Group != best.Group) && f.ID != best.ID {
			s.also = append(s.also, f.ID)
		}
	}
	return nil
}

var errEnough = fmt.Errorf("enough rows were seen")

// levelOf tells the level of a table by the name of its column of codes, and by the codes:
// those of EPCI are SIREN, which have a check digit.
func (v *variableReader) levelOf(f source.File, header []string) (store.Level, error) {
	at, level := v.codeColumn(header)
	if at < 0 || level != "" {
		return level, nil
	}
	const enough, few = 200, 4
	sirens, short, others, beyond := 0, 0, 0, false
	t, err := v.open(f)
	if err != nil {
		return "", err
	}
	defer t.Close()
	err = t.Each(func(r sheet.Row) error {
		switch code := source.Clean(r.Fields[at]); {
		case isSIREN(code):
			sirens++
		case departementCode.MatchString(code):
			short++
			beyond = beyond || !slices.Contains(regions, code)
		case code != "":
			others++
		}
		if sirens+short+others == enough {
			return errEnough
		}
		return nil
	}, nil)
	if err != nil && err != errEnough {
		return "", nil // told when it is read
	}
	switch {
	case others == 0 && short == 0 && sirens > 0:
		return store.LevelEPCI, nil
	case others == 0 && sirens == 0 && short > few && !beyond:
		return "", source.FailAt(f.Name, 0, "codes de régions ; attendu des communes, des IRIS, des EPCI ou des départements")
	case others == 0 && sirens == 0 && short > 0:
		return store.LevelDepartement, nil
	}
	return "", nil
}

// regions are codes of regions, which départements have too.
var regions = []string{"01", "02", "03", "04", "06", "1", "2", "3", "4", "6", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"}

// zoning recognises in the name of a file, as INSEE gives them, the zonings whose codes look
// like those of communes.
var zoning = regexp.MustCompile(`(?i)[_-](BV|ZE|UU|AAV|ARR|CV|REG)(20\d\d)?(_[A-Z]+)?\.`)

var (
	sirenCode       = regexp.MustCompile(`^2[04]\d{7}$`)
	departementCode = regexp.MustCompile(`^(\d{1,2}|2[AB]|97\d)$`)
)

// isSIREN recognises the number of a public body, by its check digit.
func isSIREN(code string) bool {
	if !sirenCode.MatchString(code) {
		return false
	}
	total := 0
	for i := range len(code) {
		d := int(code[i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		total += d
	}
	return total%10 == 0
}

// newestOf is the newest period of a column; "" when the table has no such column.
func (v *variableReader) newestOf(f source.File, column string) (newest string, err error) {
	t, err := v.open(f)
	if err != nil {
		return "", err
	}
	defer t.Close()
	at := slices.IndexFunc(t.Header, func(h string) bool { return layout.Fold(h) == layout.Fold(column) })
	if at < 0 {
		return "", nil
	}
	err = t.Each(func(r sheet.Row) error {
		newest = max(newest, period(r.Fields[at]))
		return nil
	}, nil)
	return newest, err
}

var (
	frenchDate = regexp.MustCompile(`^(\d\d)/(\d\d)/(\d{4})$`)
	isoPeriod  = regexp.MustCompile(`^\d{4}(-T?Q?\d+){0,2}$`)
)

// period is a year or a date so that later ones compare greater; "" when it is none.
func period(text string) string {
	text = strings.TrimSuffix(source.Clean(text), ".0")
	if m := frenchDate.FindStringSubmatch(text); m != nil {
		return m[3] + "-" + m[2] + "-" + m[1]
	}
	if day, _, ok := strings.Cut(text, "T00:00"); ok {
		text = day
	}
	if !isoPeriod.MatchString(text) {
		return ""
	}
	return text
}
