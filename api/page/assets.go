package page

import (
	"encoding/json"
	"fmt"
	"io/fs"
)

// assets are the files that the page of an embed begins with, as paths from the root.
type assets struct {
	Script  string
	Preload []string
}

// embedEntry is the module of the map inside an embed, and embedManifest is where Vite
// says which file it became.
const (
	embedEntry    = "src/embed/frame.ts"
	EmbedManifest = ".manifest.json"
)

// ReadAssets finds the files of the map inside an embed; none when it was not built.
func ReadAssets(files fs.FS) (a assets, err error) {
	if files == nil {
		return a, nil
	}
	data, err := fs.ReadFile(files, EmbedManifest)
	if err != nil {
		return a, fmt.Errorf("read the map: %w", err)
	}
	var chunks map[string]struct {
		File    string   `json:"file"`
		Imports []string `json:"imports"`
	}
	if err := json.Unmarshal(data, &chunks); err != nil {
		return a, fmt.Errorf("read the map: %s: %w", EmbedManifest, err)
	}
	entry, ok := chunks[embedEntry]
	if !ok {
		return a, fmt.Errorf("read the map: %s: no %s", EmbedManifest, embedEntry)
	}
	a.Script = entry.File
	for _, name := range entry.Imports {
		a.Preload = append(a.Preload, chunks[name].File)
	}
	return a, nil
}
