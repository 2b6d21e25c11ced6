package source

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Limits of zip archives, which can promise far more than they weigh.
const (
	maxDirectory = 1 << 20 // bytes of the list of files: some 10 000 files
	maxMember    = 1 << 30 // bytes of one file, once inflated
	freeMember   = 4 << 20 // up to here, any ratio will do
	maxRatio     = 200     // inflated bytes per byte: text of few words reaches 100, a bomb 1000
	maxCopied    = 64 << 20
)

// Archive is a zip file being read.
type Archive struct {
	Name   string
	Files  []*zip.File
	file   File
	closer io.Closer
}

// OpenArchive opens a zip file. A file that cannot be read out of order is copied
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
	fail := func(reason string) (*Archive, error) {
		r.Close()
		return nil, FailAt(f.Name, 0, "%s", reason)
	}
	if reason := directoryFault(at, size); reason != "" {
		return fail(reason)
	}
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // nothing is written: a name is only a name
		return fail("archive zip illisible ; elle est sans doute tronquée ou abîmée")
	}
	return &Archive{f.Name, z.File, f, r}, nil
}

func (a *Archive) Close() { a.closer.Close() }

// directoryFault looks for the list of files at the end of an archive, as the
// library will, and says whether it is one to be read: it would be read whole.
func directoryFault(r io.ReaderAt, size int64) string {
	const endBytes = 22 // of the end record, without its comment
	tail := make([]byte, min(size, endBytes+1<<16))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return "lecture interrompue"
	}
	for i := len(tail) - endBytes; i >= 0; i-- {
		record := tail[i:]
		comment := int(binary.LittleEndian.Uint16(record[20:]))
		if !bytes.HasPrefix(record, []byte("PK\x05\x06")) || endBytes+comment > len(record) {
			continue
		}
		count := binary.LittleEndian.Uint16(record[10:])
		length, offset := binary.LittleEndian.Uint32(record[12:]), binary.LittleEndian.Uint32(record[16:])
		end := size - int64(len(record))
		// The library takes these values to mean that another record has the true ones.
		zip64 := count == math.MaxUint16 || length == math.MaxUint16 || length == math.MaxUint32 || offset == math.MaxUint32
		if zip64 || length > maxDirectory || int64(offset) < end-maxDirectory {
			return "archive zip de trop de fichiers, ou de plus de 4 Gio ; attendu les seuls fichiers utiles"
		}
		return ""
	}
	return "archive zip sans liste de fichiers ; elle est sans doute tronquée"
}

// Context is that of the import.
func (a *Archive) Context() context.Context { return a.file.ctx }

// Find gives the file of that path, in capitals or not; nil when there is none.
func (a *Archive) Find(name string) *zip.File {
	for _, f := range a.Files {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

// Open reads a file of the archive, which fails beyond the size that it announces.
func (a *Archive) Open(f *zip.File) (io.ReadCloser, error) {
	size, packed := f.UncompressedSize64, f.CompressedSize64
	switch {
	case size > maxMember:
		return nil, a.Fault(f, "%d Mio une fois décompressé ; attendu au plus %d Mio", size>>20, maxMember>>20)
	case size > freeMember && size/maxRatio > packed:
		return nil, a.Fault(f, "décompressé, il serait %d fois plus gros ; attendu au plus %d fois", size/max(packed, 1), maxRatio)
	}
	r, err := f.Open()
	if err != nil {
		return nil, a.Fault(f, "illisible ; attendu une archive zip sans mot de passe")
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(a.file.Interruptible(r), int64(size)+1), r}, nil
}

// Fault ends the import at a file of the archive.
func (a *Archive) Fault(f *zip.File, format string, args ...any) error {
	return FailAt(a.Name, 0, "%s : %s", Shorten(MemberName(f)), fmt.Sprintf(format, args...))
}

// IsAside reports whether a file of an archive is what macOS adds beside those that were
// meant, as __MACOSX/._communes.csv.
func IsAside(f *zip.File) bool {
	return strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(path.Base(f.Name), ".")
}

// MemberName is the name of a file as text: old archives write it in code page 437
// or as the machine had it.
func MemberName(f *zip.File) string {
	base := path.Base(f.Name)
	if f.NonUTF8 {
		if text, err := charmap.CodePage437.NewDecoder().String(base); err == nil {
			return text
		}
	}
	return base
}
