// Package web holds the map as Vite builds it, embedded in the binary.
package web

import (
	"embed"
	"io/fs"
)

// static is Vite's output folder. In a fresh checkout it holds only .keep, so
// that the program also compiles where Node is not installed.
//
//go:embed all:static
var static embed.FS

// Files are the files of the built map, index.html at the root. It answers false
// when the map was not built.
func Files() (fs.FS, bool) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, false
	}
	if _, err := fs.Stat(files, "index.html"); err != nil {
		return nil, false
	}
	return files, true
}
