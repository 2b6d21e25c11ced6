package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/aisne-numerique/maillage/fixtures"
)

// made says, for a kind that the demonstration has, which of its files to import,
// and how to make another of it: every from becomes to.
type made struct {
	file     string
	from, to string
}

// demonstration are the kinds whose files come from the demonstration territory;
// the files of the other kinds are made up.
var demonstration = map[string]made{
	"communes": {"communes.geojson", `"population":`, `"population":1`},
	"epci":     {"epci.geojson", `"nom":"`, `"nom":"B `},
	"secteurs": {"secteurs.csv", "\n", "\nB "},
	"tournees": {"tournees.csv", "\n", "\nB"},
	"tad":      {"tad.csv", "\ntad", "\nB"},
	"ifn":      {"ifn.csv", ".", ".1"},
	"roads":    {"roads.osm.gz", `v="50"`, `v="45"`},
}

// kinds lists what can be tried.
func kinds() []string {
	return []string{"communes", "epci", "secteurs", "lieux", "france-services", "population", "tournees", "ifn", "roads", "gtfs", "tad"}
}

// write writes file A or B of a kind.
func write(kind, path, name string, rows int) error {
	m, ok := demonstration[kind]
	switch {
	case kind == "france-services":
		return writeFranceServices(path, name, rows)
	case kind == "population":
		return writePopulation(path, name, rows)
	case kind == "gtfs":
		return writeTimetables(path, name, rows)
	case !ok:
		return writeLieux(path, name, rows)
	}
	files, _, err := fixtures.Aisne()
	if err != nil {
		return err
	}
	data, err := fs.ReadFile(files, m.file)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		zr, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return fmt.Errorf("%s: %w", m.file, err)
		}
		if data, err = io.ReadAll(zr); err != nil {
			return fmt.Errorf("%s: %w", m.file, err)
		}
	}
	if name != "A" {
		data = bytes.ReplaceAll(bytes.TrimSpace(data), []byte(m.from), []byte(m.to))
	}
	return os.WriteFile(path, data, 0o644)
}

// writeFranceServices writes made-up places in the layout of the official list.
func writeFranceServices(path, name string, rows int) error {
	var b bytes.Buffer
	b.WriteString("id_fs,lib_fs,adresse,insee_com,code_postal,lib_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,format_fs\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,France services %s %d,%d rue de la Gare,02305,02130,Fère-en-Tardenois,%.6f,%.6f,09:00 - 12:00,,,,,,Fixe\n",
			i+1, name, i, i+1, 49+float64(i/100)*0.003, 3+float64(i%100)*0.004)
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// writeTimetables writes a feed of one line: rows trips along it, ten stops each, that leave a
// second after each other. Those of B leave an hour after those of A.
func writeTimetables(path, name string, rows int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var stops, trips, times strings.Builder
	for k := range 10 {
		fmt.Fprintf(&stops, "s%d,Arrêt %s %d,%.4f,3.5\n", k, name, k, 49+float64(k)/100)
	}
	first := 6 * 3600
	if name != "A" {
		first += 3600
	}
	clock := func(seconds int) string {
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	for i := range rows {
		fmt.Fprintf(&trips, "l,tous,%d\n", i)
		for k := range 10 {
			at := clock(first + i + 300*k)
			fmt.Fprintf(&times, "%d,%s,%s,s%d,%d\n", i, at, at, k, k)
		}
	}
	z := zip.NewWriter(f)
	for _, part := range [][2]string{
		{"agency.txt", "agency_id,agency_name,agency_url,agency_timezone\na,Essai,https://example.invalid/,Europe/Paris\n"},
		{"routes.txt", "route_id,agency_id,route_short_name,route_type\nl,a,1,3\n"},
		{"calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ntous,1,1,1,1,1,1,1,20260901,20270831\n"},
		{"stops.txt", "stop_id,stop_name,stop_lat,stop_lon\n" + stops.String()},
		{"trips.txt", "route_id,service_id,trip_id\n" + trips.String()},
		{"stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n" + times.String()},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

// writePopulation writes squares of 200 m side by side.
func writePopulation(path, name string, rows int) error {
	var b bytes.Buffer
	b.WriteString("idcar_200m,ind\n")
	for i := range rows {
		fmt.Fprintf(&b, "CRS3035RES200mN%dE%d,%d.5\n", 2_940_000+200*(i/100), 3_820_000+200*(i%100), i%40+len(name)+int(name[0]))
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
