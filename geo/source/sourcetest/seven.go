package sourcetest

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"unicode/utf16"

	"github.com/ulikunitz/xz/lzma"
)

// Seven is how a 7z under test is made, as 7zFormat.txt of the LZMA SDK says: all files
// are packed together, in one run.
type Seven struct {
	Method     string // "" as they stand, "deflate", "lzma", "aes" (locked), or the bytes of the id of any other
	Packed     bool   // the header is packed too, as 7-Zip does
	Dictionary uint32 // that the archive claims, when not 0
	Claimed    int    // files that it claims beyond those it has
}

// Of makes the archive.
func (s Seven) Of(members ...Member) []byte {
	var body, names []byte
	var sizes, sums []byte
	for i, m := range members {
		body = append(body, m.Data...)
		if i < len(members)-1 {
			sizes = append(sizes, number(len(m.Data))...)
		}
		sums = binary.LittleEndian.AppendUint32(sums, crc32.ChecksumIEEE([]byte(m.Data)))
		for _, u := range append(utf16.Encode([]rune(m.Name)), 0) {
			names = binary.LittleEndian.AppendUint16(names, u)
		}
	}
	packed, coder := s.pack(body)
	header := []byte{1, 4}
	header = append(header, runOf(0, len(packed), coder, len(body))...)
	header = append(append(append(header, 8, 13), number(len(members))...), 9)
	header = append(append(header, sizes...), 10, 1)
	header = append(append(header, sums...), 0, 0)
	header = append(append(header, 5), number(len(members)+s.Claimed)...)
	header = append(append(header, 17), number(len(names)+1)...)
	header = append(append(append(header, 0), names...), 0, 0)
	if s.Packed {
		small, coder := Seven{Method: "lzma"}.pack(header)
		header = append(append([]byte{23}, runOf(len(packed), len(small), coder, len(header))...), 0)
		packed = append(packed, small...)
	}
	start := binary.LittleEndian.AppendUint64(nil, uint64(len(packed)))
	start = binary.LittleEndian.AppendUint64(start, uint64(len(header)))
	start = binary.LittleEndian.AppendUint32(start, crc32.ChecksumIEEE(header))
	out := append([]byte("7z\xbc\xaf\x27\x1c\x00\x04"), binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(start))...)
	return append(append(append(out, start...), packed...), header...)
}

// runOf says where packed bytes are, and how they are inflated.
func runOf(at, packed int, coder []byte, size int) []byte {
	out := append([]byte{6}, number(at)...)
	out = append(append(out, 1, 9), number(packed)...)
	out = append(append(out, 0, 7, 11, 1, 0, 1), coder...)
	return append(append(append(out, 12), number(size)...), 0)
}

// pack compresses, and gives the coder as a header names it.
func (s Seven) pack(data []byte) (packed, coder []byte) {
	var b bytes.Buffer
	must := func(err error) {
		if err != nil {
			panic(err) // to memory
		}
	}
	switch s.Method {
	case "":
		return data, []byte{1, 0}
	case "deflate":
		w, err := flate.NewWriter(&b, flate.BestCompression)
		must(err)
		_, err = w.Write(data)
		must(err)
		must(w.Close())
		return b.Bytes(), []byte{3, 4, 1, 8}
	case "lzma":
		w, err := lzma.WriterConfig{DictCap: 1 << 16, Size: int64(len(data)), SizeInHeader: true}.NewWriter(&b)
		must(err)
		_, err = w.Write(data)
		must(err)
		must(w.Close())
		properties := bytes.Clone(b.Bytes()[:5])
		if s.Dictionary != 0 {
			binary.LittleEndian.PutUint32(properties[1:], s.Dictionary)
		}
		return b.Bytes()[13:], append([]byte{0x23, 3, 1, 1, 5}, properties...)
	case "aes":
		return data, append([]byte{0x24, 6, 0xf1, 7, 1, 2}, 0x13, 0)
	}
	return data, append([]byte{byte(len(s.Method))}, s.Method...)
}

// number is an integer as a header has it.
func number(n int) []byte {
	if n < 0x80 {
		return []byte{byte(n)}
	}
	return binary.LittleEndian.AppendUint32([]byte{0xf0}, uint32(n))
}
