package source

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"path"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

const maxDirectory = 1 << 20 // bytes of the list of files of an archive: some 10 000 files

// zipMembers lists the files of a zip, or says why it is not read.
func zipMembers(at io.ReaderAt, size int64) (members []*Member, reason string) {
	if reason := directoryFault(at, size); reason != "" {
		return nil, reason
	}
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // nothing is written: a name is only a name
		return nil, "archive zip illisible ; elle est sans doute tronquée ou abîmée"
	}
	for _, f := range z.File {
		const encrypted = 1 // bit of the flags
		members = append(members, &Member{Name: strings.ReplaceAll(f.Name, `\`, "/"), dir: f.FileInfo().IsDir(), size: f.UncompressedSize64,
			packed: f.CompressedSize64, locked: f.Flags&encrypted != 0, oldName: f.NonUTF8, open: f.Open})
	}
	return members, ""
}

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

// Base is the name of a file without its folders, as text: old archives write it in code
// page 437 or as the machine had it.
func (m *Member) Base() string {
	base := path.Base(m.Name)
	if m.oldName {
		if text, err := charmap.CodePage437.NewDecoder().String(base); err == nil {
			return text
		}
	}
	return base
}
