package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis/jobs"
	"github.com/aisne-numerique/maillage/scripts/cluster"
	"github.com/aisne-numerique/maillage/scripts/cluster/clustertest"
)

// TestPostGIS runs what needs a server on one, and computes the demonstration there
// once.
func TestPostGIS(t *testing.T) {
	server, err := clustertest.Start(context.Background())
	if errors.Is(err, cluster.ErrMissing) {
		t.Skipf("not tried: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	db := server.Database(t)
	maillage(t, exitOK, "demo", "--no-serve", "--resolution", "7", "--store", db)
	t.Run("serve hears of editions", func(t *testing.T) { serveHears(t, server, db) }) // leaves two editions
	t.Run("two stores, one truth", func(t *testing.T) { twoStores(t, server, db) })
	t.Run("a queue that comes later", func(t *testing.T) { lateJobs(t, server, db) })
	t.Run("jobs", func(t *testing.T) { queued(t, db) })
	t.Run("doctor", func(t *testing.T) { doctor(t, server, db) })
	t.Run("sentences", func(t *testing.T) { sentences(t, server) })
}

// maillage runs a command that must end with the exit code, and gives both outputs.
func maillage(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(t.Context(), args, &out, &errs); got != code {
		t.Fatalf("maillage %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, code, &out, &errs)
	}
	return out.String(), errs.String()
}

// content is all that a store holds; when it was stored is not part of it.
type content struct {
	Manifests []store.Manifest
	Rows      map[store.Kind]any
	Editions  []string
	Bytes     map[string][]byte
	Documents map[string][]byte
}

func contentOf(t *testing.T, name string) content {
	t.Helper()
	ctx := t.Context()
	st, err := openStore(ctx, name, false)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Check(ctx); err != nil {
		t.Error(err)
	}
	c := content{Rows: map[store.Kind]any{}, Bytes: map[string][]byte{}, Documents: map[string][]byte{}}
	must := func(rows any, err error) any {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	c.Manifests = must(st.Manifests(ctx)).([]store.Manifest)
	for _, about := range store.Kinds() {
		var rows []any
		for row, err := range st.Read(ctx, about.Kind) {
			rows = append(rows, must(row, err))
		}
		c.Rows[about.Kind] = rows
	}
	for _, info := range must(st.Editions(ctx)).([]store.EditionInfo) {
		c.Editions = append(c.Editions, info.ID)
		c.Bytes[info.ID] = must(st.Edition(ctx, info.ID)).([]byte)
	}
	for _, kind := range desk.DocumentKinds() {
		for _, d := range must(st.Documents(ctx, kind)).([]store.Document) {
			c.Documents[kind+" "+d.ID] = d.Data
		}
	}
	return c
}

// same compares two stores; a difference is shown by its part, roads are too many.
func same(t *testing.T, what string, want, got content) {
	t.Helper()
	if diff := cmp.Diff(want.Manifests, got.Manifests); diff != "" {
		t.Errorf("%s: manifests (-want +got):\n%s", what, diff)
	}
	for kind, rows := range want.Rows {
		none := reflect.ValueOf(rows).Len()+reflect.ValueOf(got.Rows[kind]).Len() == 0 // nil and empty are the same
		if !none && !reflect.DeepEqual(rows, got.Rows[kind]) {
			t.Errorf("%s: the rows of %s differ", what, kind)
		}
	}
	if diff := cmp.Diff(want.Editions, got.Editions); diff != "" {
		t.Errorf("%s: editions, newest first (-want +got):\n%s", what, diff)
	}
	if diff := cmp.Diff(want.Documents, got.Documents); diff != "" {
		t.Errorf("%s: documents (-want +got):\n%s", what, diff)
	}
	for id, data := range want.Bytes {
		if !bytes.Equal(data, got.Bytes[id]) {
			t.Errorf("%s: the bytes of edition %s differ", what, id)
		}
	}
}

// twoStores computes in a GeoPackage what was computed in db, then copies one to
// another database and back.
func twoStores(t *testing.T, server *clustertest.Server, db string) {
	dir := t.TempDir()
	file := filepath.Join(dir, "aisne.gpkg")
	maillage(t, exitOK, "demo", "--no-serve", "--resolution", "7", "--store", file)
	maillage(t, exitOK, "compute", "--cutoff", "20m", "--resolution", "7", "--store", file)
	want := contentOf(t, file)
	if len(want.Editions) != 2 {
		t.Fatalf("editions %v; want two", want.Editions)
	}
	same(t, "imported and computed in PostGIS", want, contentOf(t, db))

	other, back := server.Database(t), filepath.Join(dir, "retour.gpkg")
	said, _ := maillage(t, exitOK, "copy", "--from", file, "--to", other)
	if !strings.Contains(said, "2 éditions") || !strings.Contains(said, "communes") {
		t.Errorf("copy said:\n%s", said)
	}
	same(t, "copied to PostGIS", want, contentOf(t, other))
	said, _ = maillage(t, exitOK, "copy", "--from", other, "--to", back, "--json")
	var sum copied
	if err := json.Unmarshal([]byte(said), &sum); err != nil || len(sum.Datasets) != len(want.Manifests) || len(sum.Editions) != 2 ||
		sum.Editions[0] != want.Editions[1] || sum.From != shown(other) || len(sum.Warnings) > 0 {
		t.Errorf("copy --json: %v\n%s", err, said)
	}
	same(t, "copied back to a GeoPackage", want, contentOf(t, back))

	// The tables of results are those of the newest edition in each.
	for name, query := range map[string]string{db: "computed", other: "copied"} {
		if err := clustertest.Exec(t.Context(), name, `DO $$ BEGIN
			IF (SELECT sum(habitants) FROM maillage.resultat_cells) <> (SELECT sum(population_habitants) FROM maillage.communes WHERE dataset = 'communes-aisne')
				OR (SELECT count(*) FROM maillage.resultat_zones_blanches) = 0
				OR obj_description('maillage.resultat_cells'::regclass) NOT LIKE '%T = 20 min%'
			THEN RAISE EXCEPTION 'the tables of results are not those of the newest edition'; END IF; END $$`); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}

	_, said = maillage(t, exitFailed, "copy", "--from", file, "--to", other)
	if !strings.Contains(said, "contient déjà") || !strings.Contains(said, "--replace") {
		t.Errorf("copy to a store that holds something: %s", said)
	}
	maillage(t, exitOK, "copy", "--from", file, "--to", other, "--replace")
	same(t, "copied a second time", want, contentOf(t, other))
	lieux := filepath.Join("..", "..", "fixtures", "aisne", "lieux.csv")
	maillage(t, exitOK, "import", "lieux", lieux, "--dataset", "à nous", "--store", other)
	_, said = maillage(t, exitFailed, "copy", "--from", file, "--to", other, "--replace")
	if !strings.Contains(said, "« à nous »") {
		t.Errorf("copy over a dataset of their own: %s", said)
	}
	_, said = maillage(t, exitUsage, "copy", "--from", file, "--to", file)
	if !strings.Contains(said, "même magasin") {
		t.Errorf("copy onto itself: %s", said)
	}
}

// serveHears: a server publishes an edition that another program computes, before it
// would look by itself; and goes on when the database is down.
func serveHears(t *testing.T, server *clustertest.Server, db string) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	ctx, stop := context.WithCancel(t.Context())
	var errs lockedBuffer
	done := make(chan int)
	go func() { done <- run(ctx, []string{"serve", "--addr", addr, "--store", db}, &errs, &errs) }()
	await := func(what string, within time.Duration) {
		t.Helper()
		for deadline := time.Now().Add(within); !strings.Contains(errs.String(), what); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the server did not say %q:\n%s", what, errs.String())
			}
		}
	}
	await("maillage sert l'édition", 30*time.Second)
	maillage(t, exitOK, "compute", "--cutoff", "20m", "--resolution", "7", "--store", db)
	await("nouvelle édition", poll-time.Second)
	database := strings.TrimPrefix(strings.SplitN(db, "?", 2)[0], "postgres://maillage@/")
	admin := server.URL("postgres")
	if err := errors.Join(clustertest.Exec(t.Context(), admin, "ALTER DATABASE "+database+" ALLOW_CONNECTIONS false"),
		clustertest.Exec(t.Context(), admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+database+"'")); err != nil {
		t.Fatal(err)
	}
	await("écoute du magasin", 30*time.Second)
	client := http.Client{Timeout: 5 * time.Second}
	for path, want := range map[string]string{"/api/v1/editions": `"created"`, "/api/v1/gaps": `"territoires"`} {
		answer, err := client.Get("http://" + addr + path)
		if err != nil {
			t.Errorf("while the database is down: %v", err)
			continue
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("GET %s while the database is down: %s, %v, %.200s; want %s", path, answer.Status, err, body, want)
		}
	}
	if err := clustertest.Exec(t.Context(), admin, "ALTER DATABASE "+database+" ALLOW_CONNECTIONS true"); err != nil {
		t.Fatal(err)
	}
	stop()
	if code := <-done; code != exitOK {
		t.Errorf("serve: exit %d\n%s", code, errs.String())
	}
}

func doctor(t *testing.T, server *clustertest.Server, db string) {
	empty := server.Database(t)
	said, _ := maillage(t, exitFailed, "doctor", "--store", empty)
	if !strings.Contains(said, "maillage migrate --store postgres://maillage@") {
		t.Errorf("doctor of an empty database:\n%s", said)
	}
	said, _ = maillage(t, exitOK, "migrate", "--store", empty)
	if !strings.Contains(said, "structure à jour") {
		t.Errorf("migrate: %s", said)
	}
	if err := clustertest.Exec(t.Context(), db, "DROP INDEX maillage.lieux_geom"); err != nil {
		t.Fatal(err)
	}
	said, _ = maillage(t, exitFailed, "doctor", "--store", db+"&statement_timeout=0")
	for _, want := range []string{"PostgreSQL ", "PostGIS ", "version " + strconv.Itoa(latest(t)), "lecture, écriture et structure", "connexions",
		"lieux_geom manque", "CREATE INDEX lieux_geom ON maillage.lieux USING gist (geom);", "ôtez statement_timeout=0", "intègre"} {
		if !strings.Contains(said, want) {
			t.Errorf("doctor does not say %q:\n%s", want, said)
		}
	}
	if err := clustertest.Exec(t.Context(), db, "CREATE INDEX lieux_geom ON maillage.lieux USING gist (geom)"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_ = run(t.Context(), []string{"doctor", "--store", db}, &out, &out) // fails where the map is not built
	if strings.Contains(out.String(), "lieux_geom") || !strings.Contains(out.String(), "tous présents et valides") {
		t.Errorf("doctor once mended:\n%s", &out)
	}
}

// sentences: each says in French what is wrong and what to do, and none holds the
// password.
func sentences(t *testing.T, server *clustertest.Server) {
	for _, c := range []struct{ name, address, want string }{
		{"nobody listens", "postgres://jeanne:s3cr@127.0.0.1:1/aisne", "aucun serveur PostgreSQL ne répond"},
		{"a password with a slash", "postgres://jeanne:s3cr/t@127.0.0.1/aisne", "adresse de base de données illisible"},
		{"a certificate that is not there", "postgres://jeanne:s3cr@127.0.0.1/aisne?sslmode=verify-full&sslrootcert=/nowhere.pem", "/nowhere.pem : ce fichier"},
	} {
		_, said := maillage(t, exitFailed, "gaps", "--store", c.address)
		if !strings.Contains(said, c.want) || strings.Contains(said, "s3cr") {
			t.Errorf("%s: %swant %q, without the password", c.name, said, c.want)
		}
	}
	if _, said := maillage(t, exitUsage, "gaps", "--store", "mysql://jeanne:s3cr@x/y"); !strings.Contains(said, "postgres://") || strings.Contains(said, "s3cr") {
		t.Errorf("another kind of address: %s", said)
	}
	if _, said := maillage(t, exitFailed, "gaps", "--store", server.URL("nowhere")); !strings.Contains(said, "createdb") {
		t.Errorf("no such database: %s", said)
	}
	if _, said := maillage(t, exitFailed, "gaps", "--store", server.URL("postgres")); !strings.Contains(said, "CREATE EXTENSION postgis") {
		t.Errorf("no PostGIS: %s", said)
	}
	db := server.Database(t)
	maillage(t, exitOK, "migrate", "--store", db)
	if err := clustertest.Exec(t.Context(), db, "INSERT INTO maillage.maillage_migrations VALUES (99, 'x')"); err != nil {
		t.Fatal(err)
	}
	if _, said := maillage(t, exitFailed, "gaps", "--store", db); !strings.Contains(said, "version plus récente") {
		t.Errorf("a newer schema: %s", said)
	}
}

// lockedBuffer is written by a command and read meanwhile.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// lateJobs: a server whose role may only read starts before the database has a queue,
// and tells of the jobs once it has one.
func lateJobs(t *testing.T, server *clustertest.Server, db string) {
	ctx := t.Context()
	if err := clustertest.Exec(ctx, db, "CREATE ROLE lectrice LOGIN; GRANT USAGE ON SCHEMA maillage TO lectrice; GRANT SELECT ON ALL TABLES IN SCHEMA maillage TO lectrice"); err != nil {
		t.Fatal(err)
	}
	name := db[strings.LastIndex(db, "/")+1 : strings.Index(db, "?")]
	st, err := openStore(ctx, server.URL(name, "lectrice"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	d, done := newKeeper(&session{log: quiet}, st)
	defer done()
	if list, err := d.Jobs(ctx); err != nil || list != nil {
		t.Errorf("jobs without a queue: %v, %v; want none", list, err)
	}
	if _, err := d.Compute(ctx); !errors.Is(err, desk.ErrNoQueue) {
		t.Errorf("a computation without a queue: %v; want ErrNoQueue", err)
	}
	maillage(t, exitOK, "jobs", "--store", db) // makes it
	if err := clustertest.Exec(ctx, db, "GRANT USAGE ON SCHEMA maillage_jobs TO lectrice; GRANT SELECT ON ALL TABLES IN SCHEMA maillage_jobs TO lectrice"); err != nil {
		t.Fatal(err)
	}
	if list, err := d.Jobs(ctx); err != nil || list == nil {
		t.Errorf("jobs once there is a queue: %v, %v; want an empty list", list, err)
	}
	if err := clustertest.Exec(ctx, db, "DROP OWNED BY lectrice; DROP ROLE lectrice"); err != nil {
		t.Fatal(err)
	}
}

// queued: a computation that is asked for is done by a worker, and told of.
func queued(t *testing.T, db string) {
	said, _ := maillage(t, exitOK, "compute", "--queue", "--cutoff", "10m", "--resolution", "7", "--store", db)
	if !strings.Contains(said, "en attente") {
		t.Errorf("compute --queue:\n%s", said)
	}
	again, _ := maillage(t, exitOK, "compute", "--queue", "--cutoff", "10m", "--resolution", "7", "--store", db, "--json")
	var asked []desk.Job
	if err := json.Unmarshal([]byte(again), &asked); err != nil || len(asked) != 1 {
		t.Fatalf("compute --queue --json: %v\n%s", err, again)
	}
	ctx, stop := context.WithCancel(t.Context())
	var errs lockedBuffer
	done := make(chan int)
	go func() { done <- run(ctx, []string{"worker", "--concurrency", "1", "--store", db}, &errs, &errs) }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		said, _ = maillage(t, exitOK, "jobs", "--store", db)
		asJSON, _ := maillage(t, exitOK, "jobs", "--json", "--store", db)
		if !json.Valid([]byte(asJSON)) {
			t.Fatalf("jobs --json:\n%s", asJSON)
		}
		if strings.Contains(said, "terminé") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the job is not done:\n%s\n%s", said, errs.String())
		}
	}
	if strings.Count(said, "compute") != 1 {
		t.Errorf("the same computation asked for twice is two jobs:\n%s", said)
	}
	queuedFiles(t, db)
	stop()
	if code := <-done; code != exitOK {
		t.Errorf("worker: exit %d\n%s", code, errs.String())
	}
	maillage(t, exitFailed, "jobs", "cancel", "999", "--store", db)
	maillage(t, exitUsage, "worker", "--store", "aisne.gpkg")
}

// queuedFiles: an export and an import that are asked for are done by the worker that
// runs, the same as without a queue; a file that has changed meanwhile is refused.
func queuedFiles(t *testing.T, db string) {
	dir := t.TempDir()
	ask := func(args ...string) desk.Job {
		t.Helper()
		said, _ := maillage(t, exitOK, append(args, "--queue", "--json", "--store", db)...)
		var asked []desk.Job
		if err := json.Unmarshal([]byte(said), &asked); err != nil || len(asked) != 1 {
			t.Fatalf("%v: %v\n%s", args, err, said)
		}
		return asked[0]
	}
	await := func(id int64) desk.Job {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
			said, _ := maillage(t, exitOK, "jobs", "list", "--json", "--store", db)
			var all []desk.Job
			if err := json.Unmarshal([]byte(said), &all); err != nil {
				t.Fatal(err)
			}
			for _, j := range all {
				if j.ID == id && j.Finished != "" {
					return j
				}
			}
			if time.Now().After(deadline) {
				t.Fatalf("job %d is not done:\n%s", id, said)
			}
		}
	}
	queued, direct := filepath.Join(dir, "file.pmtiles"), filepath.Join(dir, "direct.pmtiles")
	if j := await(ask("export", "pmtiles", queued).ID); j.State != "completed" || j.Kind != "export" {
		t.Errorf("export: %+v", j)
	}
	maillage(t, exitOK, "export", "pmtiles", direct, "--store", db)
	want, err := os.ReadFile(direct)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(queued); err != nil || !bytes.Equal(got, want) {
		t.Errorf("exported by a worker: %d bytes, %v; want the %d of the command", len(got), err, len(want))
	}

	text, err := os.ReadFile(filepath.Join("..", "..", "fixtures", "aisne", "lieux.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lieux := filepath.Join(dir, "lieux.csv")
	if err := os.WriteFile(lieux, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if j := await(ask("import", "lieux", lieux, "--dataset", "par la file").ID); j.State != "completed" || j.Kind != "import" {
		t.Errorf("import: %+v", j)
	}
	held := contentOf(t, db)
	if !slices.ContainsFunc(held.Manifests, func(m store.Manifest) bool { return m.Dataset == "par la file" && m.Rows > 0 }) {
		t.Errorf("the worker imported nothing: %+v", held.Manifests)
	}
	// The job's sums are those of when it was asked for.
	c := importCmd{Kind: "lieux", Files: []string{lieux}, Dataset: "par la file", Reject: 0.2}
	o, err := json.Marshal(importOptions{Import: c, SHA256: map[string]string{lieux: digest(text)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(lieux, text[:len(text)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	s := &session{ctx: t.Context(), given: db}
	err = s.importJob(t.Context(), jobs.Import{Options: o}, func(string, int, int) {})
	if err == nil || !strings.Contains(err.Error(), "le fichier a changé") {
		t.Errorf("a file that has changed: %v", err)
	}
	maillage(t, exitUsage, "export", "pmtiles", queued, "--queue", "--store", "aisne.gpkg")
}

// latest is the version of the stores that this program makes.
func latest(t *testing.T) int {
	names, err := filepath.Glob(filepath.Join("..", "..", "geo", "store", "postgis", "migrations", "*.sql"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d migrations: %v", len(names), err)
	}
	return len(names)
}
