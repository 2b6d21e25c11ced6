package api

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

// reply is one representation, ready to be sent any number of times.
type reply struct {
	contentType string
	cache       string // Cache-Control
	body        []byte
	gzip        []byte // nil: compressing is not worth it
	brotli      []byte // made when the map was built; nil: there is none
	tag         string // strong ETag of body, in quotes
	policy      string // Content-Security-Policy; empty: that of the server
	name        string // of the file to keep it in; empty: it is to be shown
	crs         string // reference system of its geometries, as Content-Crs says it; empty: not said
}

// How long replies may be kept. An edition is swapped whole and rarely: a minute
// of staleness is nothing beside its age. Names of hashed assets never come back
// with another content.
const (
	cacheEdition   = "public, max-age=60, stale-while-revalidate=600"
	cacheImmutable = "public, max-age=31536000, immutable"
	cacheRevalid   = "no-cache"
	cacheNever     = "no-store"
)

const (
	typeJSON    = "application/json; charset=utf-8"
	typeGeoJSON = "application/geo+json; charset=utf-8"
	typeColumn  = "application/octet-stream"
	typeTile    = "application/vnd.mapbox-vector-tile"
	typeHTML    = "text/html; charset=utf-8"
	typeSVG     = "image/svg+xml"
	typeText    = "text/plain; charset=utf-8"
	typeCSV     = "text/csv; charset=utf-8; header=present"
	typeXLSX    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// minGzip is the size in bytes below which a body fits one packet anyway.
const minGzip = 1024

// newReply makes a reply of an edition: tagged by its content, and compressed
// when that saves a tenth.
func newReply(contentType string, body []byte) (*reply, error) {
	return compressed(contentType, cacheEdition, body, gzip.DefaultCompression)
}

func compressed(contentType, cache string, body []byte, level int) (*reply, error) {
	sum := sha256.Sum256(body)
	r := &reply{contentType: contentType, cache: cache, body: body, tag: `"` + hex.EncodeToString(sum[:16]) + `"`}
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
		r.gzip = bytes.Clone(b.Bytes())
	}
	return r, nil
}

// jsonReply encodes v. Struct fields keep their order and maps are sorted, so the
// same value gives the same bytes and the same tag.
func jsonReply(contentType string, v any) (*reply, error) {
	body, err := jsonBody(v)
	if err != nil {
		return nil, err
	}
	return newReply(contentType, body)
}

func jsonBody(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode reply: %w", err)
	}
	return b.Bytes(), nil
}

// fileReply is a file to keep, called name.
func fileReply(contentType, name string, write func(io.Writer) error) (*reply, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	r, err := newReply(contentType, b.Bytes())
	if err == nil {
		r.name = name
	}
	return r, err
}

// weight is the memory of a reply, in bytes.
func (r *reply) weight() int { return len(r.body) + len(r.gzip) + len(r.brotli) + 256 }

// variant is the strong ETag of a compressed body: other bytes, another tag.
func (r *reply) variant(suffix string) string { return strings.TrimSuffix(r.tag, `"`) + suffix + `"` }

// send writes a reply: 204 when it is empty, 304 when the client has it,
// compressed when the client prefers so.
func send(c echo.Context, r *reply) error {
	req, h := c.Request(), c.Response().Header()
	h["Cache-Control"] = field(r.cache)
	if r.policy != "" {
		h["Content-Security-Policy"] = []string{r.policy}
	}
	if vary := h["Vary"]; vary != nil {
		h["Vary"] = append(vary, headerVary...)
	} else {
		h["Vary"] = headerVary
	}
	if len(r.body) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	body, tag := r.body, r.tag
	var coding []string
	accepted := req.Header.Values("Accept-Encoding")
	switch {
	case r.brotli != nil && prefers(accepted, "br"):
		body, tag, coding = r.brotli, r.variant("-br"), headerBrotli
	case r.gzip != nil && prefers(accepted, "gzip"):
		body, tag, coding = r.gzip, r.variant("-gz"), headerGzip
	}
	// All tags name the same content, so having another variant is having it.
	if fields := req.Header.Values("If-None-Match"); len(fields) > 0 {
		if known := matchTag(fields, tag, r.tag, r.variant("-gz"), r.variant("-br")); known != "" {
			h.Set("ETag", known)
			return c.NoContent(http.StatusNotModified)
		}
	}
	release, err := hold(c, r.body, r.weight())
	if err != nil {
		return err
	}
	defer release()
	h["Etag"] = []string{tag}
	if r.name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+r.name+`"`)
	}
	if r.crs != "" {
		h.Set("Content-Crs", "<"+r.crs+">")
	}
	if coding != nil {
		h["Content-Encoding"] = coding
	}
	h["Content-Type"] = field(r.contentType)
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
	connection, last := http.NewResponseController(c.Response().Writer), time.Now().Add(writeTimeout)
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
	case cacheEdition:
		return headerEdition
	case typeTile:
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
