package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	maxStyles = 1 << 16 // the format has 65 490
	maxCode   = 255     // bytes of a number format that is read
)

// numberFormat is what a cell shows of its number, as far as the text matters: the zeros
// of a code, a date for a count of days, a share for hundredths.
type numberFormat struct {
	kind   numberKind
	digits string // of zeros: "00000", or `0#" "##" "##" "##" "##` with what stands between
	width  int    // how many digits are shown at least
}

type numberKind uint8

const (
	asNumber numberKind = iota
	asDate
	asDateTime
	asTime
	asShare
	withZeros
)

// builtin are the formats that have a number and no code (ECMA-376, 18.8.30).
func builtin(id int) numberFormat {
	switch {
	case id == 9 || id == 10:
		return numberFormat{kind: asShare}
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numberFormat{kind: asDate}
	case id == 22:
		return numberFormat{kind: asDateTime}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return numberFormat{kind: asTime}
	}
	return numberFormat{}
}

// parseFormat reads the code of a format: its first section, that of positive numbers.
func parseFormat(code string) numberFormat {
	var bare, digits strings.Builder // without what is written as it stands; and with it
	placeholders, firstZero, plain := 0, -1, true
	runes := []rune(code[:min(len(code), maxCode)])
scan:
	for i := 0; i < len(runes); i++ {
		switch c := runes[i]; c {
		case ';':
			break scan
		case '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
				digits.WriteRune(runes[i])
			}
		case '\\', '_', '*':
			if i++; c == '\\' && i < len(runes) {
				digits.WriteRune(runes[i])
			}
		case '[':
			start := i
			for i < len(runes) && runes[i] != ']' {
				i++
			}
			// [h]:mm is a time; colours, conditions and languages are nothing to us.
			if within := strings.ToLower(string(runes[start+1 : min(i, len(runes))])); within != "" && strings.Trim(within, "hms") == "" {
				bare.WriteString(within)
			}
		default:
			bare.WriteRune(c)
			digits.WriteRune(c)
			switch {
			case c == '0' || c == '#':
				if c == '0' && firstZero < 0 {
					firstZero = placeholders
				}
				placeholders++
			case c != ' ' && c != '-' && c != '\u00a0':
				plain = false
			}
		}
	}
	text := strings.ToLower(bare.String())
	if strings.HasPrefix(text, "general") || strings.HasPrefix(text, "standard") || text == "@" {
		return numberFormat{}
	}
	day, hour := strings.ContainsAny(text, "yd"), strings.ContainsAny(text, "hs")
	switch {
	case strings.Contains(text, "%"):
		return numberFormat{kind: asShare}
	case day && hour:
		return numberFormat{kind: asDateTime}
	case hour:
		return numberFormat{kind: asTime}
	case day, strings.Contains(text, "m"):
		return numberFormat{kind: asDate}
	case plain && firstZero >= 0 && placeholders-firstZero > 1:
		return numberFormat{kind: withZeros, digits: digits.String(), width: placeholders - firstZero}
	}
	return numberFormat{}
}

// readStyles reads the formats of cells.
func (b *workbook) readStyles() error {
	f := b.a.Find("xl/styles.xml")
	if f == nil {
		return nil
	}
	if f.Size() > maxTexts {
		return b.a.Fault(f, "plus de %d Mio de styles ; attendu un tableau", maxTexts>>20)
	}
	own, within := map[int]numberFormat{}, false
	return b.each(f, func(x *xmlReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attribute(e, "", "numFmtId")); err == nil && len(own) < maxStyles {
				own[id] = parseFormat(attribute(e, "", "formatCode"))
			}
		case "cellXfs":
			within = true
		case "xf":
			if !within {
				return nil
			}
			if len(b.styles) == maxStyles {
				return errors.New("plus de 65 000 styles de cellules ; attendu un tableau")
			}
			id, _ := strconv.Atoi(attribute(e, "", "numFmtId")) // none is 0, the plain one
			format, ok := own[id]
			if !ok {
				format = builtin(id)
			}
			b.styles = append(b.styles, format)
		case "cellStyles", "dxfs", "cellStyleXfs":
			within = false
		}
		return nil
	})
}

// shown is the number of a cell as its style shows it.
func (b *workbook) shown(number, style string) string {
	n, err := strconv.Atoi(style)
	if err != nil || n < 0 || n >= len(b.styles) || b.styles[n].kind == asNumber {
		return number
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return number
	}
	switch f := b.styles[n]; f.kind {
	case asShare:
		return strconv.FormatFloat(hundredfold(v), 'f', -1, 64) + " %"
	case withZeros:
		return f.zeros(v, number)
	default:
		return f.date(v, number, b.from1904)
	}
}

// hundredfold is v × 100 without the noise of the last binary digits.
func hundredfold(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v*100, 'g', 14, 64), 64)
	if err != nil {
		return v * 100
	}
	return rounded
}

// zeros writes a whole number with the digits of the format, from the right.
func (f numberFormat) zeros(v float64, number string) string {
	const most = 1e15
	if v < 0 || v >= most || v != math.Trunc(v) {
		return number
	}
	digits := fmt.Sprintf("%0*.0f", f.width, v)
	var b []rune // from the right
	pattern := []rune(f.digits)
	for i := len(pattern) - 1; i >= 0; i-- {
		switch c := pattern[i]; {
		case c != '0' && c != '#':
			if digits != "" {
				b = append(b, c)
			}
		case digits != "":
			b = append(b, rune(digits[len(digits)-1]))
			digits = digits[:len(digits)-1]
		}
	}
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return digits + string(b)
}

// date writes a count of days as ISO 8601 does. Day 60 of the count from 1900 is a 29
// February that never was.
func (f numberFormat) date(days float64, number string, from1904 bool) string {
	const last = 2_958_466 // 31 December 9999
	if days < 0 || days >= last {
		return number
	}
	seconds := int64(math.Round(days * 86400))
	if f.kind == asTime {
		h, m, s := seconds/3600, seconds/60%60, seconds%60
		if s == 0 {
			return fmt.Sprintf("%02d:%02d", h, m)
		}
		return fmt.Sprintf("%02d:%02d:%02d", h, m, s)
	}
	origin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		origin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		origin = origin.AddDate(0, 0, 1)
	}
	at := time.Unix(origin.Unix()+seconds, 0).UTC()
	if f.kind == asDate {
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02T15:04:05")
}
