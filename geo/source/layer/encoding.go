package layer

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// encodings are those of 8 bits that a .cpg file may name, as ESRI, GDAL and IGN write
// them, without dashes and blanks.
var encodings = map[string]*charmap.Charmap{
	"1252": charmap.Windows1252, "CP1252": charmap.Windows1252, "ANSI1252": charmap.Windows1252, "WINDOWS1252": charmap.Windows1252, "ANSI": charmap.Windows1252,
	// What says ISO-8859-1 mostly is Windows-1252, which holds it.
	"ISO88591": charmap.Windows1252, "88591": charmap.Windows1252, "LATIN1": charmap.Windows1252, "L1": charmap.Windows1252,
	"ISO885915": charmap.ISO8859_15, "885915": charmap.ISO8859_15, "LATIN9": charmap.ISO8859_15,
	"850": charmap.CodePage850, "CP850": charmap.CodePage850, "OEM850": charmap.CodePage850, "IBM850": charmap.CodePage850,
	"437": charmap.CodePage437, "CP437": charmap.CodePage437, "OEM": charmap.CodePage437, "IBM437": charmap.CodePage437,
	"MACINTOSH": charmap.Macintosh, "MACROMAN": charmap.Macintosh, "10000": charmap.Macintosh,
}

// decoder makes texts of the bytes of a .dbf file.
type decoder struct {
	page  *charmap.Charmap // nil: UTF-8, and Windows-1252 where it is none
	wrong int              // texts that are no UTF-8 where it was said to be
	said  bool             // that it is UTF-8
}

// decoderOf understands the name of an encoding, the content of a .cpg file, else the mark
// in the header of the .dbf (0x57: "ANSI", 0x03: Windows-1252). known reports that there
// was nothing to say of it.
func decoderOf(cpg string, mark byte) (d decoder, known bool) {
	name := strings.NewReplacer("-", "", "_", "", " ", "", "\x00", "", "\ufeff", "").Replace(strings.ToUpper(strings.TrimSpace(cpg)))
	switch page, is := encodings[name]; {
	case is:
		return decoder{page: page}, true
	case name == "UTF8" || name == "65001":
		return decoder{said: true}, true
	}
	return decoder{}, name == "" || mark == 0x57 || mark == 0x03
}

// text decodes the bytes of a field, blanks at its end taken away. full tells that they
// fill the field: a program may have cut the last character of a text that was too long.
func (d *decoder) text(raw []byte, full bool) string {
	switch {
	case d.page != nil:
		return decoded(d.page, raw)
	case utf8.Valid(raw):
		return string(raw)
	}
	if whole := withoutCut(raw); full && utf8.Valid(whole) {
		return string(whole)
	}
	if d.said {
		d.wrong++
	}
	return decoded(charmap.Windows1252, raw)
}

func decoded(page *charmap.Charmap, raw []byte) string {
	text, err := page.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	return string(text)
}

// withoutCut drops the start of a character of UTF-8 whose end is missing.
func withoutCut(raw []byte) []byte {
	for i := len(raw) - 1; i >= 0 && i >= len(raw)-utf8.UTFMax; i-- {
		if utf8.RuneStart(raw[i]) {
			if raw[i] >= utf8.RuneSelf && !utf8.FullRune(raw[i:]) {
				return raw[:i]
			}
			break
		}
	}
	return raw
}
