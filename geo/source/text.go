package source

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// BOM is the byte order mark that some programs put before a text in UTF-8.
var BOM = []byte("\xef\xbb\xbf")

// charset is an encoding that files are sent in, beside UTF-8.
type charset struct {
	encoding.Encoding
	name string // as a report says it
}

// The encodings of 8 bits that French files come in, the likeliest first; and those of
// 16, of which Excel makes its « texte Unicode ».
var (
	windows = charset{charmap.Windows1252, "du Windows-1252"}
	eight   = []charset{
		windows,
		{charmap.Macintosh, "du MacRoman (Macintosh)"},
		{charmap.CodePage850, "du CP850 (CSV « MS-DOS » d'Excel)"},
		{charmap.ISO8859_15, "de l'ISO-8859-15"},
	}
	little = charset{unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "de l'UTF-16 (« texte Unicode » d'Excel)"}
	big    = charset{unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "de l'UTF-16 (« texte Unicode » d'Excel)"}
)

// text is how the bytes of a file are characters. The zero value is UTF-8, or no text.
type text struct {
	from     charset // no Encoding: UTF-8
	fault    string  // why it cannot be read
	garbled  int     // sequences that were encoded twice, as « Ã© »
	mixed    bool    // UTF-8 among text of 8 bits
	lost     int     // characters that an earlier conversion replaced by U+FFFD
	oldLines bool    // lines end with CR alone
}

// TextFault says why the bytes of f are no text that can be read; "" when they are.
func (f File) TextFault() string { return f.text.fault }

// HeadText is the start of a text file in UTF-8, without byte order mark.
func (f File) HeadText() []byte {
	if f.text.plain() {
		return bytes.TrimPrefix(f.Head, BOM)
	}
	head, _ := io.ReadAll(f.text.decode(bytes.NewReader(f.Head))) // of what is cut at its end
	return head
}

// Text is a text file read again: in UTF-8 without byte order mark, whatever it is
// written in; what was encoded twice is mended, and lines end with LF.
type Text struct {
	io.Reader
	*Stream
}

func (t *Text) Read(b []byte) (int, error) { return t.Reader.Read(b) }

// OpenText starts another pass over f, as text.
func (f File) OpenText() (*Text, error) {
	s, err := f.Open()
	if err != nil {
		return nil, err
	}
	if f.text.plain() {
		if bytes.HasPrefix(f.Head, BOM) {
			if _, err := io.CopyN(io.Discard, s, int64(len(BOM))); err != nil {
				s.Close()
				return nil, FailAt(f.Name, 0, "%v", Readable(err))
			}
		}
		return &Text{s, s}, nil
	}
	return &Text{f.text.decode(s), s}, nil
}

// plain reports whether the bytes are the characters.
func (t text) plain() bool { return t.from.Encoding == nil && t.garbled == 0 && !t.oldLines }

func (t text) decode(r io.Reader) io.Reader {
	if t.from.Encoding != nil {
		r = transform.NewReader(r, t.from.NewDecoder())
	} else {
		r = transform.NewReader(r, unicode.BOMOverride(transform.Nop))
	}
	if t.garbled > 0 || t.mixed {
		r = transform.NewReader(transform.NewReader(r, &mend{sure: t.garbled > 0}), &mend{}) // some was encoded three times
	}
	if t.oldLines {
		r = newlines{r}
	}
	return r
}

// newlines gives LF for CR.
type newlines struct{ r io.Reader }

func (n newlines) Read(b []byte) (int, error) {
	k, err := n.r.Read(b)
	for i, c := range b[:k] {
		if c == '\r' {
			b[i] = '\n'
		}
	}
	return k, err
}

// NoteText warns of what in a text was read otherwise than as it stands.
func (r *Recorder) NoteText(f File) {
	t := f.text
	if t.from.Encoding != nil {
		r.Warn(f.Name, 0, "", "", "le texte n'est pas de l'UTF-8 : lu comme "+t.from.name)
	}
	if t.mixed {
		r.Warn(f.Name, 0, "", "", "deux encodages dans le même texte : l'UTF-8 y est lu comme tel")
	}
	if t.garbled > 0 {
		r.Warn(f.Name, 0, "", "", fmt.Sprintf("texte encodé deux fois, comme « Ã© » pour « é », rétabli : %d caractères", t.garbled))
	}
	if t.lost > 0 {
		r.Warn(f.Name, 0, "", "", fmt.Sprintf("caractères perdus avant l'envoi, écrits « \uFFFD » : %d ; attendu le fichier d'origine, enregistré en UTF-8", t.lost))
	}
	if t.oldLines {
		r.Warn(f.Name, 0, "", "", "fins de ligne d'ancien Macintosh (CR) : lues comme telles")
	}
}

// census counts what tells one encoding from another, in one pass over the bytes.
//
// A file that has a NUL in its first block, and is not UTF-16, is no text: nothing is
// counted.
type census struct {
	wide      charset   // UTF-16
	decoder   io.Writer // of it, into the census proper
	binary    bool
	multi     int      // well-formed sequences of several bytes
	french    int      // of them, those that French has
	invalid   int      // bytes that UTF-8 does not allow there
	lost      int      // U+FFFD
	high      [256]int // how many of each byte from 0x80 on
	inWord    [256]int // those in a word as œ is: after an ASCII letter, or before one that may follow œ
	part      []byte   // the character that a block has cut
	last      byte     // of the block before
	feeds, cr int      // LF and CR
	mender    mend
	mended    *transform.Writer
}

func newCensus(start []byte) *census {
	c := &census{}
	if c.wide = sixteen(start); c.wide.Encoding != nil {
		c.decoder = transform.NewWriter(writerFunc(c.write), c.wide.NewDecoder())
	} else {
		c.binary = bytes.IndexByte(start, 0) >= 0
	}
	c.mended = transform.NewWriter(io.Discard, &c.mender)
	return c
}

// sixteen recognises UTF-16: by its mark, or because one byte of two is zero.
func sixteen(start []byte) charset {
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xfe\x00\x00")):
		return charset{}
	case bytes.HasPrefix(start, []byte("\xff\xfe")):
		return little
	case bytes.HasPrefix(start, []byte("\xfe\xff")):
		return big
	}
	start = start[:min(len(start), 1024)]
	var zeros [2]int
	for i, b := range start {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(start) / 2; {
	case half < 4:
	case zeros[0] == 0 && zeros[1] > half*9/10:
		return little
	case zeros[1] == 0 && zeros[0] > half*9/10:
		return big
	}
	return charset{}
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(b []byte) (int, error) { return w(b) }

func (c *census) Write(b []byte) (int, error) {
	switch {
	case c.decoder != nil:
		return c.decoder.Write(b)
	case c.binary:
		return len(b), nil
	}
	return c.write(b)
}

func (c *census) write(b []byte) (int, error) {
	n := len(b)
	if n == 0 {
		return 0, nil
	}
	if _, err := c.mended.Write(b); err != nil {
		return 0, err
	}
	before := c.last
	for _, x := range b {
		switch {
		case x == '\n':
			c.feeds++
		case x == '\r':
			c.cr++
		case x >= utf8.RuneSelf:
			c.high[x]++
			if before|0x20 >= 'a' && before|0x20 <= 'z' {
				c.inWord[x]++
			}
		case before >= utf8.RuneSelf && bytes.IndexByte([]byte("uidsUIDS"), x) >= 0:
			c.inWord[before]++
		}
		before = x
	}
	c.last = before
	if len(c.part) > 0 { // the character that the last block has cut
		b, c.part = append(c.part, b...), nil
	}
	c.count(b)
	return n, nil
}

// count tallies b and keeps the character cut at its end.
func (c *census) count(b []byte) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		if !utf8.FullRune(b) {
			c.part = append(c.part, b...)
			return
		}
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			c.invalid++
		case r == utf8.RuneError:
			c.lost++
			fallthrough
		default:
			c.multi++
			if french(r) {
				c.french++
			}
		}
		b = b[size:]
	}
}

// text draws the conclusion. A damaged UTF-8 file still has more good sequences than
// bad bytes; then the lines at fault are rejected, rather than all accents garbled.
func (c *census) text() text {
	t := text{from: c.wide}
	c.invalid += len(c.part)
	if c.binary {
		return t
	}
	t.oldLines = c.cr > 0 && c.feeds == 0
	if c.invalid > c.multi {
		t.from, t.fault = c.eight()
		t.mixed = c.french > 0
		return t
	}
	if err := c.mended.Close(); err == nil {
		t.garbled = c.mender.n
	}
	t.lost = c.lost
	return t
}

// Characters of French text, and those that are neither usual nor impossible in it. The
// others are a sign that the encoding is another: é of a Macintosh is Ž for Windows.
const (
	usual    = "éèàêçôîûùâëïœüöæÿÉÈÀÊÇÔÎÛÙÂËÏŒÜÖÆŸ’‘«»°–—…€“”·•²³\u00a0\u00ad\u202f™§©®"
	possible = "áíóúñãõäåÁÍÓÚÑßøØ¼½¾µ±×÷¨´`¹ªº¿¡¥£†‡‰‹›„"
)

// eight chooses among the encodings of 8 bits: the one with the fewest characters that
// French does not have, then with most of those that it uses; of equals the likeliest.
func (c *census) eight() (best charset, fault string) {
	most, fewest := -1, -1
	for _, set := range eight {
		page := set.Encoding.(*charmap.Charmap)
		good, bad := 0, 0
		for b := utf8.RuneSelf; b < 256; b++ {
			r, n := page.DecodeByte(byte(b)), c.high[b]
			switch {
			case (r == '½' || r == '¼') && c.inWord[b] > 0: // c½ur: œ in ISO-8859-15
				bad += n
			case r == '½' || r == '¼' || r == '¾':
				good += n
			case bytes.ContainsRune([]byte(usual), r):
				good += n
			case !bytes.ContainsRune([]byte(possible), r):
				bad += n
			}
		}
		if fewest < 0 || bad < fewest || bad == fewest && good > most {
			best, most, fewest = set, good, bad
		}
	}
	if fewest > most && c.multi == 0 {
		return best, "le texte n'est ni de l'UTF-8, ni du Windows-1252, ni du MacRoman : les accents seraient perdus ; attendu un fichier enregistré en UTF-8"
	}
	return best, ""
}
