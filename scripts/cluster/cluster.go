// Package cluster runs a private PostgreSQL, for a test or a measure: its own data
// in a temporary folder, a socket in that folder, no network, no fsync. It leaves
// every other cluster of the machine alone. PostgreSQL refuses to run as root:
// started by root, it runs as the user postgres or, without one, as nobody.
package cluster

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrMissing is wrapped by what Start returns where PostgreSQL, or an extension, is
// not installed.
var ErrMissing = errors.New("PostgreSQL is not installed")

// packages are the Debian 12 packages of the extensions that maillage is tried with.
var packages = map[string]string{
	"postgis":   "postgresql-15-postgis-3",
	"pgrouting": "postgresql-15-pgrouting",
}

// maxSocket is the longest path of a socket, in bytes: macOS has the shortest.
const maxSocket = 103

// Cluster is a running PostgreSQL with one superuser and one database.
type Cluster struct {
	bin string // folder of its programs
	dir string // removed by Stop; holds the data, the socket and the log
	as  *syscall.Credential
}

// Start makes a cluster and starts it; ctx bounds that alone. It takes the latest
// PostgreSQL that has the files of the extensions; creating them in the database is
// left to the caller. Every cluster started is to be stopped.
func Start(ctx context.Context, extensions ...string) (*Cluster, error) {
	bin, err := find(folders(), extensions)
	if err != nil {
		return nil, fmt.Errorf("start a private cluster: %w", err)
	}
	c := &Cluster{bin: bin}
	if err := c.start(ctx); err != nil {
		return nil, fmt.Errorf("start a private cluster: %w", errors.Join(err, c.Stop()))
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context) (err error) {
	if c.dir, err = os.MkdirTemp("", "cluster"); err != nil {
		return err
	}
	if socket := filepath.Join(c.dir, ".s.PGSQL.5432"); len(socket) > maxSocket {
		return fmt.Errorf("%s: too long for a socket, at most %d bytes; set TMPDIR to a shorter path", socket, maxSocket)
	}
	if os.Getuid() == 0 {
		if c.as, err = unprivileged(); err != nil {
			return err
		}
		if err := os.Chown(c.dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return err
		}
	}
	if err := c.run(ctx, "initdb", "--pgdata", c.data(), "--username", "maillage", "--auth", "trust",
		"--encoding", "UTF8", "--no-locale", "--no-sync"); err != nil {
		return err
	}
	settings := fmt.Sprintf("\nunix_socket_directories = %s\nport = 5432\nlisten_addresses = ''\n"+
		"fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n", quote(c.dir, `''`))
	if err := appendTo(filepath.Join(c.data(), "postgresql.conf"), settings); err != nil {
		return err
	}
	return c.up(ctx)
}

func (c *Cluster) up(ctx context.Context) error {
	log := filepath.Join(c.dir, "log")
	if err := c.run(ctx, "pg_ctl", "start", "--pgdata", c.data(), "--wait", "--silent", "--log", log); err != nil {
		said, _ := os.ReadFile(log) // absent when it did not come to that
		return fmt.Errorf("%w\n%s", err, bytes.TrimSpace(said))
	}
	return nil
}

// DSN is the connection string of the database, in words, for libpq and pgx.
func (c *Cluster) DSN() string {
	return fmt.Sprintf("host=%s port=5432 user=maillage dbname=postgres sslmode=disable", quote(c.dir, `\'`))
}

// URL is the address of a database, as a URL for libpq and pgx; as is whom to connect
// as, the superuser without one.
func (c *Cluster) URL(database string, as ...string) string {
	user := "maillage"
	if len(as) > 0 {
		user = as[0]
	}
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database,
		RawQuery: url.Values{"host": {c.dir}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()}
	return u.String()
}

// Crash ends the server as a crash of it would: nothing is written down first. Commits
// of sessions with synchronous_commit = off, as are those of a new cluster, may be lost.
func (c *Cluster) Crash(ctx context.Context) error {
	if err := c.down(ctx); err != nil {
		return fmt.Errorf("crash a private cluster: %w", err)
	}
	return nil
}

// Restart starts the server again on the data that it left.
func (c *Cluster) Restart(ctx context.Context) error {
	if err := c.up(ctx); err != nil {
		return fmt.Errorf("restart a private cluster: %w", err)
	}
	return nil
}

// Freeze stops every process of the server where it is: connections stay open and
// nothing answers, as when its machine hangs. Thaw lets them go on.
func (c *Cluster) Freeze() error { return c.signal(syscall.SIGSTOP) }

// Thaw ends a Freeze.
func (c *Cluster) Thaw() error { return c.signal(syscall.SIGCONT) }

// signal sends a signal to the server, first to the process that would start others.
func (c *Cluster) signal(sig syscall.Signal) error {
	pid, err := c.pid()
	if err == nil {
		err = syscall.Kill(pid, sig)
	}
	if err != nil {
		return fmt.Errorf("signal to a private cluster: %w", err)
	}
	list, err := exec.Command("pgrep", "-P", strconv.Itoa(pid)).Output()
	if err != nil {
		return fmt.Errorf("processes of a private cluster: %w", err)
	}
	for _, field := range strings.Fields(string(list)) {
		child, err := strconv.Atoi(field)
		if err == nil {
			err = syscall.Kill(child, sig)
		}
		if err != nil && !errors.Is(err, syscall.ESRCH) { // gone meanwhile
			return fmt.Errorf("signal to a private cluster: %w", err)
		}
	}
	return nil
}

// pid is the process of the server; it is an error that wraps [os.ErrNotExist] when it
// does not run.
func (c *Cluster) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}

func (c *Cluster) down(ctx context.Context) error {
	return c.run(ctx, "pg_ctl", "stop", "--pgdata", c.data(), "--wait", "--silent", "--mode", "immediate")
}

// Stop stops the cluster, open connections or not, and removes all it wrote.
func (c *Cluster) Stop() error {
	if c.dir == "" {
		return nil
	}
	if _, err := c.pid(); !errors.Is(err, os.ErrNotExist) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		// Frozen, it would not stop.
		if err := errors.Join(c.signal(syscall.SIGCONT), c.down(ctx)); err != nil {
			return fmt.Errorf("stop a private cluster: %w; its files are in %s", err, c.dir)
		}
	}
	return os.RemoveAll(c.dir)
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// run runs a program of PostgreSQL to its end, free of what the environment says of
// other clusters.
func (c *Cluster) run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	cmd.WaitDelay = time.Second // an orphan may keep the pipe of the output open
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "PG") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, bytes.TrimSpace(said))
	}
	return nil
}

// folders lists where the programs of PostgreSQL may be, the latest version first:
// Debian keeps them out of PATH.
func folders() []string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is sound
	slices.SortStableFunc(found, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			found = append(found, filepath.Dir(real))
		}
	}
	return found
}

// version is the number in …/15/bin; 0 when there is none.
func version(bin string) int {
	v, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return v
}

// find returns the first folder that has the programs and the extensions.
func find(folders, extensions []string) (string, error) {
	has := func(path string) bool { _, err := os.Stat(path); return err == nil }
	for _, bin := range folders {
		if !has(filepath.Join(bin, "initdb")) || !has(filepath.Join(bin, "pg_ctl")) || !has(filepath.Join(bin, "postgres")) {
			continue
		}
		if len(extensions) == 0 {
			return bin, nil
		}
		share, err := exec.Command(filepath.Join(bin, "pg_config"), "--sharedir").Output()
		if err != nil {
			continue
		}
		if !slices.ContainsFunc(extensions, func(e string) bool {
			return !has(filepath.Join(strings.TrimSpace(string(share)), "extension", e+".control"))
		}) {
			return bin, nil
		}
	}
	needed := []string{"postgresql-15"}
	for _, e := range extensions {
		needed = append(needed, cmp.Or(packages[e], "that of the extension "+e))
	}
	return "", fmt.Errorf("%w, or lacks an extension: install the Debian packages %s", ErrMissing, strings.Join(needed, ", "))
}

// unprivileged is the user that a cluster of root runs as.
func unprivileged() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("PostgreSQL refuses to run as root, and there is no other user: %w", err)
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// quote quotes a value: libpq and postgresql.conf differ in how they write a quote
// inside one.
func quote(value, inner string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(value, `\`, `\\`), "'", inner) + "'"
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
