package gpkg

import (
	"errors"
	"fmt"

	"github.com/aisne-numerique/maillage/geo/sqlite"
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
	ErrDamaged = sqlite.ErrDamaged
	// ErrBusy: another program writes to the file, and did not end in time.
	ErrBusy = sqlite.ErrBusy
	// ErrReadOnly: a write to a store that was opened with [ReadOnly].
	ErrReadOnly = sqlite.ErrReadOnly
)

// explain adds the kind of error above to an error of SQLite that has one.
func explain(err error) error {
	switch kind := sqlite.Kind(err); kind {
	case sqlite.ErrNotDatabase:
		return fmt.Errorf("%w: %w", ErrNotGeoPackage, err)
	case ErrDamaged, ErrBusy, ErrReadOnly:
		return fmt.Errorf("%w: %w", kind, err)
	}
	return err
}

func isBusy(err error) bool { return sqlite.Kind(err) == sqlite.ErrBusy }

// isDuplicate reports whether a named UNIQUE constraint refused a row.
func isDuplicate(err error) bool { return sqlite.Kind(err) == sqlite.ErrDuplicate }
