// Package export makes of an edition the tables that people open with other programs,
// for its default question, and writes them as CSV, GeoJSON, KML and a workbook. A
// GeoPackage of the same tables is written by package gpkg, which knows SQLite.
//
// Every file says of which edition it is, and a folder what its columns, units,
// sources, licences and modelled inputs are. Unknown is an empty field or an absent
// key, never 0. The same edition gives the same bytes.
package export
