// Package edition builds an edition from a store's inputs, and is the immutable
// value that the server holds in memory.
//
// An edition is one computation: inputs (manifests with SHA-256) + parameters +
// program version → results. Its id is the hash of those three, and the same
// three give the same bytes: nothing in an edition depends on the clock, on the
// order of a map, or on the number of processors.
//
//	Build   inputs → edition, with progress
//	Encode  edition → bytes, for the store
//	Decode  bytes → edition, checked
//	Layers  the results as tables that a GIS opens
package edition
