package source

import (
	"fmt"
	"io"
	"strings"

	"github.com/bodgit/sevenzip"
)

const (
	brokenSeven = "archive 7z abîmée ou tronquée ; téléchargez-la à nouveau"
	lockedSeven = "archive 7z protégée par un mot de passe ; attendu une archive sans mot de passe"
)

// sevenMembers lists the files of a 7z, or says why it is not read. What the library would
// make of the counts and sizes that the archive claims is bounded first.
func sevenMembers(at io.ReaderAt, size int64) (members []*Member, reason string) {
	folders, reason := sevenFolders(at, size)
	if reason != "" {
		return nil, reason
	}
	z, err := openSeven(at, size)
	if err != nil {
		return nil, brokenSeven
	}
	for _, f := range z.File {
		m := &Member{Name: strings.ReplaceAll(f.Name, `\`, "/"), dir: f.FileInfo().IsDir(), size: f.UncompressedSize, open: guarded(f.Open)}
		if m.size > 0 {
			if f.Stream >= len(folders) {
				return nil, brokenSeven
			}
			// Files that were packed together are inflated together.
			folder := folders[f.Stream]
			m.packed, m.locked = folder.packed, folder.locked
		}
		members = append(members, m)
	}
	return members, ""
}

// openSeven opens a 7z whose header was walked through.
func openSeven(at io.ReaderAt, size int64) (z *sevenzip.Reader, err error) {
	defer recovered(&err)
	return sevenzip.NewReader(at, size)
}

// guarded makes an error of a panic: the library may run out of the slices of an archive
// that contradicts itself.
func guarded(open func() (io.ReadCloser, error)) func() (io.ReadCloser, error) {
	return func() (r io.ReadCloser, err error) {
		defer recovered(&err)
		inner, err := open()
		if err != nil {
			return nil, err
		}
		return guardedReader{inner}, nil
	}
}

type guardedReader struct{ io.ReadCloser }

func (g guardedReader) Read(b []byte) (n int, err error) {
	defer recovered(&err)
	return g.ReadCloser.Read(b)
}

func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("archive 7z: %v", r)
	}
}
