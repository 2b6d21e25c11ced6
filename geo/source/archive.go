package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
)

// Limits of archives, which can promise far more than they weigh.
const (
	maxMember = 4 << 30 // bytes of one file, once inflated
	freeFile  = 4 << 20 // up to here, any ratio will do
	maxRatio  = 200     // inflated bytes per byte: text of few words reaches 100, a bomb 1000
	maxCopied = 64 << 20
	maxFiles  = 10_000
)

// Archive is a zip or 7z file being read.
type Archive struct {
	Name   string
	Files  []*Member
	format string // "zip", "7z"
	file   File
	closer io.Closer
}

// Member is one file of an archive.
type Member struct {
	Name string // with its folders, separated by slashes
	dir  bool

	size, packed uint64 // bytes once inflated, and of what they are inflated from
	locked       bool   // by a password
	oldName      bool   // in code page 437, or as the machine had it
	open         func() (io.ReadCloser, error)
}

// OpenArchive opens a zip or 7z file. A file that cannot be read out of order is copied
// to memory, if it is small.
func OpenArchive(f File) (*Archive, error) {
	r, err := f.Input.Open()
	if err != nil {
		return nil, FailAt(f.Name, 0, "%v", Readable(err))
	}
	at, ok := r.(io.ReaderAt)
	size := f.Bytes
	if !ok {
		data, err := io.ReadAll(io.LimitReader(f.Interruptible(r), maxCopied+1))
		if err != nil || len(data) > maxCopied {
			r.Close()
			return nil, FailAt(f.Name, 0, "archive trop grosse pour être lue d'ici ; attendu un fichier de cette machine")
		}
		at, size = bytes.NewReader(data), int64(len(data))
	}
	a := &Archive{Name: f.Name, format: "zip", file: f, closer: r}
	list := zipMembers
	if Is7z(f.Head) {
		a.format, list = "7z", sevenMembers
	}
	members, reason := list(interruptibleAt{f.ctx, at}, size)
	if err := f.ctx.Err(); err != nil {
		r.Close()
		return nil, err
	}
	if reason != "" {
		r.Close()
		return nil, FailAt(f.Name, 0, "%s", reason)
	}
	a.Files = members
	return a, nil
}

// interruptibleAt is a file until ctx ends, and then an error: what inflates a member to
// reach the next one asks nobody else.
type interruptibleAt struct {
	ctx context.Context
	r   io.ReaderAt
}

func (i interruptibleAt) ReadAt(b []byte, off int64) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.ReadAt(b, off)
}

func (a *Archive) Close() { a.closer.Close() }

// Context is that of the import.
func (a *Archive) Context() context.Context { return a.file.ctx }

// Find gives the file of that path, in capitals or not; nil when there is none.
func (a *Archive) Find(name string) *Member {
	for _, m := range a.Files {
		if strings.EqualFold(m.Name, name) {
			return m
		}
	}
	return nil
}

// Open reads a file of the archive, which fails beyond the size that it announces.
func (a *Archive) Open(m *Member) (io.ReadCloser, error) {
	if fault := m.fault(); fault != "" {
		return nil, a.Fault(m, "%s", fault)
	}
	r, err := m.open()
	if err != nil {
		return nil, a.Fault(m, "illisible ; attendu une archive %s entière et sans mot de passe", a.format)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(a.file.Interruptible(r), int64(m.size)+1), r}, nil
}

// Size is how many bytes a file has once inflated, as it announces.
func (m *Member) Size() uint64 { return m.size }

// fault says why a file is not to be inflated.
func (m *Member) fault() string {
	switch {
	case m.locked:
		return "protégé par un mot de passe ; attendu une archive sans mot de passe"
	case m.size > maxMember:
		return fmt.Sprintf("%d Mio une fois décompressé ; attendu au plus %d Mio", m.size>>20, maxMember>>20)
	case m.size > freeFile && m.size/maxRatio > m.packed:
		return fmt.Sprintf("décompressé, il serait %d fois plus gros ; attendu au plus %d fois", m.size/max(m.packed, 1), maxRatio)
	}
	return ""
}

// Fault ends the import at a file of the archive.
func (a *Archive) Fault(m *Member, format string, args ...any) error {
	return FailAt(a.Name, 0, "%s : %s", Shorten(m.Base()), fmt.Sprintf(format, args...))
}

// IsAside reports whether a file of an archive is what macOS adds beside those that were
// meant, as __MACOSX/._communes.csv, or a folder.
func (m *Member) IsAside() bool {
	return m.dir || strings.HasPrefix(m.Name, "__MACOSX/") || strings.HasPrefix(path.Base(m.Name), ".")
}
