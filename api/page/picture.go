package page

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
)

// Picture answers /carte.svg: the classes of the département, or of a territoire, as a
// picture that fills its bounds. The home page shows it until its map can be drawn.
func Picture(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, a params.QuestionIn) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("picture", a), func(ctx context.Context) (*reply.Reply, error) {
		t, err := s.Territoire(s.Ref(a.Within))
		if err != nil {
			return nil, err
		}
		answer, err := s.AnswerTo(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		const width, most = 1000, 2000
		c := fittedCanvas(t.Bounds, width)
		shapes, err := classShapes(s, answer, t, c, most)
		if err != nil {
			return nil, err
		}
		var b strings.Builder
		fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d"><title>`, c.width, c.height)
		if err := xml.EscapeText(&b, []byte("Classes d'accès, "+t.Nom+" : "+questionSentence(a.Query))); err != nil {
			return nil, err
		}
		b.WriteString("</title><desc>")
		for _, row := range legend.Classes {
			if err := xml.EscapeText(&b, []byte(row.Label+" : "+french.Meaning(row.Class, a.Query)+". ")); err != nil {
				return nil, err
			}
		}
		b.WriteString("</desc>")
		// What is unknown is hatched, as on the map.
		fmt.Fprintf(&b, `<defs><pattern id="inconnue" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="%s"/><path stroke="%s" stroke-width="1.6" d="M-1 1 L1 -1 M-1 7 L7 -1 M5 7 L7 5"/></pattern></defs>`,
			legend.OfClass(coverage.Inconnue), legend.Hatch)
		fills := map[string]string{}
		for _, row := range legend.Classes {
			fills[row.Class.String()] = string(row.Colour)
		}
		fills[coverage.Inconnue.String()] = "url(#inconnue)"
		for _, shape := range shapes {
			fmt.Fprintf(&b, `<path fill="%s" fill-rule="evenodd" d="%s"/>`, fills[shape.Class], shape.D)
		}
		for _, epci := range s.Division.EPCI {
			fmt.Fprintf(&b, `<path fill="none" stroke="%s" stroke-width="1.5" d="%s"/>`, legend.Ink, c.outline(epci.Outline))
		}
		b.WriteString("</svg>")
		return reply.New(reply.TypeSVG, []byte(b.String()))
	})
}
