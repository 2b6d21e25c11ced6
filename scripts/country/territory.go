package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/fixtures"
)

// The Aisne lies between these meridians and parallels.
const west, east, south, north = 2.95, 4.27, 48.83, 50.08

// block is one copy of the Aisne in the country: enlarged, elsewhere, under codes of its
// own.
type block struct {
	number   int
	stretch  float64
	lon, lat float64 // where its south-west corner is
}

// blocks are n copies side by side, around the middle of France.
func blocks(n int, stretch float64) []block {
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	rows := (n + columns - 1) / columns
	width, height := stretch*(east-west), stretch*(north-south)
	out := make([]block, n)
	for i := range out {
		column, row := i%columns, i/columns
		out[i] = block{i, stretch, 2.4 + width*(float64(column)-float64(columns)/2), 46.5 + height*(float64(row)-float64(rows)/2)}
	}
	return out
}

func (b block) move(lon, lat float64) (float64, float64) {
	round := func(x float64) float64 { return math.Round(1e5*x) / 1e5 }
	return round(b.lon + b.stretch*(lon-west)), round(b.lat + b.stretch*(lat-south))
}

// departement is the code of the copy: 01, 02… without 20, which is of two letters.
func (b block) departement() string {
	n := b.number + 1
	if n >= 20 {
		n++
	}
	return fmt.Sprintf("%02d", n)
}

// commune is the code of the copy of a commune, from 02001; the same for postcodes.
func (b block) commune(code string) string { return b.departement() + code[2:] }

// epci is the code of the copy of an EPCI: nine digits, as 200071785.
func (b block) epci(code string) string { return "2" + b.departement() + code[3:] }

// name tells the copies of a thing apart.
func (b block) name(s string) string { return b.departement() + "-" + s }

// left reports whether a file is not copied: one of what surrounds the Aisne, since copies side
// by side have each other; and timetables, which the country does not have.
func left(e fixtures.Entry) bool {
	return strings.Contains(e.Dataset, "voisin") || e.Kind == "gtfs" || e.Kind == "tad"
}

// write writes the copies of one file of the Aisne, as one.
func write(w io.Writer, files fs.FS, e fixtures.Entry, all []block) error {
	data, err := fs.ReadFile(files, e.File)
	if err != nil {
		return err
	}
	switch e.Kind {
	case "communes", "epci":
		return writeGeoJSON(w, data, all)
	case "roads":
		return writeRoads(w, data, all)
	}
	return writeTable(w, data, all)
}

func writeGeoJSON(w io.Writer, data []byte, all []block) error {
	var of struct {
		Features []struct {
			Type       string         `json:"type"`
			Properties map[string]any `json:"properties"`
			Geometry   struct {
				Type        string `json:"type"`
				Coordinates any    `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	out := bufio.NewWriter(w)
	out.WriteString(`{"type":"FeatureCollection","features":[`)
	for _, b := range all {
		if err := json.Unmarshal(data, &of); err != nil { // anew for each: they are changed in place
			return err
		}
		for i, f := range of.Features {
			if i > 0 || b.number > 0 {
				out.WriteString(",\n")
			}
			b.movePositions(f.Geometry.Coordinates)
			if point, ok := f.Properties["point"]; ok {
				b.movePositions(point)
			}
			switch code := f.Properties["code"].(string); len(code) {
			case 5:
				f.Properties["code"] = b.commune(code)
			default:
				f.Properties["code"] = b.epci(code)
			}
			if epci, ok := f.Properties["epci"].(string); ok && epci != "" {
				f.Properties["epci"] = b.epci(epci)
			}
			text, err := json.Marshal(f)
			if err != nil {
				return err
			}
			out.Write(text)
		}
	}
	out.WriteString("]}\n")
	return out.Flush()
}

// movePositions moves a position, or all those below it.
func (b block) movePositions(of any) {
	list := of.([]any)
	if lon, ok := list[0].(float64); ok {
		list[0], list[1] = b.move(lon, list[1].(float64))
		return
	}
	for _, one := range list {
		b.movePositions(one)
	}
}

// writeTable copies a table by the names of its columns.
func writeTable(w io.Writer, data []byte, all []block) error {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	header := map[string]int{}
	for i, name := range rows[0] {
		header[name] = i
	}
	if err := out.Write(rows[0]); err != nil {
		return err
	}
	for _, b := range all {
		for _, row := range rows[1:] {
			if err := out.Write(b.row(header, row)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func (b block) row(header map[string]int, from []string) []string {
	row := append([]string(nil), from...)
	change := func(column string, by func(string) string) {
		if i, ok := header[column]; ok && row[i] != "" {
			row[i] = by(row[i])
		}
	}
	for _, column := range []string{"id", "lieu_id", "tournee", "secteur"} {
		change(column, b.name)
	}
	_, tour := header["tournee"]
	_, sets := header["type"]
	if tour || sets { // elsewhere it is a name
		change("commune", b.commune)
	}
	if sets { // its codes are of territoires
		change("code", b.name)
	}
	for _, column := range []string{"code", "code_insee", "code_postal"} {
		if !sets {
			change(column, b.commune)
		}
	}
	for _, pair := range [][2]string{{"longitude", "latitude"}, {"lon", "lat"}, {"depot_lon", "depot_lat"}} {
		x, ok := header[pair[0]]
		if !ok || row[x] == "" {
			continue
		}
		y := header[pair[1]]
		lon, _ := strconv.ParseFloat(row[x], 64) // NaN and the like are refused at import
		lat, _ := strconv.ParseFloat(row[y], 64)
		lon, lat = b.move(lon, lat)
		row[x], row[y] = strconv.FormatFloat(lon, 'f', 5, 64), strconv.FormatFloat(lat, 'f', 5, 64)
	}
	return row
}

// Nodes and ways of a copy have numbers from its own million on.
const million = 1_000_000

var (
	osmNode = regexp.MustCompile(`^(\s*<node id=")(\d+)(" lat=")([^"]+)(" lon=")([^"]+)(".*)$`)
	osmID   = regexp.MustCompile(`^(\s*<(?:way id|nd ref)=")(\d+)(".*)$`)
)

// writeRoads copies OpenStreetMap XML: all nodes come before all ways, as readers expect.
func writeRoads(w io.Writer, data []byte, all []block) error {
	in, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var head, nodes, ways []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(trimmed, "<?xml"), strings.HasPrefix(trimmed, "<osm"):
			head = append(head, line)
		case strings.HasPrefix(trimmed, "</osm"):
		case len(ways) == 0 && !strings.HasPrefix(trimmed, "<way"):
			nodes = append(nodes, line)
		default:
			ways = append(ways, line)
		}
	}
	zip, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(zip)
	fmt.Fprintln(out, strings.Join(head, "\n"))
	shift := func(b block, id string) string {
		n, _ := strconv.Atoi(id) // digits, by the pattern
		return strconv.Itoa(n + (b.number+1)*million)
	}
	for _, b := range all {
		for _, line := range nodes {
			if m := osmNode.FindStringSubmatch(line); m != nil {
				lat, _ := strconv.ParseFloat(m[4], 64)
				lon, _ := strconv.ParseFloat(m[6], 64)
				lon, lat = b.move(lon, lat)
				line = fmt.Sprintf("%s%s%s%.5f%s%.5f%s", m[1], shift(b, m[2]), m[3], lat, m[5], lon, m[7])
			}
			fmt.Fprintln(out, line)
		}
	}
	for _, b := range all {
		for _, line := range ways {
			if m := osmID.FindStringSubmatch(line); m != nil {
				line = m[1] + shift(b, m[2]) + m[3]
			}
			fmt.Fprintln(out, line)
		}
	}
	fmt.Fprintln(out, "</osm>")
	if err := out.Flush(); err != nil {
		return err
	}
	return zip.Close()
}
