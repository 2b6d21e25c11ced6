package fetch

import (
	"compress/gzip"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

const headBytes = 4 << 10

// contentFault says why a file that starts so is not what the catalogue expects; "" when it
// may be.
func contentFault(a Address, head []byte) string {
	if len(head) == 0 {
		return "fichier vide"
	}
	what := source.Foreign(head)
	if what == "une page web (HTML)" {
		if t := title.FindSubmatch(head); t != nil {
			what += " intitulée « " + source.Shorten(strings.Join(strings.Fields(html.UnescapeString(string(t[1]))), " ")) + " »"
		}
		return fmt.Sprintf("le serveur a envoyé %s au lieu du fichier (%s) ; c'est sans doute une page de connexion, d'erreur ou de maintenance", what, a.Format)
	}
	known, is := map[string]func([]byte) bool{
		"zip": source.IsZip, "xlsx": source.IsZip, "7z": source.Is7z, "gpkg": source.IsSQLite, "pbf": source.IsPBF,
		"json": source.IsJSON, "geojson": source.IsJSON, "gz": source.IsGzip,
	}[a.Format[strings.LastIndex(a.Format, ".")+1:]], false
	switch {
	case a.Unzip != "":
		is = source.IsArchive(head)
	case known != nil:
		is = known(head)
	case a.Format == "csv" || a.Format == "txt":
		is = what == "" && !source.IsJSON(head)
	default:
		is = true
	}
	if is {
		return ""
	}
	if what == "" && source.IsJSON(head) {
		what = "du JSON"
	}
	if what == "" {
		what = "un autre fichier"
	}
	want := a.Format
	if a.Unzip != "" {
		want = "une archive"
	}
	return fmt.Sprintf("le serveur a envoyé %s ; attendu %s", what, want)
}

// checkContent looks at the start of a file that was received.
func checkContent(a Address, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return permanent{err}
	}
	defer f.Close()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return permanent{err}
	}
	if fault := contentFault(a, head[:n]); fault != "" {
		return permanent{errors.New(fault)}
	}
	return nil
}

// inflated reads what a server compressed on its own account, within bounds.
func inflated(body io.Reader) (io.Reader, error) {
	raw := &counted{r: body}
	z, err := gzip.NewReader(raw)
	if err != nil {
		return nil, fmt.Errorf("compression annoncée par le serveur (gzip) : %w", err)
	}
	return &bounded{z: z, raw: raw}, nil
}

type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

type bounded struct {
	z   io.Reader
	raw *counted
	n   int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.z.Read(p)
	if b.n += int64(n); b.n > maxRatio*b.raw.n+4<<20 {
		return n, permanent{fmt.Errorf("décompressé, le fichier serait plus de %d fois plus gros", maxRatio)}
	}
	return n, err
}
