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

// index tells what makes the index of the territoire, under weights as an address has them.
func (p *territoirePage) index(snap *snapshot.Snapshot, ref admin.Ref, weights string) error {
	structure, err := edition.IndexStructure()
	if err != nil {
		return err
	}
	o := edition.IFNOptions(ref.Type)
	if weights != "" {
		if o.Weights, err = ifn.ParseWeightList(weights, structure); err != nil {
			return err
		}
		p.ChosenWeights = chosenWeights(structure, o.Weights)
	}
	result, err := snap.IndexReport(edition.Scope{Level: ref.Type, Within: &ref}, structure, o)
	if err != nil {
		return err
	}
	row, ok := result.Find(ref.Code)
	if !ok {
		return nil
	}
	p.IndexSentence = row.Sentence() + "."
	p.Scores = scoreRows(row)
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
		if src.Old != "" {
			share.Source += " ; " + src.Old
		}
		if most > 0 {
			share.Width = reply.Rounded(100*point.Contribution.V/most, 1)
		}
		p.Shares = append(p.Shares, share)
	}
	return nil
}

// scoreRows are the index and its two halves, each with how much of it is known.
func scoreRows(row *ifn.Row) []scoreRow {
	text := func(v ifn.Value) string {
		if !v.Known {
			return french.Unknown
		}
		return short(decimal.Two(v.V)) + " sur 10"
	}
	known := func(share float64) string { return french.Share(int(math.Round(1000*share)), 1000) + " du poids connu" }
	rows := []scoreRow{{"Indice général", text(row.Score), known(row.Completeness)}}
	for _, sub := range row.Subs {
		rows = append(rows, scoreRow{sub.Nom, text(sub.Score), known(sub.Completeness)})
	}
	return rows
}

// chosenWeights names what weighs otherwise than in the structure; empty: nothing does.
func chosenWeights(s *ifn.Structure, w ifn.Weights) string {
	var names []string
	name := func(chosen map[string]float64, id, nom string, own float64) {
		if weight, ok := chosen[id]; ok && weight != own {
			names = append(names, nom+" "+french.Decimal(weight)+" au lieu de "+french.Decimal(own))
		}
	}
	for _, sub := range s.SubIndices {
		name(w.SubIndices, sub.ID, sub.Nom, sub.Weight)
		for _, v := range sub.Variables {
			name(w.Variables, v.ID, v.Nom, v.Weight)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Poids choisis, pas ceux de la feuille de route : " + strings.Join(names, " ; ") + "."
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
