// Package reply is one representation of an answer: a body with its strong ETag, compressed
// at most once, and how it is sent (RFC 9110: negotiation of codings, conditional requests).
// Figures are rounded here, where they are written for others, and nowhere before.
package reply

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/gate"
)

// Reply is one representation, ready to be sent any number of times.
type Reply struct {
	ContentType string
	Cache       string // Cache-Control
	Body        []byte
	Gzip        []byte // nil: compressing is not worth it
	Brotli      []byte // made when the map was built; nil: there is none
	Tag         string // strong ETag of body, in quotes
	Policy      string // Content-Security-Policy; empty: that of the server
	name        string // of the file to keep it in; empty: it is to be shown
	Vary        string // the header of the request that it depends on too
	CRS         string // reference system of its geometries, as Content-Crs says it; empty: not said
}

// How long replies may be kept. An edition is swapped whole and rarely: a minute
// of staleness is nothing beside its age. Names of hashed assets never come back
// with another content.
const (
	CacheEdition   = "public, max-age=60, stale-while-revalidate=600"
	CacheImmutable = "public, max-age=31536000, immutable"
	CacheRevalid   = "no-cache"
	CacheNever     = "no-store"
)

const (
	TypeJSON    = "application/json; charset=utf-8"
	TypeGeoJSON = "application/geo+json; charset=utf-8"
	TypeColumn  = "application/octet-stream"
	TypeTile    = "application/vnd.mapbox-vector-tile"
	TypeHTML    = "text/html; charset=utf-8"
	TypeSVG     = "image/svg+xml"
	TypeText    = "text/plain; charset=utf-8"
	TypeCSV     = "text/csv; charset=utf-8; header=present"
	TypeXLSX    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// minGzip is the size in bytes below which a body fits one packet anyway.
const minGzip = 1024

// New makes a reply of an edition: tagged by its content, and compressed
// when that saves a tenth.
func New(contentType string, body []byte) (*Reply, error) {
	return Compressed(contentType, CacheEdition, body, gzip.DefaultCompression)
}

func Compressed(contentType, cache string, body []byte, level int) (*Reply, error) {
	sum := sha256.Sum256(body)
	r := &Reply{ContentType: contentType, Cache: cache, Body: body, Tag: `"` + hex.EncodeToString(sum[:16]) + `"`}
	if len(body) < minGzip {
		return r, nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		return nil, fmt.Errorf("compress reply: %w", err)
	}
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("compress reply: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress reply: %w", err)
	}
	if b.Len() < len(body)-len(body)/10 {
		r.Gzip = bytes.Clone(b.Bytes())
	}
	return r, nil
}

// JSON encodes v. Struct fields keep their order and maps are sorted, so the
// same value gives the same bytes and the same tag.
func JSON(contentType string, v any) (*Reply, error) {
	body, err := JSONBody(v)
	if err != nil {
		return nil, err
	}
	return New(contentType, body)
}

func JSONBody(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode reply: %w", err)
	}
	return b.Bytes(), nil
}

// File is a file to keep, called name.
func File(contentType, name string, write func(io.Writer) error) (*Reply, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	r, err := New(contentType, b.Bytes())
	if err == nil {
		r.name = name
	}
	return r, err
}

// Weight is the memory of a reply, in bytes.
func (r *Reply) Weight() int { return len(r.Body) + len(r.Gzip) + len(r.Brotli) + 256 }

// variant is the strong ETag of a compressed body: other bytes, another tag.
func (r *Reply) variant(suffix string) string { return strings.TrimSuffix(r.Tag, `"`) + suffix + `"` }

// Send writes a reply: 204 when it is empty, 304 when the client has it,
// compressed when the client prefers so.
func Send(c echo.Context, r *Reply) error {
	req, h := c.Request(), c.Response().Header()
	h["Cache-Control"] = field(r.Cache)
	if r.Policy != "" {
		h["Content-Security-Policy"] = []string{r.Policy}
	}
	h["Vary"] = headerVary
	if r.Vary != "" {
		h["Vary"] = append([]string{r.Vary}, headerVary...)
	}
	if len(r.Body) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	body, tag := r.Body, r.Tag
	var coding []string
	accepted := req.Header.Values("Accept-Encoding")
	switch {
	case r.Brotli != nil && prefers(accepted, "br"):
		body, tag, coding = r.Brotli, r.variant("-br"), headerBrotli
	case r.Gzip != nil && prefers(accepted, "gzip"):
		body, tag, coding = r.Gzip, r.variant("-gz"), headerGzip
	}
	// All tags name the same content, so having another variant is having it.
	if fields := req.Header.Values("If-None-Match"); len(fields) > 0 {
		if known := matchTag(fields, tag, r.Tag, r.variant("-gz"), r.variant("-br")); known != "" {
			h.Set("ETag", known)
			return c.NoContent(http.StatusNotModified)
		}
	}
	release, err := hold(c, r.Body, r.Weight())
	if err != nil {
		return err
	}
	defer release()
	h["Etag"] = []string{tag}
	if r.name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+r.name+`"`)
	}
	if r.CRS != "" {
		h.Set("Content-Crs", "<"+r.CRS+">")
	}
	if coding != nil {
		h["Content-Encoding"] = coding
	}
	h["Content-Type"] = field(r.ContentType)
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if req.Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	c.Response().WriteHeader(http.StatusOK)
	return write(c, body)
}

// large is the size in bytes from which a body is sent in pieces, and counted while it is
// sent: less is taken by the system at once.
const large = 64 << 10

// hold counts the bytes of a reply while they are sent. The same reply sent to several is
// held once.
func hold(c echo.Context, body []byte, bytes int) (release func(), err error) {
	b, counted := c.Get(sendingKey).(*gate.Budget)
	if !counted || len(body) < large {
		return func() {}, nil
	}
	return b.Hold(gate.Client(c.Request().Context()), &body[0], bytes)
}

// write sends a body; who does not take a piece of it in time gets no more.
func write(c echo.Context, body []byte) error {
	if len(body) < large {
		_, err := c.Response().Write(body)
		return err
	}
	connection, last := http.NewResponseController(c.Response().Writer), time.Now().Add(WriteTimeout)
	for piece := range slices.Chunk(body, large) {
		end := time.Now().Add(pieceTimeout)
		if end.After(last) {
			end = last
		}
		if err := connection.SetWriteDeadline(end); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		if _, err := c.Response().Write(piece); err != nil {
			return err
		}
	}
	return nil
}

// field is the value of a header; those of tiles were made once.
func field(value string) []string {
	switch value {
	case CacheEdition:
		return headerEdition
	case TypeTile:
		return headerTile
	}
	return []string{value}
}

// matchTag finds the first of tags that an If-None-Match field lists, comparing
// weakly (RFC 9110 §13.1.2); "*" matches the first. It gives "" when none does.
func matchTag(fields []string, tags ...string) string {
	for _, field := range fields {
		for rest := strings.TrimLeft(field, " \t,"); rest != ""; rest = strings.TrimLeft(rest, " \t,") {
			if rest[0] == '*' {
				return tags[0]
			}
			rest = strings.TrimPrefix(rest, "W/")
			if rest == "" || rest[0] != '"' {
				break // not a list of tags: as if it was not there
			}
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				break
			}
			for _, tag := range tags {
				if rest[:end+2] == tag {
					return tag
				}
			}
			rest = rest[end+2:]
		}
	}
	return ""
}

// prefers reads Accept-Encoding (RFC 9110 §12.5.3): the coding must be accepted, by name
// or by "*", and not less than the plain body when that is named too.
func prefers(fields []string, coding string) bool {
	codingQ, anyQ, plainQ := -1.0, -1.0, -1.0
	for _, field := range fields {
		for item := range strings.SplitSeq(field, ",") {
			name, params, _ := strings.Cut(item, ";")
			q, ok := quality(params)
			if !ok {
				continue
			}
			switch strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "x-") {
			case coding:
				codingQ = q
			case "*":
				anyQ = q
			case "identity":
				plainQ = q
			}
		}
	}
	if codingQ < 0 {
		codingQ = anyQ
	}
	return codingQ > 0 && codingQ >= plainQ
}

// quality reads "q=0.5"; 1 when there is none, false when it is malformed.
func quality(params string) (float64, bool) {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return q, err == nil && q >= 0 && q <= 1
	}
	return 1, true
}

// Values of headers that are sent with every tile, made once: a tile is sent in a few
// microseconds.
var (
	headerVary    = []string{"Accept-Encoding"}
	headerGzip    = []string{"gzip"}
	headerBrotli  = []string{"br"}
	headerEdition = []string{CacheEdition}
	headerTile    = []string{TypeTile}
)

// SendOnce writes a body that is of one request.
func SendOnce(c echo.Context, contentType string, body []byte) error {
	release, err := hold(c, body, len(body))
	if err != nil {
		return err
	}
	defer release()
	c.Response().Header().Set("Content-Type", contentType)
	c.Response().WriteHeader(http.StatusOK)
	return write(c, body)
}

// sendingKey is where a request's context keeps the bound of what is sent.
const sendingKey = "maillage.sending"

// Bound makes what is sent to a request count in b.
func Bound(c echo.Context, b *gate.Budget) { c.Set(sendingKey, b) }

// How long a client may take to read a reply, and a piece of a large one.
const (
	WriteTimeout = 60 * time.Second
	pieceTimeout = 15 * time.Second
)
