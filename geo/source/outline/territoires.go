package outline

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

var (
	territoiresColumns = []string{"type", "code", "nom", "commune"}
	// exclusive types have each commune once; others, as secteurs, may overlap.
	exclusive = []admin.Type{"canton", "arrondissement", "bassin-de-vie", "zone-emploi"}
	setCode   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	year      = regexp.MustCompile(`^(19|20)[0-9]{2}$`)
)

// Territoires reads sets of communes from CSV files: long, with one row per commune of a
// territoire (type, code, nom, commune), or, with a type in the options, wide: one row
// per commune, with a column for the code of its territoire of that type, and one for its
// name (canton, canton_nom; bassin_vie_2022, bassin_vie_nom). A commune without a code
// there is in no territoire of the type. Territoires come in the order of their first row.
//
// Outlines of territoires are read from GeoJSON, GeoPackages and shapefiles: a code, a name,
// the type where the options give none, and the population that is published of them, where
// they say it (pop_mun_2018, population). Outlines of one type may overlap.
//
// Rejected: no code, a code of a commune that is none, a commune twice in a territoire. A
// disagreement ends the import: two names for one territoire, or a commune in two
// territoires of a type that shares out the communes (cantons, arrondissements, bassins de
// vie, zones d'emploi). Communes that the store does not hold are warned of.
func Territoires(ctx context.Context, in []source.Input, o source.Options) (*source.Import[admin.Set], error) {
	if o.Type != "" {
		typ, err := admin.ParseType(o.Type)
		if err == nil {
			err = typ.CheckSet()
		}
		if err != nil {
			return nil, fmt.Errorf("import territoires: type « %s » : attendu des minuscules, des chiffres et des tirets, comme bassin-de-vie ou qpv ; commune, epci et departement sont pris", o.Type)
		}
	}
	if o.Dataset == "" {
		o.Dataset = datasetOf(ctx, in, o)
	}
	return source.Open(ctx, store.Territoires, in, o, format, func(rec *source.Recorder, files []source.File, emit func(admin.Set) error) error {
		layers, files := parted(files)
		g := &gathering{rec: rec, o: o, sets: map[admin.Ref]*admin.Set{}, named: map[admin.Ref]source.Address{}, of: map[typedCommune]admin.Ref{}, at: map[member]source.Address{}, targets: o.Moves.Targets()}
		read, columns := g.long, territoiresColumns
		if o.Type != "" {
			read, columns = g.wide, nil
		}
		if len(files) > 0 {
			if err := sheet.EachRow(rec, files, columns, read); err != nil {
				return err
			}
		}
		for _, ref := range g.order {
			s := g.sets[ref]
			slices.Sort(s.Communes)
			if err := emit(*s); err != nil {
				return err
			}
		}
		d := drawn{o: o, taken: g.named, emit: emit}
		return d.read(rec, layers)
	})
}

// datasetOf is the type of the territoires, when it is one.
func datasetOf(ctx context.Context, in []source.Input, o source.Options) string {
	if o.Type != "" {
		return o.Type
	}
	one := ""
	for _, input := range in {
		f, err := source.Inspect(ctx, input)
		if err != nil {
			return ""
		}
		if !isTable(f) {
			typ := drawnType(f, o)
			if one != "" && typ != one {
				return ""
			}
			one = typ
			continue
		}
		t, err := sheet.Open(f, territoiresColumns...)
		if err != nil {
			return ""
		}
		several := false
		err = t.Each(func(r sheet.Row) error {
			typ := r.Get("type")
			several = several || one != "" && typ != one
			one = typ
			return nil
		}, func(int, string) error { return nil })
		t.Close()
		if err != nil || several {
			return ""
		}
	}
	return one
}

type (
	typedCommune struct {
		typ     admin.Type
		commune string
	}
	member struct {
		ref     admin.Ref
		commune string
	}
)

// gathering puts rows together.
type gathering struct {
	rec   *source.Recorder
	o     source.Options
	order []admin.Ref
	sets  map[admin.Ref]*admin.Set
	named map[admin.Ref]source.Address // where a territoire had its name first
	of    map[typedCommune]admin.Ref
	at    map[member]source.Address
	// targets are the communes that others became part of.
	targets map[string]bool
}

func (g *gathering) long(r sheet.Row) error {
	typ, err := admin.ParseType(r.Get("type"))
	if err == nil {
		err = typ.CheckSet()
	}
	if err != nil {
		g.rec.Reject(r.Table.Name, r.Line, "type", r.Get("type"), "attendu des minuscules, des chiffres et des tirets, comme bassin-de-vie ; commune, epci et departement sont pris")
		return nil
	}
	return g.add(r, typ, r.Get("code"), r.Get("nom"), "commune", r.Get("commune"))
}

func (g *gathering) wide(r sheet.Row) error {
	typ := admin.Type(g.o.Type)
	words := wordsOf(string(typ))
	code, nom := "", ""
	for _, column := range r.Table.Header {
		switch name := source.ColumnName(column); {
		case slices.Equal(wordsOf(name), words):
			code = name
		case slices.Equal(wordsOf(name), append(slices.Clip(words), "nom")):
			nom = name
		}
	}
	commune, column := r.First([]string{"commune", "code_commune", "code_insee", "codgeo", "code"})
	if code == "" || column == "" {
		return source.FailAt(r.Table.Name, 1, "pas de colonne pour les communes (code) ou pour les territoires de type %s (%s, et %[2]s_nom)", typ, strings.ReplaceAll(string(typ), "-", "_"))
	}
	if r.Get(code) == "" { // in none of the type
		g.rec.Skipped++
		return nil
	}
	return g.add(r, typ, r.Get(code), r.Get(nom), column, commune)
}

// wordsOf are the words of a type, or of the name of a column, but for years and small words.
func wordsOf(name string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(name, func(c rune) bool { return c == '_' || c == '-' || c == ' ' }),
		func(w string) bool { return w == "de" || w == "d" || year.MatchString(w) })
}

func (g *gathering) add(r sheet.Row, typ admin.Type, code, nom, column, commune string) error {
	here := source.Address{File: r.Table.Name, Row: r.Line}
	reject := func(field, value, reason string) error {
		g.rec.Reject(r.Table.Name, r.Line, field, value, reason)
		return nil
	}
	if code == "" {
		code = source.Slug(nom)
	}
	if !setCode.MatchString(code) {
		return reject("code", code, "code du territoire absent ou illisible ; attendu des lettres, des chiffres et des tirets")
	}
	if why := source.CodeFault(commune); why != "" {
		return reject(column, commune, why)
	}
	was := commune
	commune = g.o.Moves.Now(g.rec, r.Table.Name, r.Line, column, commune)
	ref := admin.Ref{Type: typ, Code: code}
	if first, dup := g.at[member{ref, commune}]; dup {
		if was != commune || g.targets[commune] { // two that became one
			g.rec.Merged++
			return nil
		}
		return reject(column, commune, "commune déjà dans ce territoire à "+first.String())
	}
	if other, taken := g.of[typedCommune{typ, commune}]; taken && slices.Contains(exclusive, typ) {
		return source.FailAt(r.Table.Name, r.Line, "commune %s dans %s ; elle est dans %s à %s, et ce type partage les communes", commune, ref, other, g.at[member{other, commune}])
	}
	s := g.sets[ref]
	switch {
	case s == nil:
		s = &admin.Set{Type: typ, Code: code, Nom: nom}
		g.sets[ref], g.named[ref], g.order = s, here, append(g.order, ref)
	case nom != "" && s.Nom != "" && nom != s.Nom:
		return source.FailAt(r.Table.Name, r.Line, "%s s'appelle « %s » ; il s'appelait « %s » à %s", ref, nom, s.Nom, g.named[ref])
	default:
		if s.Nom == "" {
			s.Nom, g.named[ref] = nom, here
		}
		g.rec.Merged++
	}
	g.of[typedCommune{typ, commune}], g.at[member{ref, commune}] = ref, here
	s.Communes = append(s.Communes, commune)
	return nil
}
