package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "github.com/aisne-numerique/maillage/"

// rule is one line of the import law: packages under From must not import what
// is under Never, except from the folders in Except. Why tells the bug it prevents.
type rule struct {
	From   string
	Never  string
	Except []string
	Why    string
}

var law = []rule{
	{From: "geo", Never: module + "api", Why: "the engine must run without HTTP: in a worker, in a test, in a batch"},
	{From: "geo", Never: module + "tiles", Why: "results do not depend on how they are drawn"},
	{From: "geo", Never: module + "cmd", Why: "no library reads flags or the environment"},
	{From: "tiles", Never: module + "api", Why: "tiles are bytes; a static export serves them without HTTP handlers"},
	{From: "tiles", Never: module + "geo/store", Why: "no query per tile: tiles read an edition in memory"},
	{From: "api/ogc", Never: module + "geo/edition", Why: "the protocol is tried on made-up rows, and a new kind of result changes nothing in it"},
	{From: "api", Never: module + "geo/store", Why: "the server keeps serving when the database is down: it reads an edition"},
	{From: "ifn", Never: module, Except: []string{"ifn"}, Why: "the index is pure: it is checked against published tables without a map"},
	{From: "geo/store", Never: module + "geo/edition", Why: "a store keeps bytes; it must not know what they mean"},
	{From: "geo/store/table", Never: module + "geo/store/gpkg", Why: "what stores share knows none of them"},
	{From: "geo/store/table", Never: module + "geo/store/postgis", Why: "what stores share knows none of them"},
	{From: "geo/store/postgis", Never: module + "geo/store/gpkg", Why: "two stores, one truth: what both need is in geo/store/table"},
	{From: "geo/source", Never: module + "geo/edition", Why: "readers say what files say, and compute nothing"},
	{From: "geo/road", Never: module + "geo/lieu", Why: "roads know places to reach, not what is done there"},
	{From: "geo/edition", Never: module + "geo/scenario", Why: "an edition is what was computed; what could be is asked of it from outside"},
	{From: "geo/scenario", Never: module + "geo/store", Why: "a simulation reads an edition in memory: no file, no database, nothing to wait for"},
	{From: "geo/scenario", Never: module + "geo/source", Why: "a scenario is its own format, read once, at the door"},
	{From: "geo/export", Never: module + "geo/store/gpkg", Why: "results are tables: which program writes them is chosen in cmd"},
	{From: "tiles/pmtiles", Never: module, Why: "an archive holds bytes at addresses: it is examined without a map"},
	{From: "", Never: "github.com/labstack/echo", Except: []string{"api"}, Why: "one home per dependency: Echo in api"},
	{From: "", Never: "github.com/mattn/go-sqlite3", Except: []string{"geo/store/gpkg"}, Why: "one home per dependency: SQLite in geo/store/gpkg"},
	{From: "", Never: "database/sql", Except: []string{"geo/store/gpkg"}, Why: "SQL lives in stores"},
	{From: "", Never: "github.com/jackc/pgx", Except: []string{"geo/store/postgis", "scripts/pgrouting", "scripts/load-postgis", "scripts/cluster/clustertest", "scripts/crew", "scripts/fault-postgis", "scripts/national"}, Why: "one home per dependency: pgx in geo/store/postgis"},
	{From: "", Never: "github.com/uber/h3-go", Except: []string{"geo/grid"}, Why: "h3-go answers nonsense for nonsense: one door, which checks"},
	{From: "", Never: "github.com/paulmach/osm", Except: []string{"geo/source", "scripts/fixtures"}, Why: "OSM ids and tags stop at the reader"},
	{From: "", Never: "github.com/xuri/excelize", Except: []string{"geo/sheet"}, Why: "one home per dependency: workbooks in geo/sheet"},
	{From: "", Never: "github.com/valyala/fasthttp", Except: []string{"scripts/crew"}, Why: "one home per dependency: a client that measures, not one that serves"},
	{From: "", Never: "github.com/alecthomas/kong", Except: []string{"cmd/maillage"}, Why: "configuration is one struct in cmd"},
	{From: "fixtures", Never: module, Why: "data is data"},
}

// under reports whether a slash path is prefix or below it.
func under(p, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	return prefix == "" || p == prefix || strings.HasPrefix(p, prefix+"/")
}

// breaches lists where the files of fsys break the law, tests excepted: a test may
// reach up to build its world.
func breaches(fsys fs.FS, law []rule) ([]string, error) {
	var out []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "bin" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := path.Dir(name)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			for _, r := range law {
				if !under(dir, r.From) || !under(imported, r.Never) || slices.ContainsFunc(r.Except, func(e string) bool {
					return under(dir, e) && (!strings.HasPrefix(r.Never, module) || under(imported, module+e))
				}) {
					continue
				}
				out = append(out, fmt.Sprintf("%s imports %s: %s", name, imported, r.Why))
			}
		}
		return nil
	})
	return out, err
}

func TestArrowsOnlyGoDown(t *testing.T) {
	root := os.DirFS(filepath.Join("..", ".."))
	found, err := breaches(root, law)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range found {
		t.Error(b)
	}
}

// TestEveryRuleCanFail breaks each rule in a made-up tree: a law that no code can
// break keeps nothing.
func TestEveryRuleCanFail(t *testing.T) {
	for _, r := range law {
		dir := r.From
		if dir == "" {
			dir = "geo/lieu"
		}
		imported := strings.TrimSuffix(r.Never, "/")
		if imported+"/" == module {
			imported = module + "geo"
		}
		tree := fstest.MapFS{path.Join(dir, "broken.go"): {Data: fmt.Appendf(nil, "package p\n\nimport _ %q\n", imported)}}
		found, err := breaches(tree, law)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(found, func(b string) bool { return strings.HasSuffix(b, r.Why) }) {
			t.Errorf("%s importing %s breaks no rule; want: %s", dir, imported, r.Why)
		}
	}
}
