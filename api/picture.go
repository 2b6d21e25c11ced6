package api

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// classColours are those of the map, which a picture must hold itself.
var classColours = map[coverage.Class]string{
	coverage.Couverte: "#bfe3dc", coverage.Grise: "#e2a033", coverage.Blanche: "#8a1250", coverage.Inconnue: "#ccd4e2",
}

// getPicture answers /carte.svg: the classes of the département, or of a territoire, as a
// picture that fills its bounds. The home page shows it until its map can be drawn.
func getPicture(ctx context.Context, s *snapshot, r *request) (*reply, error) {
	a := asked{Query: r.asked.Query, Within: r.asked.Within}
	return s.cached(ctx, replyKey{route: "picture", asked: a}, func(ctx context.Context) (*reply, error) {
		t := s.Division.Territoires(admin.TypeDepartement)[0]
		if a.Within != (admin.Ref{}) {
			var ok bool
			if t, ok = s.Division.Find(a.Within); !ok {
				return nil, &edition.UnknownTerritoireError{Ref: a.Within}
			}
		}
		answer, err := s.answer(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		const width, most = 1000, 6000
		cells, err := s.classCells(answer, t, most)
		if err != nil {
			return nil, err
		}
		rings := map[coverage.Class][][]geo.LonLat{}
		for _, cell := range cells {
			rings[cell.class] = append(rings[cell.class], cell.ring)
		}
		c := fittedCanvas(t.Bounds, width)
		var b strings.Builder
		fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d"><title>`, c.width, c.height)
		if err := xml.EscapeText(&b, []byte("Classes d'accès, "+t.Nom+" : "+questionSentence(a.Query))); err != nil {
			return nil, err
		}
		b.WriteString("</title>")
		for _, class := range coverage.Classes {
			fmt.Fprintf(&b, `<path fill="%s" d="%s"/>`, classColours[class], c.path(rings[class]...))
		}
		for _, epci := range s.Division.EPCI {
			fmt.Fprintf(&b, `<path fill="none" stroke="#14213d" stroke-width="1.5" d="%s"/>`, c.outline(epci.Outline))
		}
		b.WriteString("</svg>")
		return newReply(typeSVG, []byte(b.String()))
	})
}
