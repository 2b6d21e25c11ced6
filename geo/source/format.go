package source

import (
	"bytes"
	"regexp"
)

// Marks of formats at the start of a file.
func IsZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

func Is7z(head []byte) bool { return bytes.HasPrefix(head, []byte("7z\xbc\xaf\x27\x1c")) }

// IsArchive reports whether a file holds others: a zip, a 7z.
func IsArchive(head []byte) bool { return IsZip(head) || Is7z(head) }

func IsGzip(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1f\x8b")) }

func IsSQLite(head []byte) bool { return bytes.HasPrefix(head, []byte("SQLite format 3\x00")) }

// IsShape recognises the geometry of an ESRI shapefile: its .shp, or its index, the .shx.
func IsShape(head []byte) bool { return bytes.HasPrefix(head, []byte("\x00\x00\x27\x0a")) }

// IsPBF recognises the first block of an OpenStreetMap PBF file: its length on
// four bytes, then the field "OSMHeader".
func IsPBF(head []byte) bool {
	return len(head) > 15 && bytes.Equal(head[4:15], []byte("\x0a\x09OSMHeader"))
}

// IsJSON reports whether a text starts like a JSON object or array.
func IsJSON(head []byte) bool {
	start := bytes.TrimLeft(bytes.TrimPrefix(head, BOM), " \t\r\n")
	return len(start) > 0 && (start[0] == '{' || start[0] == '[')
}

// foreign are formats told by how a file starts, in the order in which they are tried.
// What must be done with those that hold the file that is wanted is said with their name.
var foreign = []struct{ start, what string }{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "un ancien classeur Excel (xls), ou un classeur protégé par un mot de passe (enregistrez-le en XLSX ou en CSV, sans mot de passe)"},
	{"\xd0\xcf\x11\xe0", "un ancien classeur Excel (xls) (enregistrez-le en XLSX ou en CSV)"},
	{"\x09\x08\x10\x00\x00\x06\x05\x00", "un ancien classeur Excel (xls) (enregistrez-le en XLSX ou en CSV)"},
	{"\x09\x08\x08\x00\x00\x05\x05\x00", "un ancien classeur Excel (xls) (enregistrez-le en XLSX ou en CSV)"},
	{"7z\xbc\xaf\x27\x1c", "une archive 7z où rien n'est lu (attendu un fichier de données, non une autre archive)"},
	{"Rar!\x1a\x07", "une archive rar (décompressez-la, puis importez le fichier qu'elle contient)"},
	{"\x1f\x8b", "un fichier compressé (gzip) (décompressez-le d'abord)"},
	{"BZh", "un fichier compressé (bzip2) (décompressez-le d'abord)"},
	{"\xfd7zXZ\x00", "un fichier compressé (xz) (décompressez-le d'abord)"},
	{"\x28\xb5\x2f\xfd", "un fichier compressé (zstd) (décompressez-le d'abord)"},
	{"PK\x05\x06", "une archive zip vide"},
	{"SQLite format 3\x00", "un GeoPackage ou une base SQLite"},
	{"%PDF", "un document PDF"},
	{"{\\rtf", "un document RTF (traitement de texte)"},
	{"\x89PNG", "une image (PNG)"},
	{"\xff\xd8\xff", "une image (JPEG)"},
	{"GIF8", "une image (GIF)"},
	{"PAR1", "un fichier Parquet (exportez-le en CSV)"},
	{"\xff\xfe\x00\x00", "un texte en UTF-32 (enregistrez-le en UTF-8)"},
	{"\x00\x00\x27\x0a", "la géométrie d'un shapefile (.shp)"},
	{"version https://git-lfs", "un renvoi Git LFS, sans les données (téléchargez le fichier lui-même)"},
}

// packages are what a zip archive is, told by a name or a type among its first bytes.
var packages = []struct{ mark, what string }{
	{"application/vnd.oasis.opendocument.spreadsheet", "un classeur OpenDocument (ods) (enregistrez-le en XLSX ou en CSV)"},
	{"application/vnd.oasis.opendocument", "un document OpenDocument"},
	{"word/", "un document Word (docx)"},
	{"Index/Document.iwa", "un classeur Numbers (exportez-le en XLSX ou en CSV)"},
	{"xl/workbook.bin", "un classeur binaire Excel (xlsb) (enregistrez-le en XLSX ou en CSV)"},
}

var html = regexp.MustCompile(`^<(!doctype html|html|head|body|table|meta|div|script)\b`)

// Foreign names a format that none of the text readers takes, from the first
// bytes of a file; "" when it may be text. Article included: "une archive 7z".
func Foreign(head []byte) string {
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.start)) {
			return f.what
		}
	}
	if IsZip(head) {
		for _, p := range packages {
			if bytes.Contains(head, []byte(p.mark)) {
				return p.what
			}
		}
		return "une archive zip ou un classeur (xlsx, ods)"
	}
	if IsPBF(head) {
		return "un fichier OpenStreetMap (PBF)"
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return "une archive tar (décompressez-la, puis importez le fichier qu'elle contient)"
	}
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, BOM), " \t\r\n"))
	switch {
	case html.Match(start):
		return "une page web (HTML)"
	case bytes.HasPrefix(start, []byte("<")) && bytes.Contains(start, []byte("excel.sheet")):
		return "un classeur XML d'Excel 2003 (enregistrez-le en XLSX ou en CSV)"
	case bytes.HasPrefix(start, []byte("<")):
		return "du XML"
	}
	return ""
}
