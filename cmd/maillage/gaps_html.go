package main

import (
	"html/template"
	"io"

	"github.com/aisne-numerique/maillage/geo/coverage"
	written "github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
)

// gapsPage is a page to print or to send: figures, units, sources, and what is
// modelled. It needs nothing from outside.
var gapsPage = template.Must(template.New("gaps").Funcs(template.FuncMap{
	"dec":   func(v float64) string { return decimal(v, 1) },
	"two":   tenths[written.Two],
	"tally": tally,
	"mode":  func(q edition.QueryJSON) string { return q.Mode.Phrase() },
}).Parse(`<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Analyse des écarts – édition {{.Report.Edition}}</title>
<style>
body{font:15px/1.4 system-ui,sans-serif;margin:2rem;color:#1b1b1f}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;margin-bottom:.5rem}
th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:right}th:nth-child(2),td:nth-child(2){text-align:left}
thead th{border-bottom:2px solid #333;vertical-align:bottom}footer{margin-top:1.5rem;font-size:13px;color:#444}
@media print{body{margin:0}thead{display:table-header-group}}
</style></head><body>
<h1>Qui est loin d'une aide au numérique ?</h1>
<p>{{.Report.Params.ServiceLabel}}, {{mode .Report.Params}}, à {{dec .Report.Params.CutoffMin}} min au plus, ouvert {{dec .Report.Params.MinHours}} h par semaine au moins{{if .Report.Params.Transit}} où l'on peut y être et rentrer{{end}}.</p>
{{with .Report.Params.Transit}}<p>{{range $i, $s := .Sentences}}{{if $i}} ; {{end}}{{$s}}{{end}}.</p>
{{end}}<table><caption>Habitants par classe</caption>
<thead><tr><th scope="col">Rang</th><th scope="col">Territoire</th><th scope="col">Habitants</th>{{range .Classes}}<th scope="col">{{.Label}}</th>{{end}}
{{with .Report.Params.Transit}}<th scope="col">Sans heure</th>{{end}}<th scope="col">{{$.IfKnown}}</th><th scope="col">Temps médian (min)</th><th scope="col">Heures par semaine</th><th scope="col">Lieux qui rendent ce service</th><th scope="col">IFN (0–10)</th></tr></thead>
<tbody>{{range .Rows}}<tr><td>{{.Rank}}</td><th scope="row">{{.Nom}}{{with .Partial}}<br><small>partie comptée : {{.Population}} habitants sur {{.Whole}}</small>{{end}}{{with .Outlined}}<br><small>{{.}}</small>{{end}}</th><td>{{.Population}}</td>{{range tally .}}<td>{{.}}</td>{{end}}{{if $.Report.Params.Transit}}<td>{{.NoHours}}</td>{{end}}<td>{{.ToCheck.People}}</td>
<td>{{with .Access}}{{two .P50}}{{else}}inconnu{{end}}</td><td>{{with .Hours}}{{two .Mean}}{{else}}inconnu{{end}}</td><td>{{.Lieux}}</td><td>{{with .IFN}}{{with .Score}}{{two .}}{{else}}inconnu{{end}}{{else}}inconnu{{end}}</td></tr>
{{end}}</tbody></table>
<footer><p>{{range .Classes}}{{.Label}} : {{.Meaning}}. {{end}}{{.IfKnown}} : {{.IfKnownMeaning}}.{{with .NoHours}} Sans heure : de la classe grise, {{.}}.{{end}}</p>
<p>Priorité = {{.Report.PriorityFormula}}. Édition {{.Report.Edition}}.</p>
<p>Sources : {{range $i, $m := .Inputs}}{{if $i}} ; {{end}}{{.Source}}{{with .Vintage}} ({{.}}){{end}}{{with .Licence}}, {{.}}{{end}}{{end}}.</p>
{{range .Report.Modelled}}<p><strong>Modélisé</strong> : {{.}}.</p>{{end}}</footer>
</body></html>
`))

func gapsHTML(w io.Writer, r *edition.GapReport, e *edition.Edition, q coverage.Query) error {
	noHours := ""
	if r.Params.Transit != nil {
		noHours = french.AnyNoHours(q)
	}
	return gapsPage.Execute(w, map[string]any{"Report": r, "Rows": export.ByRank(r), "Inputs": e.Inputs,
		"Classes": classMeanings(q), "IfKnown": legend.IfKnown, "IfKnownMeaning": ifKnownMeaning, "NoHours": noHours})
}
