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
		b.WriteString("</title>")
		colours := map[string]legend.Colour{}
		for _, row := range legend.Classes {
			colours[row.Class.String()] = row.Colour
		}
		for _, shape := range shapes {
			fmt.Fprintf(&b, `<path fill="%s" fill-rule="evenodd" d="%s"/>`, colours[shape.Class], shape.D)
		}
		for _, epci := range s.Division.EPCI {
			fmt.Fprintf(&b, `<path fill="none" stroke="%s" stroke-width="1.5" d="%s"/>`, legend.Ink, c.outline(epci.Outline))
		}
		b.WriteString("</svg>")
		return reply.New(reply.TypeSVG, []byte(b.String()))
	})
}
