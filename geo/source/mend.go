package source

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// mend is a [transform.Transformer] of UTF-8 that puts right what was encoded twice: each
// byte of a character of UTF-8 taken for one of an encoding of 8 bits, as « Ã© » for « é ».
// Only sequences that come to a character of French are touched, none of which any French
// text has as it stands.
type mend struct {
	transform.NopResetter
	sure bool // the text has such sequences: « Ã » before a space is « à », whose second half was taken for a space
	n    int  // sequences put right
}

// bytesOf is how encodings of 8 bits write a character, per encoding: what UTF-8 was
// taken for. In Windows-1252 the bytes it does not have come as control characters.
var bytesOf = func() []map[rune]byte {
	var all []map[rune]byte
	for _, page := range []*charmap.Charmap{charmap.Windows1252, charmap.Macintosh, charmap.CodePage850} {
		of := map[rune]byte{}
		for b := utf8.RuneSelf; b < 256; b++ {
			if page == charmap.Windows1252 && b < 0xa0 {
				of[rune(b)] = byte(b)
			}
			if r := page.DecodeByte(byte(b)); r != utf8.RuneError {
				of[r] = byte(b)
			}
		}
		all = append(all, of)
	}
	return all
}()

// leads are the first halves of what UTF-8 makes of French characters (C2, C3, C5, E2).
var leads = func() map[rune]bool {
	set := map[rune]bool{}
	for _, of := range bytesOf {
		for r, b := range of {
			if b == 0xc2 || b == 0xc3 || b == 0xc5 || b == 0xe2 {
				set[r] = true
			}
		}
	}
	return set
}()

// longest is how many bytes a sequence takes: three characters of three.
const longest = 9

func (m *mend) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		// Most of a text is ASCII.
		k := 0
		for room := min(len(src)-nSrc, len(dst)-nDst); k < room && src[nSrc+k] < utf8.RuneSelf; k++ {
			dst[nDst+k] = src[nSrc+k]
		}
		nDst, nSrc = nDst+k, nSrc+k
		if nSrc == len(src) {
			break
		}
		rest := src[nSrc:]
		if !atEOF && len(rest) < longest && !utf8.FullRune(rest) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, size := utf8.DecodeRune(rest)
		if len(dst)-nDst < utf8.UTFMax {
			return nDst, nSrc, transform.ErrShortDst
		}
		if leads[r] {
			if !atEOF && len(rest) < longest {
				return nDst, nSrc, transform.ErrShortSrc
			}
			if mended, taken := m.sequence(r, rest); taken > 0 {
				m.n++
				nDst, nSrc = nDst+utf8.EncodeRune(dst[nDst:], mended), nSrc+taken
				continue
			}
		}
		nDst, nSrc = nDst+copy(dst[nDst:], rest[:size]), nSrc+size // a byte that is no UTF-8 stays: it is told elsewhere
	}
	return nDst, nSrc, nil
}

// sequence is the character that a sequence stands for, and how many bytes it takes; 0
// when it is none.
func (m *mend) sequence(lead rune, text []byte) (rune, int) {
	first := utf8.RuneLen(lead)
	if m.sure && lead == 'Ã' && len(text) > first && text[first] == ' ' {
		return 'à', first
	}
	for _, of := range bytesOf {
		b := of[lead]
		more := 1
		switch b {
		case 0xe2:
			more = 2
		case 0xc2, 0xc3, 0xc5:
		default:
			continue
		}
		utf, taken := []byte{b}, first
		for range more {
			r, size := utf8.DecodeRune(text[taken:])
			next, ok := of[r]
			if !ok || next < 0x80 || next > 0xbf {
				break
			}
			utf, taken = append(utf, next), taken+size
		}
		if r, size := utf8.DecodeRune(utf); size == len(utf) && len(utf) == 1+more && french(r) {
			return r, taken
		}
	}
	return 0, 0
}

// french reports whether text that was encoded twice may have had r.
func french(r rune) bool {
	switch {
	case r >= 0xa0 && r <= 0xff, r >= 0x2010 && r <= 0x203a, r == '€', r == '™', r == 'œ', r == 'Œ', r == 'Ÿ', r == 'š', r == 'Š', r == 'ž', r == 'Ž':
		return true
	}
	return false
}
