package source

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"

	"github.com/aisne-numerique/maillage/geo/store"
)

// headBytes is how much of a file is kept to tell its format: enough for the
// header of any CSV.
const headBytes = 64 << 10

// File is an input that has been read once, to hash it and learn what it is. It is of
// one import, and its reading ends with the context of that.
type File struct {
	store.File
	ctx    context.Context
	Input  Input
	Head   []byte // its first headBytes
	Beside []File // of a .shp: the other files of the shapefile
	text   text
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
	source := bufio.NewReaderSize(Interruptible(ctx, r), headBytes)
	start, err := source.Peek(headBytes)
	if err != nil && err != io.EOF {
		return File{}, Readable(err)
	}
	census := newCensus(start)
	n, err := io.Copy(io.MultiWriter(sum, &head, census), source)
	if err != nil {
		return File{}, Readable(err)
	}
	f.Head, f.text = head, census.text()
	f.File = store.File{Name: in.Name, SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: n}
	return f, nil
}

// Start is how a file starts: enough of it to know the formats that are not text.
func Start(in Input) ([]byte, error) {
	const enough = 1 << 10
	r, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, enough))
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
