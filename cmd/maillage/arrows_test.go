package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/aisne-numerique/maillage/"

// The law is the code map of ARCHITECTURE.md: what is not on it is wrong. A row allows a
// folder, or all folders that a pattern such as scripts/* matches, to import packages of
// this module by their folder, and others by one element of their path. Tests are free: they
// may reach up to build their world.

// pack is a package of the module as `go list` tells it.
type pack struct {
	Folder string
	Ours   []string // folders of this module that it imports
	Others []string // import paths that it imports from outside, and the ruled ones of the standard library
}

// row is one row of the code map.
type row struct {
	Folder       string // or a pattern, see [path.Match]
	Ours, Others []string
}

// ruled are the packages of the standard library that need to be on the map as those from
// outside do: the engine runs without HTTP, and SQL lives in stores.
var ruled = []string{"net/http", "database/sql"}

const everything = "everything"

// readMap reads the table below the heading "## Code map".
func readMap(text string) ([]row, error) {
	_, section, ok := strings.Cut(text, "\n## Code map\n")
	if !ok {
		return nil, errors.New("no section Code map")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var rows []row
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		if len(cells) != 4 {
			return nil, fmt.Errorf("row %q: %d cells; want folder, noun, may import, from outside", strings.TrimSpace(line), len(cells))
		}
		r := row{Folder: strings.Trim(strings.TrimSpace(cells[0]), "`"), Ours: list(cells[2]), Others: list(cells[3])}
		if slices.ContainsFunc(rows, func(other row) bool { return other.Folder == r.Folder }) {
			return nil, fmt.Errorf("%s stands twice", r.Folder)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// list reads "geo, geo/admin"; "–" is nothing.
func list(cell string) (out []string) {
	for item := range strings.SplitSeq(cell, ",") {
		if item = strings.TrimSpace(item); item != "–" {
			out = append(out, item)
		}
	}
	return out
}

// names reports whether an import path has the element that a row names it by, or is named
// whole, as packages of the standard library are.
func names(element, imported string) bool {
	return element == imported || slices.Contains(strings.Split(imported, "/"), element)
}

// breaches lists where the packages and the map differ, both ways: an arrow that is not on
// the map, and a permission that nobody uses.
func breaches(rows []row, packages []pack) (out []string) {
	used := map[string]bool{}
	for _, p := range packages {
		i := slices.IndexFunc(rows, func(r row) bool { return r.Folder == p.Folder })
		if i < 0 {
			i = slices.IndexFunc(rows, func(r row) bool { ok, err := path.Match(r.Folder, p.Folder); return ok && err == nil })
		}
		if i < 0 {
			out = append(out, p.Folder+" is not on the code map")
			continue
		}
		r := rows[i]
		used[r.Folder] = true
		check := func(imports, allowed []string, fits func(allowed, imported string) bool) {
			for _, imported := range imports {
				k := slices.IndexFunc(allowed, func(a string) bool { return a == everything || fits(a, imported) })
				if k < 0 {
					out = append(out, fmt.Sprintf("%s imports %s: not on its row of the code map", p.Folder, imported))
					continue
				}
				used[r.Folder+" "+allowed[k]] = true
			}
		}
		check(p.Ours, r.Ours, func(a, imported string) bool { return a == imported })
		check(p.Others, r.Others, names)
	}
	for _, r := range rows {
		if !used[r.Folder] {
			out = append(out, r.Folder+" is on the code map, and is no package")
			continue
		}
		for _, allowed := range slices.Concat(r.Ours, r.Others) {
			if !used[r.Folder+" "+allowed] {
				out = append(out, fmt.Sprintf("%s may import %s, and does not: the code map is false", r.Folder, allowed))
			}
		}
	}
	return out
}

// listPackages asks the go command for the packages of the module.
func listPackages(root string) ([]pack, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir, cmd.Stderr = root, os.Stderr
	data, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var packages []pack
	for decoder := json.NewDecoder(strings.NewReader(string(data))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); err == io.EOF {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		out := pack{Folder: strings.TrimPrefix(p.ImportPath, module)}
		for _, imported := range p.Imports {
			first, _, _ := strings.Cut(imported, "/")
			if folder, ours := strings.CutPrefix(imported, module); ours {
				out.Ours = append(out.Ours, folder)
			} else if strings.Contains(first, ".") || slices.Contains(ruled, imported) {
				out.Others = append(out.Others, imported)
			}
		}
		packages = append(packages, out)
	}
}

func TestCodeMapIsTheLaw(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := readMap(string(text))
	if err != nil {
		t.Fatal(err)
	}
	packages, err := listPackages(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 30 {
		t.Fatalf("go list found %d packages; want all of the module", len(packages))
	}
	for _, b := range breaches(rows, packages) {
		t.Error(b)
	}
}

// TestEveryBreachIsSeen holds made-up packages against a made-up map: a law that no code
// can break keeps nothing.
func TestEveryBreachIsSeen(t *testing.T) {
	const head = "# House\n\n## Code map\n\n| folder | its noun | may import | from outside |\n|---|---|---|---|\n"
	geo, road := pack{Folder: "geo"}, pack{Folder: "geo/road", Ours: []string{"geo"}, Others: []string{"example.org/x/orb/clip", "net/http"}}
	tool := pack{Folder: "scripts/tool", Ours: []string{"geo", "geo/road"}}
	for _, c := range []struct {
		name     string
		rows     string
		packages []pack
		want     string
	}{
		{"as the map says", "", nil, ""},
		{"a package without a row", "", []pack{{Folder: "geo/new"}}, "geo/new is not on the code map"},
		{"a row without a package", "| `geo/old` | nothing | – | – |\n", nil, "geo/old is on the code map, and is no package"},
		{"an arrow up", "| `geo/low` | low | – | – |\n", []pack{{Folder: "geo/low", Ours: []string{"geo/road"}}}, "geo/low imports geo/road: not on its row of the code map"},
		{"a dependency outside its home", "| `geo/low` | low | – | – |\n", []pack{{Folder: "geo/low", Others: []string{"example.org/x/orb"}}}, "geo/low imports example.org/x/orb: not on its row of the code map"},
		{"part of an element's name", "| `geo/low` | low | – | orb |\n", []pack{{Folder: "geo/low", Others: []string{"example.org/x/orbit"}}}, "geo/low imports example.org/x/orbit: not on its row of the code map"},
		{"a permission that nobody uses", "| `geo/low` | low | geo, geo/road | – |\n", []pack{{Folder: "geo/low", Ours: []string{"geo"}}}, "geo/low may import geo/road, and does not: the code map is false"},
		{"a dependency that is gone", "| `geo/low` | low | – | rtree |\n", []pack{{Folder: "geo/low"}}, "geo/low may import rtree, and does not: the code map is false"},
	} {
		rows, err := readMap(head + "| `geo` | place | – | – |\n| `geo/road` | road | geo | orb, net/http |\n| `scripts/*` | a tool | everything | – |\n" + c.rows + "\n## Words\n\n| `geo/none` | x |\n")
		if err != nil {
			t.Fatal(err)
		}
		found := breaches(rows, append([]pack{geo, road, tool}, c.packages...))
		if c.want == "" {
			if len(found) > 0 {
				t.Errorf("%s: %q; want nothing", c.name, found)
			}
			continue
		}
		if !slices.Contains(found, c.want) {
			t.Errorf("%s: %q; want %q", c.name, found, c.want)
		}
	}
	for _, text := range []string{"# House\n", head + "| `geo` | place | – |\n", head + "| `geo` | place | – | – |\n| `geo` | again | – | – |\n"} {
		if _, err := readMap(text); err == nil {
			t.Errorf("%q is read as a code map; want an error", text)
		}
	}
}
