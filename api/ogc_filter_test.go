package api

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/ogc"
)

// Queryables and filters.

func reqQueryablesLink(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		const rel = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
		if got := collection.Links.href(t, rel, ogc.TypeSchema); got != "/ogc/collections/"+collection.ID+"/queryables" {
			t.Errorf("%s: %s", collection.ID, got)
		}
	}
}

func reqQueryablesOp(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		if got := c.get(t, "/ogc/collections/"+collection.ID+"/queryables", "Accept", ogc.TypeSchema).Header().Get("Content-Type"); got != ogc.TypeSchema {
			t.Errorf("%s: %s", collection.ID, got)
		}
	}
}

// reqQueryablesResponse: a JSON Schema whose properties are all that a filter may name, since
// it says that there are no others.
func reqQueryablesResponse(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		at := "/ogc/collections/" + collection.ID + "/queryables"
		schema := readJSON[map[string]any](t, c, at)
		for key, want := range map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "http://example.com" + at, "type": "object", "additionalProperties": false} {
			if schema[key] != want {
				t.Errorf("%s: %s is %v, want %v", at, key, schema[key], want)
			}
		}
		simple := 0
		for name, q := range c.queryables(t, collection.ID) {
			if (q.Type == "") == (q.Format == "") {
				t.Errorf("%s.%s: want a type, or the format of a geometry: %+v", collection.ID, name, q)
			}
			if q.Type != "" {
				simple++
			}
			c.selected(t, collection.ID, name+" IS NULL")
		}
		if simple == 0 {
			t.Errorf("%s: nothing to ask", collection.ID)
		}
	}
	refuses("filter=this_is_not_a_queryable IS NULL", "filter=this_is_not_a_queryable = 1", "this_is_not_a_queryable=1")(t, c)
	if q := c.queryables(t, "communes")["population_hab"]; q.Type != "integer" || q.Unit != "habitants" {
		t.Errorf("population_hab: %+v", q)
	}
}

// eachQueryable gives every queryable of every collection, and the features of its collection.
func (c *ogcClient) eachQueryable(t *testing.T, do func(collection, name string, q queryable, all ogcPageOfItems)) {
	t.Helper()
	for _, collection := range c.collections(t) {
		all := c.page(t, collection.ID, "")
		for name, q := range c.queryables(t, collection.ID) {
			do(collection.ID, name, q, all)
		}
	}
}

// that are the ids of the features whose property has what holds of it; nil is unknown.
func (p ogcPageOfItems) that(name string, holds func(value any) bool) []string {
	out := []string{}
	for _, f := range p.Features {
		if holds(f.Properties[name]) {
			out = append(out, f.ID)
		}
	}
	return out
}

// known is a value that a property has in some feature, as an address writes it.
func (p ogcPageOfItems) known(name string) (value any, written string) {
	for _, f := range p.Features {
		switch v := f.Properties[name].(type) {
		case string:
			return v, v
		case float64:
			return v, strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return nil, ""
}

// wantIDs wants a filter to select these features.
func (c *ogcClient) wantIDs(t *testing.T, collection, filter string, want []string) {
	t.Helper()
	if got := c.selected(t, collection, filter); !slices.Equal(got, want) {
		t.Errorf("%s, %s: %v, want %v", collection, filter, got, want)
	}
}

func reqQueryablesParameters(t *testing.T, c *ogcClient) {
	reqParameter(itemsDoc, `{"name": "attributs", "in": "query", "required": false, "schema": {"type": "object", "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "number"}]}}, "style": "form", "explode": true}`)(t, c)
	c.eachQueryable(t, func(collection, name string, q queryable, all ogcPageOfItems) {
		value, text := all.known(name)
		if q.Type == "" || value == nil {
			return
		}
		want := all.that(name, func(v any) bool { return v == value })
		if got := c.page(t, collection, url.Values{name: {text}}.Encode()).ids(); !slices.Equal(got, want) {
			t.Errorf("%s?%s=%s: %v, want %v", collection, name, text, got, want)
		}
		if q.Type != "string" {
			c.refused(t, itemsOf(collection)+"?"+name+"=beaucoup", http.StatusBadRequest)
		}
	})
}

func reqFilterLang(t *testing.T, c *ogcClient) {
	reqParameter(itemsDoc, `{"name": "filter-lang", "in": "query", "required": false, "schema": {"type": "string", "enum": ["cql2-text"], "default": "cql2-text"}, "style": "form", "explode": false}`)(t, c)
	for _, collection := range c.collections(t) {
		if got, want := c.page(t, collection.ID, "filter=geometry+IS+NOT+NULL&filter-lang=cql2-text").ids(), c.selected(t, collection.ID, "geometry IS NOT NULL"); !slices.Equal(got, want) {
			t.Errorf("%s: %v with the language, %v without", collection.ID, got, want)
		}
	}
	refuses("filter=TRUE&filter-lang=cql2-json", "filter=TRUE&filter-lang=")(t, c)
}

func reqFilterCRS(t *testing.T, c *ogcClient) {
	reqParameter(itemsDoc, crsParameter("filter-crs"))(t, c)
	for _, collection := range c.collections(t) {
		for _, system := range ogc.Systems {
			c.get(t, itemsOf(collection.ID)+"?filter=TRUE&filter-crs="+url.QueryEscape(system.URI))
		}
	}
	refuses(unknownSystems("filter=TRUE&filter-crs=")...)(t, c)
}

// reqMixing: a filter, a box, a time and properties select together what each does.
func reqMixing(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		b := collection.Extent.Spatial.BBox[0]
		box := fmt.Sprintf("bbox=%g,%g,%g,%g", b[0], b[1], (b[0]+b[2])/2, b[3])
		const filter = "filter=geometry+IS+NOT+NULL"
		in, known := c.page(t, collection.ID, box).ids(), c.page(t, collection.ID, filter).ids()
		want := slices.DeleteFunc(slices.Clone(in), func(id string) bool { return !slices.Contains(known, id) })
		if got := c.page(t, collection.ID, box+"&"+filter).ids(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", collection.ID, got, want)
		}
		for _, query := range []string{"filter=FALSE&" + box, filter + "&bbox=100,10,101,11", filter + "&datetime=../2026-02-01"} {
			if got := c.page(t, collection.ID, query).NumberMatched; got != 0 {
				t.Errorf("%s?%s: %d", collection.ID, query, got)
			}
		}
	}
	for query, want := range map[string]int{"code=02001&filter=population_hab%3E1000": 1, "code=02001&filter=population_hab%3C1000": 0, "code=02002&filter=population_hab%3C1000": 1} {
		if got := c.page(t, "communes", query).NumberMatched; got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}

// reqFilterResponse: what is given is what the filter holds of, and a filter that is none is
// refused.
func reqFilterResponse(t *testing.T, c *ogcClient) {
	c.eachQueryable(t, func(collection, name string, q queryable, all ogcPageOfItems) {
		if q.Type != "" {
			c.wantIDs(t, collection, name+" IS NULL", all.that(name, func(v any) bool { return v == nil }))
		}
	})
	for _, collection := range c.collections(t) {
		c.wantIDs(t, collection.ID, "TRUE", c.page(t, collection.ID, "").ids())
		c.wantIDs(t, collection.ID, "FALSE", []string{})
	}
	refuses("filter=THIS IS NOT A FILTER", "filter=", "filter=geometry = 1", "filter=geometry")(t, c)
}

// CQL2.

// reqCQL2Text: key words in any case, names with and without quotes, numbers as they may be
// written.
func reqCQL2Text(t *testing.T, c *ogcClient) {
	want := c.selected(t, "communes", "population_hab > 500 AND NOT nom IS NULL")
	if len(want) != 2 {
		t.Errorf("%v have more than 500 people", want)
	}
	for _, filter := range []string{"population_hab>500 and not nom is null", `"population_hab" > 5e2 AND nom Is Not Null`, "((population_hab > +500.0)) AND (nom IS NOT NULL)", "population_hab > 500 AND TRUE AND NOT FALSE", "500 < population_hab\tAND\nnom IS NOT NULL"} {
		c.wantIDs(t, "communes", filter, want)
	}
}

// reqEscaping: an apostrophe is doubled or behind a backslash, and control characters have a
// letter behind one. Nothing has them here: the literals are compared with others.
func reqEscaping(t *testing.T, c *ogcClient) {
	all := c.page(t, "epci", "").ids()
	named := c.page(t, "epci", "").that("nom", func(v any) bool { return v == "CC d'Arcy et Brécy" })
	for _, filter := range []string{`nom = 'CC d''Arcy et Brécy'`, `nom = 'CC d\'Arcy et Brécy'`, `nom LIKE '%d\'A%'`, `nom IN ('x', 'CC d\'Arcy et Brécy')`} {
		c.wantIDs(t, "epci", filter, named)
	}
	if len(named) != 1 {
		t.Errorf("%v have this name", named)
	}
	for escaped, plain := range map[string]string{`\a`: "\a", `\b`: "\b", `\t`: "\t", `\n`: "\n", `\v`: "\v", `\f`: "\f", `\r`: "\r"} {
		c.wantIDs(t, "epci", "'x"+escaped+"y' = 'x"+plain+"y'", all)
		c.wantIDs(t, "epci", "'x"+escaped+"y' = 'x"+escaped[1:]+"y'", []string{})
	}
	c.refused(t, itemsOf("epci")+"?filter="+url.QueryEscape(`nom = 'a\'`), http.StatusBadRequest)
}

func reqCQL2TextAdvanced(t *testing.T, c *ogcClient) {
	for filter, want := range map[string][]string{
		"nom like 'A%' or nom Like 'B%'": {"02001", "02002"}, "nom not like 'A%'": {"02002", "02003"}, "population_hab between 211 and 517": {"02002", "02003"},
		"population_hab NOT BETWEEN 211 AND 517": {"02001"}, "code in ('02001','02003')": {"02001", "02003"}, "population_hab not in (211, 5.17e2)": {"02001"},
	} {
		got := c.selected(t, "communes", filter)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", filter, got, want)
		}
	}
}

// reqCQL2Filter is the suite's test of AND, OR and NOT, over every combination of four
// predicates, of which one is sometimes unknown.
func reqCQL2Filter(t *testing.T, c *ogcClient) {
	all := c.page(t, "lieux", "")
	predicates := []string{"nom >= 'M'", "nom IS NULL", "commune = '02001'", "commune <> '02001'", "TRUE", "FALSE"}
	type truth struct{ known, value bool }
	of := func(p string, properties map[string]any) truth {
		nom, _ := properties["nom"].(string)
		commune, known := properties["commune"].(string)
		switch p {
		case predicates[0]:
			return truth{nom != "", nom >= "M"}
		case predicates[1]:
			return truth{true, nom == ""}
		case predicates[2]:
			return truth{known, commune == "02001"}
		case predicates[3]:
			return truth{known, commune != "02001"}
		}
		return truth{true, p == "TRUE"}
	}
	not := func(a truth) truth { return truth{a.known, !a.value} }
	and := func(a, b truth) truth {
		if a.known && !a.value || b.known && !b.value {
			return truth{true, false}
		}
		return truth{a.known && b.known, true}
	}
	or := func(a, b truth) truth { return not(and(not(a), not(b))) }
	for _, p1 := range predicates {
		for _, p2 := range predicates {
			for _, p3 := range predicates {
				for _, p4 := range predicates {
					var want []string
					for _, f := range all.Features {
						a, b, x, y := of(p1, f.Properties), of(p2, f.Properties), of(p3, f.Properties), of(p4, f.Properties)
						if holds := or(or(and(not(b), a), and(x, y)), not(or(a, y))); holds.known && holds.value {
							want = append(want, f.ID)
						}
					}
					filter := fmt.Sprintf("(NOT (%s) AND %s) OR (%s and %s) or not (%s OR %s)", p2, p1, p3, p4, p1, p4)
					if got := c.selected(t, "lieux", filter); !slices.Equal(got, slices.Concat([]string{}, want)) {
						t.Errorf("%s: %v, want %v", filter, got, want)
					}
				}
			}
		}
	}
}

func reqCQL2Property(t *testing.T, c *ogcClient) {
	refuses("filter=nulle_part = 1", `filter="nulle part" = 1`)(t, c)
	c.eachQueryable(t, func(collection, name string, q queryable, all ogcPageOfItems) {
		value, text := all.known(name)
		if q.Type == "" || value == nil {
			return
		}
		if q.Type == "string" {
			text = "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(text) + "'"
		}
		c.wantIDs(t, collection, `"`+name+`" = `+text, all.that(name, func(v any) bool { return v == value }))
	})
}

// reqCQL2Comparison: every operator on every queryable, with the values of the suite and one
// that is there. What is unknown answers none.
func reqCQL2Comparison(t *testing.T, c *ogcClient) {
	operators := map[string]func(order int) bool{
		"=": func(o int) bool { return o == 0 }, "<>": func(o int) bool { return o != 0 }, "<": func(o int) bool { return o < 0 },
		">": func(o int) bool { return o > 0 }, "<=": func(o int) bool { return o <= 0 }, ">=": func(o int) bool { return o >= 0 },
	}
	c.eachQueryable(t, func(collection, name string, q queryable, all ogcPageOfItems) {
		for operator, holds := range operators {
			switch value, text := all.known(name); q.Type {
			case "string":
				for _, than := range []string{"foo", fmt.Sprint(value)} {
					c.wantIDs(t, collection, name+" "+operator+" '"+strings.ReplaceAll(than, "'", "''")+"'", all.that(name, func(v any) bool {
						s, ok := v.(string)
						return ok && holds(strings.Compare(s, than))
					}))
				}
			case "integer", "number":
				for _, than := range []string{"1", "3.14", text} {
					n, err := strconv.ParseFloat(than, 64)
					if err != nil {
						continue // no value is known
					}
					c.wantIDs(t, collection, name+operator+than, all.that(name, func(v any) bool {
						x, ok := v.(float64)
						return ok && holds(cmp.Compare(x, n))
					}))
				}
			}
		}
	})
	refuses("filter=nom = 1", "filter=nom <", "filter=1 = 'a'")(t, c)
}

func reqCQL2Null(t *testing.T, c *ogcClient) {
	c.eachQueryable(t, func(collection, name string, q queryable, all ogcPageOfItems) {
		missing := all.that(name, func(v any) bool { return v == nil })
		if q.Type == "" {
			missing = []string{}
			shapes := c.shapes(t, collection, "")
			for _, id := range all.ids() {
				if shapes[id] == nil {
					missing = append(missing, id)
				}
			}
		}
		there := slices.DeleteFunc(all.ids(), func(id string) bool { return slices.Contains(missing, id) })
		c.wantIDs(t, collection, name+" IS NULL", missing)
		c.wantIDs(t, collection, name+" is not null", there)
	})
}

func reqCQL2Like(t *testing.T, c *ogcClient) {
	c.eachQueryable(t, func(collection, name string, q queryable, all ogcPageOfItems) {
		if q.Type != "string" {
			return
		}
		for pattern, matches := range map[string]func(s string) bool{
			"%": func(string) bool { return true }, "%%": func(string) bool { return true }, "_%": func(s string) bool { return s != "" }, "": func(s string) bool { return s == "" },
			`\%\_`: func(s string) bool { return s == "%_" }, "%é%": func(s string) bool { return strings.Contains(s, "é") }, "_r%": func(s string) bool { r := []rune(s); return len(r) > 1 && r[1] == 'r' },
		} {
			text := func(v any) (string, bool) { s, ok := v.(string); return s, ok }
			c.wantIDs(t, collection, name+" LIKE '"+pattern+"'", all.that(name, func(v any) bool { s, ok := text(v); return ok && matches(s) }))
			c.wantIDs(t, collection, name+" NOT LIKE '"+pattern+"'", all.that(name, func(v any) bool { s, ok := text(v); return ok && !matches(s) }))
		}
	})
	c.refused(t, ogcAt+"?filter="+url.QueryEscape("population_hab LIKE 'a'"), http.StatusBadRequest)
}

func reqCQL2Between(t *testing.T, c *ogcClient) {
	c.eachQueryable(t, func(collection, name string, q queryable, all ogcPageOfItems) {
		value, text := all.known(name)
		if n, ok := value.(float64); ok {
			within := func(low, high float64, want bool) []string {
				return all.that(name, func(v any) bool { x, ok := v.(float64); return ok && (x >= low && x <= high) == want })
			}
			c.wantIDs(t, collection, name+" BETWEEN 0 AND "+text, within(0, n, true)) // both ends included
			c.wantIDs(t, collection, name+" NOT BETWEEN 0 AND "+text, within(0, n, false))
			c.wantIDs(t, collection, name+" between 100.0 and 1.0", []string{})
		}
		if q.Type == "string" {
			c.refused(t, itemsOf(collection)+"?filter="+name+"+BETWEEN+1+AND+2", http.StatusBadRequest)
		}
	})
}

func reqCQL2In(t *testing.T, c *ogcClient) {
	c.eachQueryable(t, func(collection, name string, _ queryable, all ogcPageOfItems) {
		value, text := all.known(name)
		list := "(1, 2, " + text + ")"
		in := func(v any) bool { return v == value || v == 1.0 || v == 2.0 }
		switch value.(type) {
		case nil:
			return
		case string:
			list = "('foo', '" + strings.ReplaceAll(text, "'", "''") + "')"
			in = func(v any) bool { return v == value || v == "foo" }
		}
		c.wantIDs(t, collection, name+" in "+list, all.that(name, in))
		c.wantIDs(t, collection, name+" NOT IN "+list, all.that(name, func(v any) bool { return v != nil && !in(v) }))
	})
	c.refused(t, ogcAt+"?filter="+url.QueryEscape("population_hab IN ('a')"), http.StatusBadRequest)
}
