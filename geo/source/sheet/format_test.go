package sheet

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func TestNumberFormats(t *testing.T) {
	for _, tt := range []struct{ code, number, want string }{
		{"General", "2408", "2408"}, {"@", "2408", "2408"}, {"0", "2408", "2408"}, {"#,##0", "2408", "2408"}, {`#\ ##0`, "2408", "2408"}, {"0.00", "24.081", "24.081"},
		{"00000", "2408", "02408"}, {"00000", "60057", "60057"}, {"00000", "2408.5", "2408.5"}, {"00000", "-1", "-1"}, {"00000;@", "1", "00001"}, {"[<=99999]00000;0", "2408", "02408"},
		{"000000000", "20010101", "020010101"}, {`0#" "##" "##" "##" "##`, "323201234", "03 23 20 12 34"}, {`000\ 000\ 000\ 00000`, "26020163100017", "260 201 631 00017"},
		{"0%", "0.125", "12.5 %"}, {"0.0%", "0.07", "7 %"}, {"0%", "1", "100 %"}, {"0.0 %", "0.1234", "12.34 %"},
		{"dd/mm/yyyy", "45321", "2024-01-30"}, {"d mmmm yyyy", "45321.75", "2024-01-30"}, {"[$-40C]d mmmm yyyy;@", "45321", "2024-01-30"}, {"dd/mm/yyyy hh:mm", "45321.75", "2024-01-30T18:00:00"},
		{"mmm-yy", "45321", "2024-01-30"}, {"hh:mm", "0.375", "09:00"}, {"h:mm:ss", "0.5000115740740741", "12:00:01"}, {"[h]:mm", "1.5", "36:00"},
		{"dd/mm/yyyy", "59", "1900-02-28"}, {"dd/mm/yyyy", "61", "1900-03-01"}, {"dd/mm/yyyy", "-3", "-3"}, {"dd/mm/yyyy", "9999999", "9999999"}, {"dd/mm/yyyy", "abc", "abc"},
		{`0" hab. d'ici"`, "12", "12"}, {"[Red]0", "12", "12"}, {"0.00E+00", "12", "12"}, {"", "12", "12"}, {`"`, "12", "12"}, {"[", "12", "12"},
	} {
		b := &workbook{styles: []numberFormat{parseFormat(tt.code)}}
		if got := b.shown(tt.number, "0"); got != tt.want {
			t.Errorf("%s as %q: %q, want %q", tt.number, tt.code, got, tt.want)
		}
	}
	b := &workbook{styles: []numberFormat{builtin(14)}, from1904: true}
	if got := b.shown("43859", "0"); got != "2024-01-30" {
		t.Errorf("day 43859 from 1904 is %s, want 2024-01-30", got)
	}
}

// TestWorkbookShowsWhatCellsShow: styles are found by the number that cells give.
func TestWorkbookShowsWhatCellsShow(t *testing.T) {
	const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>` +
		`<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>`
	const cells = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c><c r="B1" t="inlineStr"><is><t>jour</t></is></c><c r="C1" t="inlineStr"><is><t>part</t></is></c><c r="D1" t="inlineStr"><is><t>ouvert</t></is></c></row>` +
		`<row r="2"><c r="A2" s="1"><v>2408</v></c><c r="B2" s="2"><v>45321</v></c><c r="C2" s="3"><v>0.125</v></c><c r="D2" t="b"><v>1</v></c></row>` +
		`<row r="3"><c r="A3" s="0"><v>2408</v></c><c r="B3" t="d"><v>2024-01-30</v></c><c r="C3" s="99"><v>0.125</v></c><c r="D3" t="b"><v>0</v></c></row></sheetData></worksheet>`
	got, err := dump(sourcetest.Zipped(
		sourcetest.Member{Name: "xl/workbook.xml", Data: `<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		sourcetest.Member{Name: "xl/_rels/workbook.xml.rels", Data: sourcetest.RelsXML},
		sourcetest.Member{Name: "xl/worksheets/sheet1.xml", Data: cells}, sourcetest.Member{Name: "xl/styles.xml", Data: styles}), "code")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{`["code" "jour" "part" "ouvert"]`, `2 ["02408" "2024-01-30" "12.5 %" "true"]`, `3 ["2408" "2024-01-30" "0.125" "false"]`, ""}, "\n")
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
