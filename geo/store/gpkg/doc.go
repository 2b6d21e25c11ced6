// Package gpkg keeps the store in one GeoPackage 1.3 file (OGC 12-128r17), which
// QGIS and GDAL open as it is: communes, EPCI, lieux, tournées and roads as layers
// with R-tree indexes, and one table "resultat_…" per layer of the newest edition.
// It is the only importer of SQLite.
//
// # Durability
//
// While a store is open the file is in SQLite's write-ahead mode (WAL), for its
// readers: in the other modes a long import locks them out at its end, and in WAL
// they see the old rows until the commit. Every commit is synced to the disk
// (synchronous=FULL). A process killed at any moment leaves the old rows: the next
// program that opens the file, maillage or QGIS, drops the unfinished tail.
//
// WAL keeps two files beside the store, with the suffixes -wal and -shm. Close
// moves everything into the one file, goes back to the rollback mode and removes
// both, so that what is copied, mailed or opened from a read-only folder is one
// whole file. When another program has the store open, the last to close does it.
// Copying the file alone while it is open may miss the newest commits.
//
// Where WAL cannot work (some network folders) the file stays in the rollback mode:
// imports are as safe, but a reader may wait for their end and then get [ErrBusy].
//
// # Writers
//
// One writes at a time: Replace and PutEdition wait for each other in a process,
// and for up to ten seconds (see [Patience]) for another process, then answer
// [ErrBusy]. Reads use connections of their own and never wait for a writer.
package gpkg
