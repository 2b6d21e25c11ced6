// Package postgis keeps the store in a PostgreSQL database with PostGIS, which any
// number of programs and people share: communes, EPCI, lieux, tournées and roads as
// tables with real geometries and GiST indexes, and one table "resultat_…" per layer
// of the newest edition, all in the schema maillage. Tables and columns are those of
// package gpkg. It needs PostgreSQL 14 and PostGIS 3.1.
//
// # Connection
//
// [Open] takes a URL, and what it leaves out comes from the environment and files
// that PostgreSQL's own programs read (PGHOST, PGPASSFILE, sslmode, ~/.pgpass…). No
// error or name that comes from this package holds the password. Sessions have settings
// and listen: a pooler between, as PgBouncer, must pool sessions, not transactions.
//
// # Writers and readers
//
// Every write is one transaction under one advisory lock of the database: Replace,
// PutEdition and Prune wait for each other in a process, and for up to ten seconds
// (see [Patience]) for another process, then answer [ErrBusy]. Readers see the old
// rows until the commit and never wait, but for the tables of results, which are
// locked for the moment of their swap. A process killed at any moment leaves the old
// rows: PostgreSQL rolls back when the connection ends.
//
// # Roles
//
// A role that owns the schema brings it up to date when it opens the store. One that
// may only read or write does not have to, as long as nobody needs to: otherwise
// Open answers [ErrOutdated]. The tables of results come and go without the right to
// create tables, through functions of the schema that run as its owner.
package postgis
