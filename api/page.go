package api

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// Pages are made by the server, to be read without script and printed. What they show is
// in tables; drawings repeat it.

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed pages.css
var pageStyle []byte

var pageTemplates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// page is what every page has around its content.
type page struct {
	Title    string
	Base     string // path of the root, without a slash at its end
	MapState string // fragment that opens the map where the page is about
	MapLabel string
	Edition  string
	Question string // French sentence
	Modelled []string
	Sources  string
	OEmbed   string // address of what shows the page elsewhere; empty: nothing does
}

func (s *Server) newPage(snap *snapshot, q coverage.Query, title, state string) page {
	return page{Title: title, Base: s.base, MapState: state, MapLabel: "Voir sur la carte", Edition: snap.ID, Question: questionSentence(q),
		Modelled: snap.ModelledSentences(), Sources: attribution(snap.Edition)}
}

// questionSentence says what the figures of a page answer.
func questionSentence(q coverage.Query) string {
	return fmt.Sprintf("%s, %s, à %s min au plus, ouvert %s h par semaine au moins.", q.Service.Label(),
		q.Mode.Phrase(), frenchDecimal(q.Cutoff.Minutes()), frenchDecimal(q.MinHours))
}

// render makes the reply of a page.
func render(name string, data any) (*reply, error) {
	var b bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return newReply(typeHTML, b.Bytes())
}

// getPageStyle answers the style of the pages.
func (s *Server) getPageStyle(c echo.Context) error { return send(c, s.style) }

// thin is the narrow no-break space that French writes between thousands.
const thin = "\u202f"

func frenchCount(n int) string {
	text := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, text = "−", text[1:]
	}
	var groups []string
	for len(text) > 3 {
		groups = append([]string{text[len(text)-3:]}, groups...)
		text = text[:len(text)-3]
	}
	return sign + strings.Join(append([]string{text}, groups...), thin)
}

func frenchSigned(n int) string {
	if n > 0 {
		return "+" + frenchCount(n)
	}
	return frenchCount(n)
}

// frenchDecimal writes one decimal at most.
func frenchDecimal(v float64) string {
	return strings.Replace(strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64), ".", ",", 1)
}

func frenchShare(part, whole int) string {
	if whole == 0 {
		return ""
	}
	percent := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && percent < 0.1:
		return "< 0,1" + thin + "%"
	case part < whole && percent > 99.9:
		return "> 99,9" + thin + "%"
	}
	return frenchDecimal(percent) + thin + "%"
}

const unknownWord = "inconnu"

func frenchMinutes(v *edition.AccessJSON, of func(*edition.AccessJSON) decimal.Two) string {
	if v == nil {
		return unknownWord
	}
	return frenchDecimal(float64(of(v))) + " min"
}

// drawing is a map as SVG: what a page shows of the ground.
type drawing struct {
	Width, Height  int
	Label, Caption string
	Cells          []shape
	Outlines       []string
	Marks          []dot
}

type shape struct{ Class, D string }

type dot struct {
	Class   string
	X, Y, R float64
	Nom     string
}

// canvas projects positions onto a drawing: a plane at the latitude of its middle, which
// is as good as any for a département.
type canvas struct {
	west, north    float64
	scaleX, scaleY float64
	width, height  int
}

// newCanvas leaves a margin of 3 % around the bounds.
func newCanvas(b geo.Bounds, width int) canvas {
	margin := 0.03 * math.Max(b.Max.Lon-b.Min.Lon, b.Max.Lat-b.Min.Lat)
	return fittedCanvas(geo.Bounds{Min: geo.LonLat{Lon: b.Min.Lon - margin, Lat: b.Min.Lat - margin},
		Max: geo.LonLat{Lon: b.Max.Lon + margin, Lat: b.Max.Lat + margin}}, width)
}

func fittedCanvas(b geo.Bounds, width int) canvas {
	west, east, south, north := b.Min.Lon, b.Max.Lon, b.Min.Lat, b.Max.Lat
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := float64(width) / ((east - west) * shrink)
	return canvas{west: west, north: north, scaleX: scale * shrink, scaleY: scale, width: width, height: int(math.Ceil((north - south) * scale))}
}

func (c canvas) at(lon, lat float64) (x, y float64) {
	return rounded((lon-c.west)*c.scaleX, 1), rounded((c.north-lat)*c.scaleY, 1)
}

// path writes rings as one SVG path; points nearer than half a unit are left out.
func (c canvas) path(rings ...[]geo.LonLat) string {
	var b strings.Builder
	for _, ring := range rings {
		lastX, lastY := math.Inf(1), math.Inf(1)
		for i, p := range ring {
			x, y := c.at(p.Lon, p.Lat)
			if i > 0 && math.Abs(x-lastX) < 0.5 && math.Abs(y-lastY) < 0.5 {
				continue
			}
			command := "L"
			if i == 0 {
				command = "M"
			}
			fmt.Fprintf(&b, "%s%g %g", command, x, y)
			lastX, lastY = x, y
		}
		b.WriteString("Z")
	}
	return b.String()
}

func (c canvas) outline(mp orb.MultiPolygon) string {
	var rings [][]geo.LonLat
	for _, polygon := range mp {
		for _, ring := range polygon {
			points := make([]geo.LonLat, len(ring))
			for i, p := range ring {
				points[i] = geo.LonLat{Lon: p[0], Lat: p[1]}
			}
			rings = append(rings, points)
		}
	}
	return c.path(rings...)
}
