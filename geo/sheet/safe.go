package sheet

// Safe is a text as a cell of a table holds it. A spreadsheet takes a cell that begins
// with = + - @, or with a tabulator or an end of line before them, for a formula, which
// may fetch or send anything: such a text comes from whoever wrote the published files, so
// it is put after an apostrophe, which spreadsheets show as the mark of a text. Numbers are
// no texts, and stay what they are.
func Safe(text string) string {
	if text == "" {
		return text
	}
	switch text[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return "'" + text
	}
	return text
}

// safe is a cell of a workbook.
func safe(cell any) any {
	if text, ok := cell.(string); ok {
		return Safe(text)
	}
	return cell
}
