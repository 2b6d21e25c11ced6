package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/aisne-numerique/maillage/geo/store"
)

func IsZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// headBytes is how much of a file is kept to tell its format: enough for the
// header of any CSV.
const headBytes = 64 << 10

// File is an input that has been read once, to hash it and learn what it is. It is of
// one import, and its reading ends with the context of that.
type File struct {
	store.File
	ctx   context.Context
	Input Input
	Head  []byte // its first headBytes
	text  textStats
}

// Inspect reads a file through.
func Inspect(ctx context.Context, in Input) (File, error) {
	r, err := in.Open()
	if err != nil {
		return File{}, Readable(err)
	}
	defer r.Close()
	f := File{ctx: ctx, Input: in}
	sum := sha256.New()
	var head prefix
	n, err := io.Copy(io.MultiWriter(sum, &head, &f.text), Interruptible(ctx, r))
	if err != nil {
		return File{}, Readable(err)
	}
	f.text.end()
	f.Head = head
	f.File = store.File{Name: in.Name, SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: n}
	return f, nil
}

// Context is that of the import. Work on one record that may last looks at it too.
func (f File) Context() context.Context { return f.ctx }

// Interruptible is [Interruptible] with the context of the import: for what comes out
// of inflating a stream, which may be a thousand times what goes in.
func (f File) Interruptible(r io.Reader) io.Reader { return Interruptible(f.ctx, r) }

// Interruptible is r until ctx ends, and then an error. Readers look at ctx by it: no
// more than maxRead bytes are asked of r without.
func Interruptible(ctx context.Context, r io.Reader) io.Reader { return interruptible{ctx, r} }

type interruptible struct {
	ctx context.Context
	r   io.Reader
}

const maxRead = 1 << 20

func (i interruptible) Read(b []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(b[:min(len(b), maxRead)])
}

// Latin reports whether the text is to be decoded from Windows-1252. A damaged UTF-8
// file still has more good sequences than bad bytes; then the lines at fault are
// rejected, rather than all accents garbled.
func (f File) Latin() bool { return f.text.invalid > f.text.multi }

// HeadText is the start of a text file in UTF-8, without byte order mark.
func (f File) HeadText() []byte {
	head := bytes.TrimPrefix(f.Head, BOM)
	if f.Latin() {
		head, _ = charmap.Windows1252.NewDecoder().Bytes(head)
	}
	return head
}

var BOM = []byte("\xef\xbb\xbf")

// Readable puts an error of the file system in words; the path, which reports
// must not hold, is dropped.
func Readable(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("fichier introuvable")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("lecture interdite")
	case errors.As(err, &path):
		return path.Err
	}
	return err
}

// prefix is a writer that keeps the first headBytes.
type prefix []byte

func (p *prefix) Write(b []byte) (int, error) {
	*p = append(*p, b[:min(len(b), headBytes-len(*p))]...)
	return len(b), nil
}

// textStats counts what tells UTF-8 from an 8-bit encoding.
//
// A file that has a NUL in its first block is no text: nothing is counted.
type textStats struct {
	begun   bool
	binary  bool
	multi   int // well-formed sequences of several bytes
	invalid int // bytes that UTF-8 does not allow there
	part    []byte
}

func (t *textStats) Write(b []byte) (int, error) {
	n := len(b)
	if !t.begun {
		t.begun, t.binary = true, bytes.IndexByte(b, 0) >= 0
	}
	if t.binary {
		return n, nil
	}
	if len(t.part) > 0 {
		// Complete the character that the last block has cut.
		for len(b) > 0 && !utf8.FullRune(t.part) {
			t.part, b = append(t.part, b[0]), b[1:]
		}
		if !utf8.FullRune(t.part) {
			return n, nil
		}
		part := t.part
		t.part = nil
		t.count(part)
	}
	t.count(b)
	return n, nil
}

// count tallies b and keeps the character cut at its end.
func (t *textStats) count(b []byte) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		if !utf8.FullRune(b) {
			t.part = append(t.part, b...)
			return
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			t.invalid++
		} else {
			t.multi++
		}
		b = b[size:]
	}
}

func (t *textStats) end() { t.invalid += len(t.part) }

// Stream reads a file again, to the end, and tells whether it is still the file
// that was hashed.
type Stream struct {
	io.Reader
	io.Closer
	want store.File
	sum  hash.Hash
}

// Open starts another pass over f.
func (f File) Open() (*Stream, error) {
	r, err := f.Input.Open()
	if err != nil {
		return nil, FailAt(f.Name, 0, "%v", Readable(err))
	}
	return &Stream{Reader: f.Interruptible(r), Closer: r, want: f.File, sum: sha256.New()}, nil
}

func (s *Stream) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	s.sum.Write(b[:n])
	return n, err
}

// Verify reads what is left and compares with the first pass.
func (s *Stream) Verify() error {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return FailAt(s.want.Name, 0, "%v", Readable(err))
	}
	if hex.EncodeToString(s.sum.Sum(nil)) != s.want.SHA256 {
		return FailAt(s.want.Name, 0, "le fichier a changé pendant l'import ; recommencez")
	}
	return nil
}

// Foreign names a format that none of the text readers takes, from the first
// bytes of a file; "" when it may be text. article included: "une archive zip".
func Foreign(head []byte) string {
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	switch has := func(p string) bool { return bytes.HasPrefix(head, []byte(p)) }; {
	case has("PK\x03\x04"):
		return "une archive zip ou un classeur (xlsx, ods)"
	case has("\xd0\xcf\x11\xe0"):
		return "un classeur xls"
	case has("\x1f\x8b"):
		return "un fichier compressé (gzip)"
	case has("BZh"):
		return "un fichier compressé (bzip2)"
	case has("SQLite format 3\x00"):
		return "un GeoPackage ou une base SQLite"
	case has("%PDF"):
		return "un document PDF"
	case has("\xff\xfe"), has("\xfe\xff"):
		return "un texte en UTF-16"
	case IsPBF(head):
		return "un fichier OpenStreetMap (PBF)"
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")):
		return "une page web (HTML)"
	case bytes.HasPrefix(start, []byte("<")):
		return "du XML"
	}
	return ""
}

// IsPBF recognises the first block of an OpenStreetMap PBF file: its length on
// four bytes, then the field "OSMHeader".
func IsPBF(head []byte) bool {
	return len(head) > 15 && bytes.Equal(head[4:15], []byte("\x0a\x09OSMHeader"))
}

// IsJSON reports whether a text starts like a JSON object or array.
func IsJSON(head []byte) bool {
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(start) > 0 && (start[0] == '{' || start[0] == '[')
}

// Budget fails when more than maxFeature bytes are read since it was renewed.
type Budget struct {
	io.Reader
	used int
}

func (b *Budget) Renew() { b.used = 0 }

var ErrBudget = errors.New("objet de plus de 8 Mio")

func (b *Budget) Read(p []byte) (int, error) {
	if b.used >= MaxFeature {
		return 0, ErrBudget
	}
	n, err := b.Reader.Read(p[:min(len(p), MaxFeature-b.used)])
	b.used += n
	return n, err
}

func IsSQLite(head []byte) bool { return bytes.HasPrefix(head, []byte("SQLite format 3\x00")) }

// Verify makes another pass, over a file that was not read as a stream, to tell
// whether it is still the one that was hashed.
func (f File) Verify() error {
	s, err := f.Open()
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Verify()
}
