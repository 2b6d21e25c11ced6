package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/geo/sqlite"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Store is an open GeoPackage. It is safe for concurrent use. Close it: see the
// package comment for what that leaves in the folder.
type Store struct {
	path    string
	write   *sql.DB       // one connection; nil when opened with ReadOnly
	read    *sql.DB       // any number of connections that cannot write
	writing chan struct{} // holds one token while a writer is at work

	patience time.Duration // with writers of other processes

	closing  sync.Once
	closeErr error
}

var _ store.Store = (*Store)(nil)

// Option changes how [Open] opens a file.
type Option func(*options)

type options struct {
	mustExist, readOnly bool
	patience            time.Duration
}

// MustExist makes Open answer fs.ErrNotExist, rather than create the file.
func MustExist() Option { return func(o *options) { o.mustExist = true } }

// ReadOnly opens an existing file without the means to change it, as one in a
// folder where the user may not write. Replace and PutEdition answer ErrReadOnly.
func ReadOnly() Option { return func(o *options) { o.mustExist, o.readOnly = true, true } }

// Patience is how long a write waits for another process that is writing, before it
// answers ErrBusy. The default is ten seconds.
func Patience(d time.Duration) Option { return func(o *options) { o.patience = d } }

// Open opens the store at path, and creates it when there is no file or an empty
// one. A store of an earlier version of the program is brought up to date. The
// errors that a person can act on are listed at [ErrNotGeoPackage].
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	o := options{patience: defaultPatience}
	for _, set := range opts {
		set(&o)
	}
	s, err := open(ctx, path, o)
	if err != nil {
		return nil, fmt.Errorf("open store: %s: %w", path, explain(err))
	}
	return s, nil
}

func open(ctx context.Context, path string, o options) (_ *Store, err error) {
	created, err := inspect(path, o)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, writing: make(chan struct{}, 1), patience: o.patience}
	defer func() {
		if err != nil {
			s.Close()
			if created {
				os.Remove(path)
			}
		}
	}()
	if o.readOnly {
		s.read = sqlite.Open(path, visitor)
		return s, s.recognise(ctx)
	}
	s.write = sqlite.Open(path, writer)
	s.write.SetMaxOpenConns(1)
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	if _, err := s.write.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil && !isBusy(err) {
		return nil, err
	}
	s.read = sqlite.Open(path, reader)
	return s, s.read.PingContext(ctx)
}

// inspect looks at the file before SQLite does, whose errors for these cases say
// less, or come late. It creates the file when that is asked for.
func inspect(path string, o options) (created bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !o.mustExist:
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return false, bare(err)
		}
		return true, f.Close()
	case err != nil:
		return false, bare(err)
	case info.IsDir():
		return false, fmt.Errorf("%w: a folder", ErrNotGeoPackage)
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("%w: not a regular file", ErrNotGeoPackage)
	}
	flag := os.O_RDWR // SQLite would open a file without this right for reading, and fail at the first write
	if o.readOnly {
		flag = os.O_RDONLY
	}
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return false, bare(err)
	}
	defer f.Close()
	if info.Size() == 0 && !o.mustExist {
		return false, nil
	}
	err = sqlite.CheckHeader(f, info.Size(), path)
	if errors.Is(err, sqlite.ErrNotDatabase) {
		err = fmt.Errorf("%w: %w", ErrNotGeoPackage, err)
	}
	return false, err
}

// bare drops the path and the system call from an error of package os: the caller
// names the path.
func bare(err error) error {
	var p *fs.PathError
	if !errors.As(err, &p) {
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		if _, parent := os.Stat(filepath.Dir(p.Path)); errors.Is(parent, fs.ErrNotExist) {
			return fmt.Errorf("its folder: %w", fs.ErrNotExist)
		}
		return fs.ErrNotExist
	}
	return p.Err
}

// Close leaves one whole file, see the package comment. Reads still going on, as a
// loop over Roads, keep their connection until they end. Close again does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		var errs []error
		if s.read != nil {
			errs = append(errs, s.read.Close())
		}
		if s.write != nil {
			_, err := s.write.Exec("PRAGMA journal_mode = DELETE")
			if err != nil && !isBusy(err) { // busy: another program has it open, and will do this
				errs = append(errs, err)
			}
			errs = append(errs, s.write.Close())
		}
		if err := errors.Join(errs...); err != nil {
			s.closeErr = fmt.Errorf("close store: %s: %w", s.path, explain(err))
		}
	})
	return s.closeErr
}
