package sqlite

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// Why a file, or a statement, does not do. [Kind] tells which.
var (
	ErrNotDatabase = errors.New("not an SQLite file")
	// ErrDamaged: the file is cut short, or its content contradicts itself.
	ErrDamaged = errors.New("damaged file")
	// ErrBusy: another program writes to the file, and did not end in time.
	ErrBusy = errors.New("another program is writing to the file")
	// ErrReadOnly: a write to what can only be read.
	ErrReadOnly = errors.New("opened for reading only")
	// ErrTooBig: a value beyond the limit of the connection.
	ErrTooBig = errors.New("value too big")
	// ErrDuplicate: a row that a UNIQUE constraint refused.
	ErrDuplicate = errors.New("already there")
	// ErrStatement: a statement that does not fit the tables of the file.
	ErrStatement = errors.New("wrong statement")
)

// Kind is the kind above that an error of SQLite has; nil when it has none.
func Kind(err error) error {
	var lite sqlite3.Error
	if !errors.As(err, &lite) {
		return nil
	}
	switch lite.Code {
	case sqlite3.ErrNotADB:
		return ErrNotDatabase
	case sqlite3.ErrCorrupt:
		return ErrDamaged
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return ErrBusy
	case sqlite3.ErrReadonly:
		return ErrReadOnly
	case sqlite3.ErrTooBig:
		return ErrTooBig
	case sqlite3.ErrError:
		return ErrStatement
	}
	if lite.ExtendedCode == sqlite3.ErrConstraintUnique {
		return ErrDuplicate
	}
	return nil
}
