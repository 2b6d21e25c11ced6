package source

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/store"
)

// LieuMapping says which column or key of a published list is which field of the
// national schema of lieux. Read it with lieux.ReadMapping, which documents the file.
type LieuMapping struct {
	Files      []store.File
	List       []string // the path of the list of records in a JSON file; nil: found by itself
	CRS        geo.CRS  // of the fields x and y; 0: not told
	Separators string   // between the values of a list; "": "|" and ";"
	Keep, Drop []RowFilter
	// Fields are the values of each field, the first that is not empty, or all of them for
	// a field of several values. A field without values is not read.
	Fields map[string][]LieuValue
}

// LieuValue is one value of a field of a lieu, and how it is read.
type LieuValue struct {
	Columns    []string          // columns, or paths of keys ("adresse.voie"), joined by Between
	Between    string            // between several columns; "": a blank
	Days       [7]string         // columns of hours by day, Monday first, instead of Columns
	Constant   string            // instead of any column
	Yes, No    string            // what a column of yes or no stands for; both "": it is no such column
	Table      map[string]string // what a value stands for, by its slug; "*" is any other, "" none
	Separators string            // between values of a list, instead of those of the mapping
	Unknown    []string          // texts that stand for no value
	Else       string            // when the columns are empty
	Format     string            // of a date, in the words of package time; "": any usual one
	LonFirst   bool              // of a position in one column; with Ordered
	Ordered    bool              // whether LonFirst is told
}
