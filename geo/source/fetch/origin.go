package fetch

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
)

// origin is what is remembered of a download beside it, in NAME.source.json: the
// address, and what says whether it has changed.
type origin struct {
	URL          string `json:"url"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	SHA256       string `json:"sha256,omitempty"`
	Bytes        int64  `json:"bytes,omitempty"`
	Unzip        string `json:"unzip,omitempty"` // what was taken out of it
}

// validator is what identifies this very version of the file, empty when the
// publisher gives nothing.
func (o origin) validator() string {
	if strings.HasPrefix(o.ETag, `"`) {
		return o.ETag // strong: two bytes that differ have two of them
	}
	return o.LastModified
}

func readOrigin(path string) (origin, error) {
	var o origin
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	if err != nil {
		return origin{}, err
	}
	return o, nil
}

func writeOrigin(path string, o origin) error {
	data, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func removeAll(paths ...string) {
	for _, p := range paths {
		// A leftover that cannot be removed is overwritten by the next attempt.
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			continue
		}
	}
}
