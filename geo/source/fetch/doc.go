// Package fetch downloads the official open data of a département. What to
// download is data: a [Catalogue], embedded and overridable.
//
// A download is resumed where it stopped when the server still has the same
// file, is retried with growing pauses, checked against the length and checksum
// that the publisher states, and replaces the previous file only when it is
// whole. A file that has not changed since is not downloaded again.
package fetch
