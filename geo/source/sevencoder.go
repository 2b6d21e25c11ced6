package source

import (
	"encoding/binary"
	"fmt"
)

// sevenMethods are the codings that are read, with where the size of their dictionary is.
var sevenMethods = map[string]func(properties []byte) (dictionary uint64){
	"\x00":             nil, // as it stands
	"\x03":             nil, // delta
	"\x21":             lzma2Dictionary,
	"\x03\x01\x01":     uint32Dictionary, // LZMA
	"\x03\x04\x01":     uint32Dictionary, // PPMd
	"\x03\x03\x01\x03": nil,              // BCJ
	"\x03\x03\x01\x1b": nil,              // BCJ2
	"\x04\x01\x08":     nil,              // deflate
	"\x04\x02\x02":     nil,              // bzip2
	sevenAES:           nil,
}

const sevenAES = "\x06\xf1\x07\x01"

func uint32Dictionary(p []byte) uint64 {
	if len(p) < 5 {
		return 0
	}
	return uint64(binary.LittleEndian.Uint32(p[1:]))
}

func lzma2Dictionary(p []byte) uint64 {
	if len(p) != 1 || p[0] > 40 {
		return 0
	}
	return uint64(2|p[0]&1) << (p[0]/2 + 11)
}

func (w *sevenWalk) folder() (f sevenFolder) {
	coders := w.count(maxCoders)
	inputs := 0
	for i := range coders {
		flags := w.byte()
		id := string(w.bytes(uint64(flags & 0xf)))
		in, out := 1, 1
		if flags&0x10 != 0 {
			in, out = w.count(maxCoders), w.count(maxCoders)
		}
		var properties []byte
		if flags&0x20 != 0 {
			properties = w.bytes(w.number())
		}
		inputs, f.outputs = inputs+in, f.outputs+out
		dictionary, known := sevenMethods[id]
		switch {
		case w.reason != "":
			return f
		case !known:
			w.stop("archive 7z compressée d'une façon qui n'est pas lue ; attendu LZMA, comme 7-Zip le fait d'ordinaire")
		case dictionary != nil && dictionary(properties) > maxDictionary:
			w.stop(fmt.Sprintf("archive 7z dont la lecture demanderait %d Mio de mémoire ; attendu au plus %d", dictionary(properties)>>20, maxDictionary>>20))
		}
		if i == 0 {
			f.method = id
		}
		if coders == 1 && id == "\x03\x01\x01" && len(properties) == 5 {
			f.lzma = properties
		}
		f.locked = f.locked || id == sevenAES
	}
	if inputs < f.outputs || f.outputs == 0 {
		w.stop(brokenSeven)
		return f
	}
	for range f.outputs - 1 {
		w.number()
		w.number()
	}
	if f.streams = inputs - (f.outputs - 1); f.streams > 1 {
		for range f.streams {
			w.number()
		}
	}
	return f
}
