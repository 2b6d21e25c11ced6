package street

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestReadTagsAreKept: whatever tag this package reads by its name, an import keeps.
func TestReadTagsAreKept(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			index, ok := n.(*ast.IndexExpr)
			if !ok {
				return true
			}
			of, isTags := index.X.(*ast.Ident)
			key, isText := index.Index.(*ast.BasicLit)
			if isTags && isText && of.Name == "tags" {
				text, _ := strconv.Unquote(key.Value)
				read[text] = true
			}
			return true
		})
	}
	for k := range DefaultProfile().noStops {
		read[k] = true
	}
	for d := range limitKeys {
		for _, k := range limitKeys[d] {
			read[k] = true
		}
	}
	for _, k := range lawKeys {
		read[k] = true
	}
	if len(read) < 40 {
		t.Fatalf("%d keys read: the sources are not as this test thinks", len(read))
	}
	delete(read, "average_speed") // IGN's, kept by its own reader
	for k := range read {
		if !IsRoadTag(k) && !IsMarkTag(k) && !IsTurnTag(k) {
			t.Errorf("%s is read, and not kept", k)
		}
	}
}

// Every key of access is kept by imports, with its directions and conditions, and so are
// those of other families; what says nothing of travel is not.
func TestKeptTags(t *testing.T) {
	for _, m := range Modes {
		for _, k := range accessKeys[m] {
			for _, key := range [...]string{k.name, k.along[0], k.along[1], k.name + ":conditional", k.along[1] + ":conditional"} {
				if !IsRoadTag(key) {
					t.Errorf("IsRoadTag(%s) = false", key)
				}
			}
			if !IsMarkTag(k.name) {
				t.Errorf("IsMarkTag(%s) = false", k.name)
			}
			if key := "restriction:" + k.name; !IsTurnTag(key) {
				t.Errorf("IsTurnTag(%s) = false", key)
			}
		}
	}
	for _, key := range []string{
		"highway", "oneway:motorcar", "oneway:bicycle:conditional", "maxspeed:motorcar:forward", "maxspeed:lanes:backward", "maxspeed:both",
		"cycleway:left:oneway", "sidewalk:both:bicycle", "bicycle:lanes:forward", "expressway", "covered", "interval", "ferry",
	} {
		if !IsRoadTag(key) {
			t.Errorf("IsRoadTag(%s) = false", key)
		}
	}
	for _, key := range []string{"", "building", "maxspeed:hgv", "name:br", "addr:street", "access:", "turn:lanes", "source", "oneway:", "restriction"} {
		if IsRoadTag(key) {
			t.Errorf("IsRoadTag(%s) = true", key)
		}
	}
	for _, key := range []string{"name", "ele", "source:maxspeed", "motorcar:", "shop"} {
		if IsMarkTag(key) {
			t.Errorf("IsMarkTag(%s) = true", key)
		}
	}
}

func TestIsMark(t *testing.T) {
	for _, row := range []struct {
		tags string
		want bool
	}{
		{"barrier=gate", true},
		{"highway=stop; direction=forward", true},
		{"access=private", false},
		{"traffic_sign=city_limit", true},
		{"traffic_sign=FR:EB10", true},
		{"traffic_sign:forward=DE:310", true},
		{"traffic_sign=FR:B14[30]", false},
		{"traffic_sign=FR:B14,FR:EB20", true},
		{"city_limit=begin", true},
		{"name=Laon", false},
	} {
		if got := IsMark(tagsOf(row.tags)); got != row.want {
			t.Errorf("IsMark(%s) = %t", row.tags, got)
		}
	}
}
