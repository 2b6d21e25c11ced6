package source_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/squares"
	"github.com/aisne-numerique/maillage/geo/source/stat"
	"github.com/aisne-numerique/maillage/geo/sqlite"
)

// endless gives head, then body again and again, the longer of which it gives at once.
type endless struct {
	rest, body []byte
}

func (e *endless) Read(b []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = e.body
	}
	n := copy(b, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (e *endless) Close() error { return nil }

// stuck is a file that is sound while it is hashed, and has no end when it is read:
// head, then body without end.
func stuck(name, head, body string) source.Input {
	passes := 0
	return source.Input{Name: name, Open: func() (io.ReadCloser, error) {
		if passes++; passes == 1 {
			return io.NopCloser(strings.NewReader(head + body)), nil
		}
		return &endless{[]byte(head), []byte(body)}, nil
	}}
}

// neverHashed is a file that has no end at all.
func neverHashed() source.Input {
	return source.Input{Name: "sans-fin.csv", Open: func() (io.ReadCloser, error) {
		return &endless{nil, bytes.Repeat([]byte("a,b\n"), 1<<14)}, nil
	}}
}

// pbf is a PBF file whose second blob repeats.
func pbf() (head, blob string) {
	frame := func(kind string, data []byte) string {
		// Blob: raw = 1. BlobHeader: type = 1, datasize = 3.
		blob := append(binary.AppendUvarint([]byte{1<<3 | 2}, uint64(len(data))), data...)
		header := append(binary.AppendUvarint([]byte{1<<3 | 2}, uint64(len(kind))), kind...)
		header = binary.AppendUvarint(append(header, 3<<3), uint64(len(blob)))
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(header)))) + string(header) + string(blob)
	}
	// PrimitiveBlock: a table of strings (1) of none, a group (2) of ways (3) of no tags.
	group := bytes.Repeat([]byte{3<<3 | 2, 2, 1 << 3, 7}, 100_000)
	block := append([]byte{1<<3 | 2, 2, 1<<3 | 2, 0, 2<<3 | 2}, binary.AppendUvarint(nil, uint64(len(group)))...)
	return frame("OSMHeader", nil), frame("OSMData", append(block, group...))
}

// bomb is a gzip of XML comments, hundreds of times what it weighs: 3 GiB.
func bomb(t *testing.T) string {
	t.Helper()
	pack := func(text string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := io.WriteString(z, text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	return pack("<osm>") + strings.Repeat(pack(strings.Repeat("<!-- rien -->\n", 1<<21)), 100)
}

// longWorkbook is a workbook of ten million rows without a cell.
func longWorkbook(t *testing.T) source.Input {
	t.Helper()
	sheet := "<worksheet><sheetData>" + `<row><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>x</t></is></c></row>` + strings.Repeat("<row/>", 10_000_000)
	return sourcetest.Memory("x.xlsx", sourcetest.Stored(sourcetest.Member{Name: "xl/workbook.xml", Data: sourcetest.BookXML},
		sourcetest.Member{Name: "xl/_rels/workbook.xml.rels", Data: sourcetest.RelsXML}, sourcetest.Member{Name: "xl/worksheets/sheet2.xml", Data: sheet}))
}

// longGeometry is a GeoPackage of communes of two million positions each, in Lambert-93.
func longGeometry(t *testing.T) source.Input {
	t.Helper()
	const positions = 1_900_000
	body := binary.LittleEndian.AppendUint32([]byte{1, 3, 0, 0, 0, 1, 0, 0, 0}, positions)
	for i := range positions {
		body = binary.LittleEndian.AppendUint64(body, math.Float64bits(745_000+float64(i%1000)))
		body = binary.LittleEndian.AppendUint64(body, math.Float64bits(6_940_000+float64(i/1000)))
	}
	path := foreign(t, layerSQL("commune", 2154, communeColumns, "(1, NULL, '02408', 'Laon', 1), (2, NULL, '02409', 'Laon', 1), (3, NULL, '02410', 'Laon', 1)"))
	db := sqlite.Open(path, sqlite.Options{Mode: "rw"})
	defer db.Close()
	if _, err := db.Exec("UPDATE commune SET geom = ?", append([]byte{'G', 'P', 0, 1, 0, 0, 0, 0}, body...)); err != nil {
		t.Fatal(err)
	}
	return source.FromPath(path)
}

// until is how long a reader may go on once its context has ended. It looks at it every
// 100 ms of its own work; the rest is for a machine that does much else.
const until = time.Second

// TestStuckReaders gives each family of formats a file that it would never be done with,
// and ends its context after a while.
func TestStuckReaders(t *testing.T) {
	head, blob := pbf()
	gz, workbook, geometry := bomb(t), longWorkbook(t), longGeometry(t)
	for name, run := range map[string]func(context.Context) error{
		"hashing": func(ctx context.Context) error {
			return drain(outline.Secteurs(ctx, []source.Input{neverHashed()}, source.Options{}))
		},
		"hashing a table of moves": func(ctx context.Context) error {
			_, err := outline.ReadMoves(ctx, []source.Input{neverHashed()})
			return err
		},
		"CSV": func(ctx context.Context) error {
			return drain(outline.Secteurs(ctx, []source.Input{stuck("s.csv", "secteur,code,nom\n", "\n\n\n")}, source.Options{}))
		},
		"CSV, one line": func(ctx context.Context) error {
			return drain(outline.Secteurs(ctx, []source.Input{stuck("s.csv", "secteur,code,nom\n", "aaaaaaaa")}, source.Options{}))
		},
		"CSV of variables": func(ctx context.Context) error {
			return drain(stat.Variables(ctx, []source.Input{stuck("v.csv", "code,x\n02408,1\n", "\n")}, source.Options{MaxRejectShare: 1}))
		},
		"CSV of tournees": func(ctx context.Context) error {
			return drain(lieux.Tournees(ctx, []source.Input{stuck("t.csv", "tournee,nom,lieu_id,services,depot_lon,depot_lat,arret,commune,lon,lat,quand\n", "\n \n")}, source.Options{}))
		},
		"CSV of squares": func(ctx context.Context) error {
			return drain(squares.Population(ctx, []source.Input{stuck("p.csv", "idcar_200m,ind\n", "\n\n")}, source.Options{}))
		},
		"NDJSON": func(ctx context.Context) error {
			return drain(lieux.Lieux(ctx, []source.Input{stuck("l.json", `{"id":"1","nom":"a","services":"x","pivot":"1"}`+"\n", "\n\n\n")}, source.Options{}))
		},
		"JSON": func(ctx context.Context) error {
			return drain(lieux.Lieux(ctx, []source.Input{stuck("l.json", `[{"id":"1","nom":"a","services":"x","pivot":"1"}`, ` ,{"id":"1"}`)}, source.Options{}))
		},
		"GeoJSON": func(ctx context.Context) error {
			return drain(outline.Communes(ctx, []source.Input{stuck("c.geojson", `{"type":"FeatureCollection","x":[0`, `,0`)}, source.Options{}))
		},
		"OSM XML": func(ctx context.Context) error {
			return drain(osm.Roads(ctx, []source.Input{stuck("r.osm", `<osm>`, `<node id="1" lat="49" lon="3"/>`+"\n")}, source.Options{}))
		},
		"OSM XML in gzip": func(ctx context.Context) error {
			return drain(osm.Roads(ctx, []source.Input{sourcetest.Memory("r.osm.gz", []byte(gz))}, source.Options{}))
		},
		"OSM PBF": func(ctx context.Context) error {
			return drain(osm.Roads(ctx, []source.Input{stuck("r.osm.pbf", head, blob)}, source.Options{}))
		},
		"GeoPackage": func(ctx context.Context) error {
			return drain(outline.Communes(ctx, []source.Input{geometry}, source.Options{MaxRejectShare: 1}))
		},
		"XLSX": func(ctx context.Context) error {
			return drain(stat.Variables(ctx, []source.Input{workbook}, source.Options{MaxRejectShare: 1}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var ended time.Time
			timer := time.AfterFunc(300*time.Millisecond, func() { ended = time.Now(); cancel() })
			defer timer.Stop()
			err := run(ctx)
			if ctx.Err() == nil {
				t.Fatalf("ended by itself: %v; want a reader that goes on", err)
			}
			late := time.Since(ended)
			t.Logf("ended %v after its context", late.Round(time.Millisecond))
			if !errors.Is(err, context.Canceled) || late > until {
				t.Errorf("ended %v after its context with %v; want context.Canceled within %v", late, err, until)
			}
		})
	}
}

// drain reads an import to its end.
func drain[T any](imp *source.Import[T], err error) error {
	if err != nil {
		return err
	}
	for _, err = range imp.Rows {
	}
	return err
}
