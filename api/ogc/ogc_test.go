package ogc

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

var served = Served{Edition: "abc", Since: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}

// towns are n features with values drawn by a seed; one in five values is unknown.
func towns(t testing.TB, n int, r *rand.Rand) *Collection {
	t.Helper()
	c := NewCollection("towns", "Villes", "", "POINT", []Property{{Name: "nom", Type: "TEXT"}, {Name: "hab", Type: "INTEGER"}, {Name: "part", Type: "REAL"}})
	for i := range n {
		shape := orb.Point{r.Float64()*4 + 1, r.Float64()*2 + 48}
		values := []any{fmt.Sprintf("%c%c", 'a'+r.IntN(4), 'a'+r.IntN(4)), int64(r.IntN(9)), r.Float64()}
		for j := range values {
			if r.IntN(5) == 0 {
				values[j] = nil
			}
		}
		if err := c.Add(fmt.Sprint("t", i), shape, values); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestFilters(t *testing.T) {
	c := NewCollection("towns", "", "", "POINT", []Property{{Name: "nom", Type: "TEXT"}, {Name: "hab", Type: "INTEGER"}})
	for i, values := range [][]any{{"Laon", int64(24000)}, {"Marle", int64(2100)}, {nil, int64(10)}, {"L'Isle%", nil}} {
		if err := c.Add(fmt.Sprint(i), nil, values); err != nil {
			t.Fatal(err)
		}
	}
	for filter, want := range map[string]string{
		"hab > 2100":                                "0",
		"hab >= 2100 and nom <> 'Marle'":            "0",
		"hab < 20 OR hab IS NULL":                   "2 3",
		"NOT hab > 2100":                            "1 2",
		"nom = 'L''Isle%'":                          "3",
		`"nom" LIKE '%a%'`:                          "0 1",
		`nom LIKE 'L_on' OR nom LIKE '%\%'`:         "0 3",
		"nom NOT LIKE 'L%'":                         "1",
		"hab BETWEEN 10 AND 2100":                   "1 2",
		"hab NOT BETWEEN 10 AND 2100":               "0",
		"nom IN ('Marle', 'Laon')":                  "0 1",
		"hab NOT IN (10, 2.1e3)":                    "0",
		"nom IS NOT NULL AND (hab=10 OR hab=24000)": "0",
		"TRUE":                     "0 1 2 3",
		"NOT (TRUE AND FALSE)":     "0 1 2 3",
		"20 < hab and hab < 2.2E3": "1",
		`nom = 'L\'Isle%'`:         "3",
		`nom LIKE 'L\'%\%'`:        "3",
		`nom = 'L\t' OR hab = 10`:  "2",
		"geometry IS NULL":         "0 1 2 3",
		"geometry IS NOT NULL":     "",
	} {
		q, err := ParseQuery(url.Values{"filter": {filter}}, c, served)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		rows, _, _ := q.Select(c)
		if got := strings.Trim(fmt.Sprint(rows), "[]"); got != want {
			t.Errorf("%s: %s, want %s", filter, got, want)
		}
	}
}

// TestWrongParameters: each is refused with a sentence that says what is expected.
func TestWrongParameters(t *testing.T) {
	c := towns(t, 3, rand.New(rand.NewPCG(1, 2)))
	for query, want := range map[string]string{
		"limit=0": "de 1 à 10000", "limit=x": "de 1 à 10000", "limit=1.5": "de 1 à 10000", "limit=5&limit=6": "une seule valeur",
		"bbox=1,2,3": "quatre nombres", "bbox=1,5,2,3": "quatre nombres", "bbox=1,2,NaN,3": "quatre nombres", "bbox=1,2,3,91": "quatre nombres", "bbox=": "quatre nombres",
		"crs=EPSG:4326": "une adresse parmi", "bbox-crs=x": "une adresse parmi", "filter-crs=x": "une adresse parmi",
		"bbox=0,0,1e12,1e12&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154": "dans le domaine",
		"datetime=hier": "un instant", "datetime=2026-02-30": "un instant", "datetime=2026-05-01/2026-01-01": "un instant", "datetime=../..": "un instant", "datetime=..": "un instant",
		"f=xml": "json ou html", "filter-lang=ecql": "cql2-text", "after=3": "du lien « next »", "after=abc.99": "du lien « next »", "after=old.1": "une nouvelle édition",
		"hab=beaucoup": "un nombre", "toto=1": "n'existe pas ici", "nom=a&nom=b": "une seule valeur",
		"filter=": "au caractère 1", "filter=hab": "une comparaison", "filter=hab>": "un nombre", "filter=hab>'a'": "un nombre", "filter=nom=3": "un texte", "filter=hab = 1 1": "AND, OR ou la fin",
		"filter=(hab=1": "parenthèse fermante", "filter=hab=1)": "la fin", "filter=hab LIKE 'a'": "attribut de texte", "filter=nom LIKE nom": "un texte après LIKE",
		"filter=hab IN 3": "une liste", "filter=hab IN (3": "une virgule", "filter=hab BETWEEN 1": "deux nombres", "filter=hab IS 3": "NULL ou NOT NULL", "filter=x=1": "un attribut parmi nom, hab",
		"filter=hab=1;DROP": "n'en est pas un signe", "filter=nom='a": "n'en est pas un signe", "filter=hab=1e999": "un nombre", "filter=nom NOT = 'a'": "une comparaison",
		"filter=geometry = geometry": "IS NULL", "filter=hab = geometry": "un nombre", "filter=geometry": "IS NULL", `filter=nom = 'a\'`: "n'en est pas un signe",
	} {
		values, err := url.ParseQuery(strings.ReplaceAll(query, ";", "%3B"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = ParseQuery(values, c, served)
		var wrong *ParamError
		var unknown *UnknownParamError
		if !errors.As(err, &wrong) && !errors.As(err, &unknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", query, err, want)
		}
	}
	deep := strings.Repeat("(", 5000) + "hab=1" + strings.Repeat(")", 5000)
	if _, err := ParseQuery(url.Values{"filter": {deep}}, c, served); err == nil || len(err.Error()) > 300 {
		t.Errorf("5000 parentheses: %v", err)
	}
}

// TestPages: whatever the page's size and the filter, the pages put together are the rows
// that a scan finds, each once.
func TestPages(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	c := towns(t, 200, r)
	for range 100 {
		box := fmt.Sprintf("%g,%g,%g,%g", 1+r.Float64(), 48+r.Float64()/2, 3+r.Float64(), 49+r.Float64())
		least := r.IntN(9)
		values := url.Values{"limit": {fmt.Sprint(1 + r.IntN(40))}, "bbox": {box}, "filter": {fmt.Sprintf("hab >= %d OR nom LIKE '%%a'", least)}}
		var b [4]float64
		if _, err := fmt.Sscanf(box, "%g,%g,%g,%g", &b[0], &b[1], &b[2], &b[3]); err != nil {
			t.Fatal(err)
		}
		var want []int
		for row := range c.Len() {
			p := c.shapes[row].(orb.Point)
			hab, counted := c.Value(row, 1).(float64)
			nom, _ := c.Value(row, 0).(string)
			if p[0] >= b[0] && p[0] <= b[2] && p[1] >= b[1] && p[1] <= b[3] && (counted && hab >= float64(least) || strings.HasSuffix(nom, "a")) {
				want = append(want, row)
			}
		}
		var got []int
		for next := 0; next >= 0; {
			q, err := ParseQuery(With(values, "after", Cursor(served.Edition, next)), c, served)
			if err != nil {
				t.Fatal(err)
			}
			var rows []int
			var matched int
			rows, next, matched = q.Select(c)
			if matched != len(want) || len(rows) > q.Limit {
				t.Fatalf("%v: %d match, want %d; %d on a page of %d", values, matched, len(want), len(rows), q.Limit)
			}
			got = append(got, rows...)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v: %v, want %v", values, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for value, never := range map[string]bool{
		"2026-03-01T12:00:00Z": false, "2026-03-01": false, "2026-02-28": true, "2026-03-01T13:00:00+02:00": true, "../2026-02-01": true, "2026-01-01/..": false,
		"2025-01-01/2026-12-31": false, "/2026-02-01": true, "2027-01-01/": false,
	} {
		if got, err := excluded(value, served.Since); err != nil || got != never {
			t.Errorf("%s: %v, %v; want %v", value, got, err, never)
		}
	}
}

// TestShapesAndBoxes: a box that meets the bounds of a feature but not its shape selects
// nothing; latitude first and projected boxes select what degrees do.
func TestShapesAndBoxes(t *testing.T) {
	c := NewCollection("l", "", "", "POLYGON", nil)
	shape := orb.Polygon{{{3, 49}, {4, 49}, {4, 50}, {3, 49}}} // south-east of its bounds
	if err := c.Add("1", shape, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Add("1", nil, nil); err != nil { // no shape, and an id that is taken
		t.Fatal(err)
	}
	if row, ok := c.Row("1~2"); !ok || row != 1 {
		t.Errorf("second feature of an id: row %d, %v", row, ok)
	}
	for query, want := range map[string]int{
		"bbox=3.1,49.7,3.2,49.9": 0, "bbox=3.8,49.1,3.9,49.2": 1, "bbox=2,48,5,51": 1, "bbox=3.8,49.1,0,3.9,49.2,100": 1, "bbox=5,48,2.5,51": 0, "bbox=170,48,4,51": 1,
		"bbox=49.1,3.8,49.2,3.9&bbox-crs=" + Systems[1].URI:             1,
		"bbox=425000,6300000,430000,6310000&bbox-crs=" + Systems[2].URI: 1,
		"bbox=760000,6880000,765000,6885000&bbox-crs=" + Systems[3].URI: 1,
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		q, err := ParseQuery(values, c, served)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if _, _, matched := q.Select(c); matched != want {
			t.Errorf("%s: %d, want %d", query, matched, want)
		}
	}
}

// FuzzFilter: no text makes the parser, or what it gives, panic.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{"hab > 1 AND nom LIKE 'a%'", "NOT (part BETWEEN 0 AND .5)", `"nom" IN ('a','b''c')`, "hab IS NOT NULL", "((("} {
		f.Add(seed)
	}
	c := towns(f, 20, rand.New(rand.NewPCG(3, 4)))
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuery(url.Values{"filter": {text}}, c, served)
		if err != nil {
			return
		}
		if rows, _, matched := q.Select(c); len(rows) > matched || matched > c.Len() {
			t.Errorf("%q: %d of %d", text, len(rows), matched)
		}
	})
}
