package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/ifn"
)

// index tells what makes the index of the territoire.
func (p *territoirePage) index(snap *snapshot.Snapshot, ref admin.Ref) error {
	structure, err := edition.IndexStructure()
	if err != nil {
		return err
	}
	result, err := snap.IndexReport(edition.Scope{Level: ref.Type, Within: &ref}, structure, edition.IFNOptions(ref.Type))
	if err != nil {
		return err
	}
	row, ok := result.Find(ref.Code)
	if !ok {
		return nil
	}
	p.IndexSentence = row.Sentence() + "."
	if !row.Score.Known {
		return nil
	}
	p.Score = short(decimal.Two(row.Score.V))
	most := 0.0
	for _, point := range row.Points {
		most = math.Max(most, point.Contribution.V)
	}
	for _, v := range figures.Contributions(result, row) {
		point, src := &row.Points[v], &result.Sources[v]
		share := shareRow{Name: src.Nom, Value: valueText(point, src), Text: strings.Replace(strconv.FormatFloat(point.Contribution.V, 'f', 2, 64), ".", ",", 1),
			Source: strings.TrimSpace(src.Source + " " + src.Vintage)}
		if src.Proxy != "" {
			share.Source += " ; approché : " + src.Proxy
		}
		if most > 0 {
			share.Width = reply.Rounded(100*point.Contribution.V/most, 1)
		}
		p.Shares = append(p.Shares, share)
	}
	return nil
}

// valueText is the value of a variable, or those of its parts.
func valueText(point *ifn.Point, src *ifn.Source) string {
	if point.Value.Known {
		return french.Decimal(point.Value.V) + " " + src.Unit
	}
	var parts []string
	for k, part := range point.Parts {
		if part.Value.Known {
			parts = append(parts, french.Decimal(part.Value.V)+" "+src.Parts[k].Unit)
		}
	}
	return french.Listed(parts)
}
