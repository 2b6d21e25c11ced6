package page

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
)

// couches are, of what embeds show, the views of the map and what people read.
var couches = [...]struct {
	vue   legend.Measure
	label string
}{
	params.ZonesBlanches:  {legend.ClassMeasure, "Qui est loin d'une aide ? Zones blanches"},
	params.Temps:          {legend.TimeMeasure, "À combien de minutes ? Temps d'accès"},
	params.HeuresOuvertes: {legend.HourMeasure, "Ouvert combien d'heures ? Heures par semaine"},
	params.Fragilite:      {legend.IndexMeasure, "Qui a le plus besoin d'aide ? Fragilité numérique (IFN)"},
}

// embedParams are what an embed is asked.
type embedParams struct {
	params.QuestionIn
	Couche      params.Couche
	Integration string // id of a registration; empty: none is named
}

func (p *embedParams) Bind() []params.Binding {
	return append(p.QuestionIn.Bind(), params.Shown.To(&p.Couche), params.Integration.To(&p.Integration))
}

// values writes them as an address has them.
func (p embedParams) values(e *edition.Edition) url.Values {
	out := p.Question.Values(e)
	out.Set("territoire", p.Within.String())
	out.Set("couche", p.Couche.String())
	if p.Integration != "" {
		out.Set("integration", p.Integration)
	}
	return out
}

// embedKey is what makes the page: base is the address of the root.
type embedKey struct {
	embedParams
	base string
}

// embedPage is the page of an embed: its figures are there before any script.
type embedPage struct {
	Page             Page
	Kind, Nom, Title string
	Figure, Meaning  string
	Portion          string // which part is counted of a territoire that crosses the border
	When             string // the dates of timetables; empty by streets
	Caption          string
	Rows             []classRow
	Bar              bool
	Map              *drawing // nil: the measure is drawn by the script alone
	Table, MapHref   string
	Script           string   // empty: the map was not built
	Preload          []string // modules that the script begins with
	Ref, Bounds, Vue string
	Service, Mode    string
	Minutes, Hours   string
}

// Embed answers /embed: what a page of another site shows in a frame. Which sites may
// is in its content security policy.
func (s *Pages) Embed(ctx context.Context, snap *snapshot.Snapshot, r *params.Request, a embedParams) (*reply.Reply, error) {
	hosts, err := s.Desk.HostsOf(a.Integration)
	if err != nil {
		return nil, err
	}
	a.Within = snap.Ref(a.Within)
	made, err := snap.Cached(ctx, gate.Light, snapshot.KeyOf("embed", embedKey{a, r.Root}), func(ctx context.Context) (*reply.Reply, error) {
		p, err := s.embedPage(ctx, snap, a, r.Root)
		if err != nil {
			return nil, err
		}
		return Render("embed.html", p)
	})
	if err != nil {
		return nil, err
	}
	s.Desk.CountEmbed(r.Referer, r.Root, hosts)
	// Who may show it may change at any time: browsers ask again, and what they hold is
	// not taken for what is served under another policy.
	out := *made
	out.Cache = reply.CacheRevalid
	out.Policy = s.Policy(strings.Join(append([]string{"'self'"}, hosts...), " "))
	sum := sha256.Sum256([]byte(out.Policy))
	out.Tag = strings.TrimSuffix(out.Tag, `"`) + "-" + hex.EncodeToString(sum[:4]) + `"`
	return &out, nil
}

func (s *Pages) embedPage(ctx context.Context, snap *snapshot.Snapshot, a embedParams, base string) (*embedPage, error) {
	q, ref := a.Query, a.Within
	t, report, at, err := snap.RowOf(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	row := &report.Territoires[at]
	answer, err := snap.AnswerTo(ctx, q)
	if err != nil {
		return nil, err
	}
	question := a.Question.Values(snap.Edition)
	table := s.Base + "/territoires/" + ref.String()
	if len(question) > 0 {
		table += "?" + question.Encode()
	}
	p := &embedPage{Page: s.newPage(snap, q, frameTitle(t.Nom), ""), Kind: ref.Type.Label(), Nom: t.Nom, Title: frameTitle(t.Nom),
		Table: table, MapHref: s.Base + "/" + mapState(t.Ref, a.Couche, q), Script: s.Assets.Script, Preload: s.Assets.Preload,
		Ref: ref.String(), Vue: string(couches[a.Couche].vue), Service: q.Service.String(), Mode: q.Mode.String(),
		Minutes: params.PlainNumber(q.Cutoff.Minutes()), Hours: params.PlainNumber(q.MinHours),
		Bounds: fmt.Sprintf("%.5f,%.5f,%.5f,%.5f", t.Bounds.Min.Lon, t.Bounds.Min.Lat, t.Bounds.Max.Lon, t.Bounds.Max.Lat)}
	p.Page.OEmbed = oembedAddress(base, base+"/embed?"+a.values(snap.Edition).Encode())
	p.Portion = french.Sentence(cmp.Or(data.Portion(snap.Edition, row), row.Outlined()))
	p.When = p.Page.when()
	minutes := french.Decimal(q.Cutoff.Minutes())
	switch a.Couche {
	case params.ZonesBlanches:
		p.Figure, p.Meaning = french.Opened(french.Headline(q, row.Classes.Tally(), report.Params.Unnamed))
		p.Caption, p.Rows, p.Bar = "Habitants par classe", classRows(row, row, q), true
		if p.Map, err = drawTerritoire(snap, answer, t); err != nil {
			return nil, err
		}
	case params.Temps:
		p.Figure = frenchMinutes(row.Access, func(a *edition.AccessJSON) decimal.Two { return a.P50 })
		p.Meaning = fmt.Sprintf("de trajet au plus jusqu'à un lieu dont on sait qu'il rend ce service, pour la moitié des %s habitants", french.Count(row.Population))
		if q.Mode == geo.Transit {
			p.Meaning = fmt.Sprintf("d'aller au plus, attente comprise, vers un lieu dont on sait qu'il rend ce service, pour la moitié des %s habitants ; à pied où aucun bus ne le permet", french.Count(row.Population))
		}
		p.Caption, p.Rows = "Habitants selon le temps d'accès", bandRows(timeRows(snap.Edition, answer, t))
	case params.HeuresOuvertes:
		p.Figure = french.Unknown
		if row.Hours != nil {
			p.Figure = short(row.Hours.Mean) + " h"
		}
		p.Meaning = fmt.Sprintf("par semaine d'aide, d'horaires connus, à %s min au plus, en moyenne, pour %s habitants", minutes, french.Count(row.Population))
		if q.Mode == geo.Transit {
			p.Meaning = fmt.Sprintf("par semaine où être aidé et en revenir, d'horaires connus, à %s min au plus à l'aller comme au retour, en moyenne, pour %s habitants", minutes, french.Count(row.Population))
		}
		p.Caption, p.Rows = "Habitants selon l'ouverture à portée", bandRows(hoursRows(snap.Edition, answer, t))
	case params.Fragilite:
		p.Figure = french.Unknown
		if row.IFN != nil && row.IFN.Score != nil {
			p.Figure = short(*row.IFN.Score) + " sur 10"
		}
		p.Meaning = fmt.Sprintf("d'indice de fragilité numérique (IFN) pour %s habitants : plus il est élevé, plus ils risquent d'être en difficulté", french.Count(row.Population))
		p.Caption, p.Rows = "Habitants selon l'indice de leur commune", FragilityRows(snap.Edition, t)
	}
	return p, nil
}

func bandRows(bars []barRow) []classRow {
	rows := make([]classRow, len(bars))
	for i, b := range bars {
		rows[i] = classRow{Class: b.Class, Name: b.Name, People: b.People, Share: b.Share}
	}
	return rows
}

// frameTitle is the title of a frame, which tells it from others of the same page.
func frameTitle(nom string) string { return "Aide au numérique : " + nom }

// mapState is the fragment that opens the map on a territoire; see state.ts.
func mapState(ref admin.Ref, c params.Couche, q coverage.Query) string {
	out := "#service=" + q.Service.String() + "&mode=" + q.Mode.String() + "&t=" + params.PlainNumber(q.Cutoff.Minutes()) + "&h=" + params.PlainNumber(q.MinHours)
	if c != params.ZonesBlanches {
		out += "&vue=" + string(couches[c].vue)
	}
	return out + "&territoire=" + ref.String()
}

// The size of a frame that cannot ask for its own, CSS pixels: what an embed takes in a
// column of text.
const (
	FrameWidth  = 720
	frameHeight = 820
)

// frame is an iframe as HTML, to be pasted anywhere.
func frame(address, title, width string, height int) string {
	return fmt.Sprintf(`<iframe src="%s" title="%s" width="%s" height="%d" loading="lazy" style="border:0"></iframe>`,
		html.EscapeString(address), html.EscapeString(title), width, height)
}

// component is the web component as HTML. Where scripts do not run, its content is the
// link to the table.
func component(base string, a embedParams, e *edition.Edition, nom string) string {
	var attributes strings.Builder
	values := a.values(e)
	for _, name := range []string{"territoire", "couche", "integration", "service", "mode", "cutoff", "min_hours"} {
		if v := values.Get(name); v != "" {
			fmt.Fprintf(&attributes, ` %s="%s"`, name, html.EscapeString(v))
		}
	}
	title := html.EscapeString(frameTitle(nom))
	return fmt.Sprintf("<script src=\"%s/embed.js\" async></script>\n<maillage-carte%s title=\"%s\">\n  <a href=\"%s/territoires/%s\">%s, en tableaux</a>\n</maillage-carte>",
		html.EscapeString(base), attributes.String(), title, html.EscapeString(base), a.Within.String(), title)
}

// OembedJSON is a response of oEmbed 1.0, of type rich.
type OembedJSON struct {
	Version      string `json:"version"`
	Type         string `json:"type"`
	Title        string `json:"title"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"` // seconds
	HTML         string `json:"html"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
}

func oembedAddress(base, of string) string { return base + "/oembed?url=" + url.QueryEscape(of) }

type oembedParams struct {
	URL                 string // that is to be shown
	MaxWidth, MaxHeight int    // CSS pixels; 0: any
	Format              params.Format
	DoNotTrack          string
}

func (*oembedParams) Defaults(*edition.Edition) {}

func (p *oembedParams) Bind() []params.Binding {
	return []params.Binding{params.URL.To(&p.URL), params.MaxWidth.To(&p.MaxWidth), params.MaxHeight.To(&p.MaxHeight), params.OEmbedFormat.To(&p.Format), params.DoNotTrack.To(&p.DoNotTrack)}
}

// OEmbed answers /oembed: the frame that shows an address of this server.
func (s *Pages) OEmbed(_ context.Context, snap *snapshot.Snapshot, r *params.Request, p oembedParams) (*reply.Reply, error) {
	if p.Format != params.JSON {
		return nil, p.Format.Refused("pour oEmbed, il faut json")
	}
	a, err := s.embedded(snap, p.URL, r.Root)
	if err != nil {
		return nil, err
	}
	t, err := snap.Territoire(a.Within)
	if err != nil {
		return nil, err
	}
	width, height := fitting(FrameWidth, p.MaxWidth), fitting(frameHeight, p.MaxHeight)
	title := frameTitle(t.Nom)
	return reply.JSON(reply.TypeJSON, OembedJSON{"1.0", "rich", title, "maillage", r.Root + "/", 3600,
		frame(r.Root+"/embed?"+a.values(snap.Edition).Encode(), title, strconv.Itoa(width), height), width, height})
}

func fitting(size, most int) int {
	if most > 0 {
		return min(size, most)
	}
	return size
}

// embedded reads the address that an oEmbed request names: of the page of a territoire,
// or of an embed, on this server.
func (s *Pages) embedded(snap *snapshot.Snapshot, address, base string) (a embedParams, err error) {
	foreign := problem.New(problem.NotFound, "L'adresse « %s » n'est pas celle d'une carte de ce serveur ; il faut %s/territoires/… ou %s/embed?….", problem.Quotable(address), base, base)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return a, foreign
	}
	own, err := url.Parse(base)
	if err != nil || !strings.EqualFold(u.Host, own.Host) {
		return a, foreign
	}
	rest, ok := strings.CutPrefix(u.Path, own.Path)
	if !ok {
		return a, foreign
	}
	if rest == "/embed" {
		if a, err = params.Read[embedParams](u.RawQuery, snap.Edition); err != nil {
			return a, err
		}
		if _, err := s.Desk.HostsOf(a.Integration); err != nil {
			return a, err
		}
		a.Within = snap.Ref(a.Within)
		return a, nil
	}
	code, ok := strings.CutPrefix(rest, "/territoires/")
	if !ok {
		return a, foreign
	}
	if a.Question, err = params.Read[params.Question](u.RawQuery, snap.Edition); err != nil {
		return a, err
	}
	if a.Within, err = admin.ParseRef(code); err != nil {
		return a, foreign
	}
	return a, nil
}
