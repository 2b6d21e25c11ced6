// Package page is what the server answers to be read without script: HTML from its
// templates, drawings as SVG, numbers and sentences as French writes them.
//
// A file tells one page: its parameters, its endpoint, what its template shows. Types that
// end in "Page" are what templates get; those of package data that end in "JSON" are the
// same facts for programs.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
)

// Pages are made by the server, to be read without script and printed. What they show is
// in tables; drawings repeat it.

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed pages.css
var pageStyle []byte

var pageTemplates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// Page is what every page has around its content.
type Page struct {
	Title    string
	Base     string // path of the root, without a slash at its end
	MapState string // fragment that opens the map where the page is about
	MapLabel string
	Edition  string
	Question string // French sentence
	Modelled []string
	// Timetables are sentences on what a question by timetable counts; nil by streets.
	Timetables []string
	Sources    string
	OEmbed     string // address of what shows the page elsewhere; empty: nothing does
}

// Pages makes the pages of a server.
type Pages struct {
	Base   string                        // path of the root, without a slash at its end
	Policy func(ancestors string) string // Content-Security-Policy of what ancestors may show
	Assets assets                        // of the map inside an embed
	Desk   *desk.Desk
}

func (p *Pages) newPage(snap *snapshot.Snapshot, q coverage.Query, title, state string) Page {
	out := Page{Title: title, Base: p.Base, MapState: state, MapLabel: "Voir sur la carte", Edition: snap.ID, Question: questionSentence(q),
		Modelled: snap.ModelledSentences(), Sources: data.Attribution(snap.Edition)}
	if t := snap.QueryJSON(q).Transit; t != nil {
		for _, s := range t.Sentences {
			out.Timetables = append(out.Timetables, french.Sentence(s))
		}
	}
	return out
}

// questionSentence says what the figures of a page answer.
func questionSentence(q coverage.Query) string {
	format := "%s, %s, à %s min au plus, ouvert %s h par semaine au moins."
	if q.Mode == geo.Transit {
		format = "%s, %s, à %s min au plus à l'aller comme au retour, %s h par semaine au moins où l'on peut y être et rentrer."
	}
	return fmt.Sprintf(format, q.Service.Label(),
		q.Mode.Phrase(), french.Decimal(q.Cutoff.Minutes()), french.Decimal(q.MinHours))
}

// Render makes the reply of a page.
func Render(name string, data any) (*reply.Reply, error) {
	var b bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return reply.New(reply.TypeHTML, b.Bytes())
}

// Accessibility is the declaration of accessibility, of a version of the program.
func (p *Pages) Accessibility(version string) (*reply.Reply, error) {
	return Render("accessibilite.html", accessPage{Page{Title: "Accessibilité", Base: p.Base, MapLabel: "Voir la carte"}, version})
}

// Style is the style of the pages.
func Style() (*reply.Reply, error) {
	return reply.New("text/css; charset=utf-8", append([]byte(legend.CSS()), pageStyle...))
}

// accessPage is the declaration of accessibility.
type accessPage struct {
	Page    Page
	Version string // of the program, as it names itself
}
