package sourcetest

import (
	"encoding/xml"
	"fmt"
	"strings"
)

const (
	BookXML = `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns:r="r"><sheets><sheet name="Notice" sheetId="1" r:id="rId1"/><sheet name="Communes" sheetId="2" r:id="rId2"/></sheets></workbook>`
	RelsXML = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`
)

func quoted(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}

// SheetOf writes rows as Excel does: texts shared, numbers ("=12.5") as they are,
// errors ("!#N/A"), empty cells left out.
func SheetOf(rows [][]string) (sheet, texts string) {
	var s, t strings.Builder
	n := 0
	for i, row := range rows {
		if row == nil {
			continue
		}
		fmt.Fprintf(&s, `<row r="%d">`, i+1)
		for j, v := range row {
			ref := fmt.Sprintf("%c%d", 'A'+j, i+1)
			switch {
			case v == "":
			case v[0] == '=':
				fmt.Fprintf(&s, `<c r="%s" s="3"><v>%s</v></c>`, ref, v[1:])
			case v[0] == '!':
				fmt.Fprintf(&s, `<c r="%s" t="e"><v>%s</v></c>`, ref, v[1:])
			case v[0] == '"':
				fmt.Fprintf(&s, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, quoted(v[1:]))
			default:
				fmt.Fprintf(&s, `<c r="%s" t="s"><v>%d</v></c>`, ref, n)
				fmt.Fprintf(&t, `<si><r><t>%s</t></r><r><t xml:space="preserve">%s</t></r><rPh><t>prononcé</t></rPh></si>`, quoted(v[:1]), quoted(v[1:]))
				n++
			}
		}
		s.WriteString(`</row>`)
	}
	return `<worksheet><cols><col min="1"/></cols><sheetData>` + s.String() + `</sheetData></worksheet>`, `<sst>` + t.String() + `</sst>`
}

func XlsxOf(rows [][]string) []byte {
	sheet, texts := SheetOf(rows)
	return Zipped(
		Member{"[Content_Types].xml", `<Types/>`}, Member{"xl/workbook.xml", BookXML}, Member{"xl/_rels/workbook.xml.rels", RelsXML},
		Member{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>Lisez-moi</t></is></c></row></sheetData></worksheet>`},
		Member{"xl/worksheets/sheet2.xml", sheet}, Member{"xl/sharedStrings.xml", texts})
}
