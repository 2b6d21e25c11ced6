// Package ogc answers OGC API – Features, parts 1 (core, GeoJSON) and 2 (reference systems),
// the filters of part 3 in CQL2 text, and describes tiles as OGC API – Tiles asks for.
//
// It reads rows in memory, queries as parameters of an address, and gives documents. It
// knows no edition and no HTTP server; package api wires it.
package ogc
