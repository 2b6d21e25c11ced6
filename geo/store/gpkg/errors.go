package gpkg

import (
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// Why a file cannot be used. Besides these, [Open] answers errors that wrap
// fs.ErrNotExist and fs.ErrPermission.
var (
	// ErrNotGeoPackage: the path holds something else (a folder, another format,
	// an SQLite file that does not say it is a GeoPackage).
	ErrNotGeoPackage = errors.New("not a GeoPackage")
	// ErrNotStore: a GeoPackage, but of another program. It is left as it was.
	ErrNotStore = errors.New("a GeoPackage that maillage did not make")
	// ErrNewer: a store of a later version of the program. It is left as it was.
	ErrNewer = errors.New("made by a newer version of maillage")
	// ErrDamaged: the file is cut short, or its content contradicts itself.
	ErrDamaged = errors.New("damaged file")
	// ErrBusy: another program writes to the file, and did not end in time.
	ErrBusy = errors.New("another program is writing to the file")
	// ErrReadOnly: a write to a store that was opened with [ReadOnly].
	ErrReadOnly = errors.New("opened for reading only")
)

// explain adds the kind of error above to an error of SQLite that has one.
func explain(err error) error {
	var lite sqlite3.Error
	if !errors.As(err, &lite) {
		return err
	}
	switch lite.Code {
	case sqlite3.ErrNotADB:
		return fmt.Errorf("%w: %w", ErrNotGeoPackage, err)
	case sqlite3.ErrCorrupt:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	case sqlite3.ErrReadonly:
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}

func isBusy(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && (lite.Code == sqlite3.ErrBusy || lite.Code == sqlite3.ErrLocked)
}

// isDuplicate reports whether a named UNIQUE constraint refused a row.
func isDuplicate(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && lite.ExtendedCode == sqlite3.ErrConstraintUnique
}
