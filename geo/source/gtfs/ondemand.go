package gtfs

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Template is a file of zones of transport on demand, to fill in.
const Template = "zone,nom,communes,contour,quand,preavis,telephone\n" +
	"tad-nord,Transport à la demande du Nord,02408|02468,,Mo-Fr 08:00-12:00,24 h,0300000000\n" +
	"tad-centre,Navette du centre,,\"POLYGON((3.60 49.55, 3.65 49.55, 3.65 49.58, 3.60 49.58, 3.60 49.55))\",Tu 14:00-17:00; Sa 09:00-12:00,90 min,\n"

var onDemandColumns = []string{"zone", "communes", "contour", "quand"}

// OnDemand reads CSV or XLSX files with one row per zone of transport on demand, where people
// ride from anywhere to anywhere when they have asked beforehand:
//
//	zone,nom,communes,contour,quand,preavis,telephone
//
// A zone is made of communes (codes, parted by | or ;) or drawn by an outline (WKT: POLYGON or
// MULTIPOLYGON, in degrees or the system of the options), as GIS programs write it in a table; columns of both must be there, one
// of them filled. quand is in the opening_hours syntax, or French prose, as for lieux. preavis
// is a number of minutes (min), hours (h) or days (j); telephone is that of the service.
//
// Rejected: no zone or one given twice, neither or both of communes and outline, a code of no
// commune, an outline that is none. Kept with a warning: a quand or preavis that is not
// understood, which are then unknown.
func OnDemand(ctx context.Context, in []source.Input, o source.Options) (*source.Import[transit.Zone], error) {
	return source.Open(ctx, store.OnDemand, in, o, sheet.Format, func(rec *source.Recorder, files []source.File, emit func(transit.Zone) error) error {
		seen := map[string]source.Address{}
		return sheet.EachRow(rec, files, onDemandColumns, func(r sheet.Row) error {
			z, bad := readZone(ctx, rec, o, r)
			if first, dup := seen[z.ID]; bad == nil && dup {
				bad = &source.Fault{Field: "zone", Value: z.ID, Reason: "zone déjà présente à " + first.String()}
			}
			if bad != nil {
				rec.Reject(r.Table.Name, r.Line, bad.Field, bad.Value, bad.Reason)
				return nil
			}
			seen[z.ID] = source.Address{File: r.Table.Name, Row: r.Line}
			return emit(z)
		})
	})
}

func readZone(ctx context.Context, rec *source.Recorder, o source.Options, r sheet.Row) (z transit.Zone, bad *source.Fault) {
	z = transit.Zone{ID: r.Get("zone"), Nom: r.Get("nom"), Service: -1, Line: -1, Notice: -1, Phone: r.Get("telephone")}
	communes, contour := source.SplitList(r.Get("communes")), r.Get("contour")
	switch {
	case z.ID == "":
		return z, &source.Fault{Field: "zone", Reason: "valeur absente ; attendu l'identifiant de la zone"}
	case len(z.ID) > maxID:
		return z, &source.Fault{Field: "zone", Value: z.ID, Reason: "identifiant de plus de 500 octets"}
	case len(communes) == 0 && contour == "":
		return z, &source.Fault{Field: "communes, contour", Reason: "valeurs absentes ; attendu les codes des communes desservies, ou un contour (WKT)"}
	case len(communes) > 0 && contour != "":
		return z, &source.Fault{Field: "communes, contour", Value: r.Get("communes"), Reason: "des communes et un contour ; attendu l'un ou l'autre"}
	}
	for _, text := range communes {
		code, padded := source.CommuneCode(text)
		if fault := source.CodeFault(code); fault != "" {
			return z, &source.Fault{Field: "communes", Value: text, Reason: fault}
		}
		if padded {
			rec.Warn(r.Table.Name, r.Line, "communes", text, "code sans son zéro initial ; lu "+code)
		}
		if code = o.Moves.Now(rec, r.Table.Name, r.Line, "communes", code); !slices.Contains(z.Communes, code) {
			z.Communes = append(z.Communes, code)
		}
	}
	if contour != "" {
		outline, value, reason := layer.OutlineOfText(ctx, contour, cmp.Or(o.CRS, geo.WGS84))
		if reason != "" {
			return z, &source.Fault{Field: "contour", Value: value, Reason: reason}
		}
		z.Area = rings(outline)
	}
	quand := r.Get("quand")
	hours, err := lieu.ParseHoraires(quand)
	if err != nil || quand == "" {
		reason := "jours et heures absents, inconnus ; attendu par exemple Mo-Fr 08:00-12:00"
		if h := (*lieu.HorairesError)(nil); errors.As(err, &h) {
			reason = "jours et heures non compris, inconnus ; " + h.AtReason()
		}
		rec.Warn(r.Table.Name, r.Line, "quand", quand, reason)
		hours = lieu.Horaires{Text: quand}
	}
	z.Hours = hours
	if text := r.Get("preavis"); text != "" {
		minutes, ok := parseNotice(text)
		if !ok {
			rec.Warn(r.Table.Name, r.Line, "preavis", text, "préavis non compris, inconnu ; attendu par exemple 90 min, 24 h ou 2 j")
		}
		z.Notice = minutes
	}
	return z, nil
}

var notice = regexp.MustCompile(`^(\d{1,4})\s*(min|minutes?|mn|h|heures?|j|jours?)\.?$`)

// parseNotice reads 90 min, 24 h, 2 jours as minutes; -1 when it is none of these.
func parseNotice(text string) (minutes int32, ok bool) {
	m := notice.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return -1, false
	}
	n, _ := strconv.Atoi(m[1]) // of four digits at most
	switch m[2][0] {
	case 'h':
		n *= 60
	case 'j':
		n *= 24 * 60
	}
	return int32(n), true
}
