package api

import (
	"github.com/aisne-numerique/maillage/api/gate"
	"slices"

	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/lieu"
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

// embedPrint is the page of an embed: its figures are there before any script.
type embedPrint struct {
	Page             page
	Kind, Nom, Title string
	Figure, Meaning  string
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

// getEmbed answers /embed: what a page of another site shows in a frame. Which sites may
// is in its content security policy.
func (s *Server) getEmbed(ctx context.Context, snap *snapshot, r *request, a embedParams) (*reply, error) {
	hosts, err := s.desk.HostsOf(a.Integration)
	if err != nil {
		return nil, err
	}
	a.Within = snap.ref(a.Within)
	made, err := snap.cached(ctx, gate.Light, keyOf("embed", embedKey{a, r.base}), func(ctx context.Context) (*reply, error) {
		p, err := s.embedPrint(ctx, snap, a, r.base)
		if err != nil {
			return nil, err
		}
		return render("embed.html", p)
	})
	if err != nil {
		return nil, err
	}
	s.desk.CountEmbed(r.referer, r.base, hosts)
	// Who may show it may change at any time: browsers ask again, and what they hold is
	// not taken for what is served under another policy.
	out := *made
	out.cache = cacheRevalid
	out.policy = contentPolicy(s.basemap, strings.Join(append([]string{"'self'"}, hosts...), " "))
	sum := sha256.Sum256([]byte(out.policy))
	out.tag = strings.TrimSuffix(out.tag, `"`) + "-" + hex.EncodeToString(sum[:4]) + `"`
	return &out, nil
}

// ref is a territoire that was asked for, or the whole département.
func (s *snapshot) ref(asked admin.Ref) admin.Ref {
	if asked != (admin.Ref{}) {
		return asked
	}
	for _, t := range s.Division.Territoires(admin.TypeDepartement) {
		return t.Ref
	}
	return asked
}

func (s *Server) embedPrint(ctx context.Context, snap *snapshot, a embedParams, base string) (*embedPrint, error) {
	q, ref := a.Query, a.Within
	t, report, at, err := snap.rowOf(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	row := &report.Territoires[at]
	answer, err := snap.answer(ctx, q)
	if err != nil {
		return nil, err
	}
	question := a.Question.Values(snap.Edition)
	table := s.base + "/territoires/" + ref.String()
	if len(question) > 0 {
		table += "?" + question.Encode()
	}
	p := &embedPrint{Page: s.newPage(snap, q, frameTitle(t.Nom), ""), Kind: ref.Type.Label(), Nom: t.Nom, Title: frameTitle(t.Nom),
		Table: table, MapHref: s.base + "/" + mapState(t.Ref, a.Couche, q), Script: s.assets.script, Preload: s.assets.preload,
		Ref: ref.String(), Vue: string(couches[a.Couche].vue), Service: q.Service.String(), Mode: q.Mode.String(),
		Minutes: params.PlainNumber(q.Cutoff.Minutes()), Hours: params.PlainNumber(q.MinHours),
		Bounds: fmt.Sprintf("%.5f,%.5f,%.5f,%.5f", t.Bounds.Min.Lon, t.Bounds.Min.Lat, t.Bounds.Max.Lon, t.Bounds.Max.Lat)}
	p.Page.OEmbed = oembedAddress(base, base+"/embed?"+a.values(snap.Edition).Encode())
	minutes := frenchDecimal(q.Cutoff.Minutes())
	switch a.Couche {
	case params.ZonesBlanches:
		p.Figure = frenchCount(row.Classes.Blanche)
		p.Meaning = fmt.Sprintf("habitants sur %s (%s) sont à plus de %s min d'un lieu d'aide au numérique", frenchCount(row.Population),
			cmp.Or(frenchShare(row.Classes.Blanche, row.Population), "0"), minutes)
		p.Caption, p.Rows, p.Bar = "Habitants par classe", classRows(row, row, q), true
		if p.Map, err = snap.drawTerritoire(answer, t); err != nil {
			return nil, err
		}
	case params.Temps:
		p.Figure = frenchMinutes(row.Access, func(a *edition.AccessJSON) decimal.Two { return a.P50 })
		p.Meaning = fmt.Sprintf("de trajet jusqu'au lieu le plus proche pour la moitié des %s habitants", frenchCount(row.Population))
		p.Caption, p.Rows = "Habitants selon le temps d'accès", bandRows(timeRows(snap.Edition, answer, t))
	case params.HeuresOuvertes:
		p.Figure = unknownWord
		if row.Hours != nil {
			p.Figure = frenchDecimal(float64(row.Hours.Mean)) + " h"
		}
		p.Meaning = fmt.Sprintf("par semaine d'aide ouverte à moins de %s min, en moyenne, pour %s habitants", minutes, frenchCount(row.Population))
		p.Caption, p.Rows = "Habitants selon l'ouverture à portée", bandRows(hoursRows(snap.Edition, answer, t))
	case params.Fragilite:
		p.Figure = unknownWord
		if row.IFN != nil && row.IFN.Score != nil {
			p.Figure = frenchDecimal(float64(*row.IFN.Score)) + " sur 10"
		}
		p.Meaning = fmt.Sprintf("d'indice de fragilité numérique (IFN) pour %s habitants : plus il est élevé, plus ils risquent d'être en difficulté", frenchCount(row.Population))
		p.Caption, p.Rows = "Habitants selon l'indice de leur commune", fragilityRows(snap.Edition, t)
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
	frameWidth  = 720
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

// oembedJSON is a response of oEmbed 1.0, of type rich.
type oembedJSON struct {
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

// getOEmbed answers /oembed: the frame that shows an address of this server.
func (s *Server) getOEmbed(_ context.Context, snap *snapshot, r *request, p oembedParams) (*reply, error) {
	if p.Format != params.JSON {
		return nil, p.Format.Refused("pour oEmbed, il faut json")
	}
	a, err := s.embedded(snap, p.URL, r.base)
	if err != nil {
		return nil, err
	}
	t, err := snap.territoire(a.Within)
	if err != nil {
		return nil, err
	}
	width, height := fitting(frameWidth, p.MaxWidth), fitting(frameHeight, p.MaxHeight)
	title := frameTitle(t.Nom)
	return jsonReply(typeJSON, oembedJSON{"1.0", "rich", title, "maillage", r.base + "/", 3600,
		frame(r.base+"/embed?"+a.values(snap.Edition).Encode(), title, strconv.Itoa(width), height), width, height})
}

func fitting(size, most int) int {
	if most > 0 {
		return min(size, most)
	}
	return size
}

// embedded reads the address that an oEmbed request names: of the page of a territoire,
// or of an embed, on this server.
func (s *Server) embedded(snap *snapshot, address, base string) (a embedParams, err error) {
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
		if _, err := s.desk.HostsOf(a.Integration); err != nil {
			return a, err
		}
		a.Within = snap.ref(a.Within)
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

// generatorPrint is the page that writes what to paste.
type generatorPrint struct {
	Page             page
	Groups           []optionGroup
	Couches          []option
	Services, Modes  []option
	Minutes, Hours   string
	MaxMinutes       string
	Integration      string
	Unknown          bool // the registration that is named
	Hosts            []string
	Nom, Title       string
	Component, Frame string
	Preview, Table   string
	Address          string // of the API
}

type optionGroup struct {
	Label   string
	Options []option
}

type option struct {
	Value, Label string
	Selected     bool
}

// getGenerator answers /integrer: a form, what to paste, and what it will look like.
func (s *Server) getGenerator(_ context.Context, snap *snapshot, r *request, a embedParams) (*reply, error) {
	a.Within = snap.ref(a.Within)
	t, err := snap.territoire(a.Within)
	if err != nil {
		return nil, err
	}
	hosts, err := s.desk.HostsOf(a.Integration)
	title := frameTitle(t.Nom)
	values := a.values(snap.Edition).Encode()
	p := &generatorPrint{Page: s.newPage(snap, a.Query, "Intégrer une carte", ""), Nom: t.Nom, Title: title, Integration: a.Integration,
		Unknown: err != nil, Hosts: hosts, Component: component(r.base, a, snap.Edition, t.Nom), Frame: frame(r.base+"/embed?"+values, title, "100%", frameHeight),
		Preview: s.base + "/embed?" + values, Table: s.base + "/territoires/" + a.Within.String(), Address: r.base + "/api/v1/integrations",
		Minutes: params.PlainNumber(a.Query.Cutoff.Minutes()), Hours: params.PlainNumber(a.Query.MinHours)}
	if p.Unknown { // its preview would be a refusal
		without := a
		without.Integration = ""
		p.Preview = s.base + "/embed?" + without.values(snap.Edition).Encode()
	}
	for _, c := range params.Couches() {
		p.Couches = append(p.Couches, option{c.String(), couches[c].label, c == a.Couche})
	}
	for _, service := range lieu.AllServices() {
		p.Services = append(p.Services, option{service.String(), service.Label(), service == a.Query.Service})
	}
	for _, m := range snap.Params.Modes {
		p.Modes = append(p.Modes, option{m.String(), m.Label(), m == a.Query.Mode})
	}
	levels := snap.Levels() // commune, EPCI, sets, département: from the largest, communes last
	for _, level := range slices.Concat(levels[len(levels)-1:], levels[1:len(levels)-1], levels[:1]) {
		group := optionGroup{Label: level.Label()}
		for _, t := range snap.Division.Territoires(level) {
			group.Options = append(group.Options, option{t.Ref.String(), t.Nom, t.Ref == a.Within})
		}
		if len(group.Options) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	out, err := render("integrer.html", p)
	if err == nil {
		out.cache = cacheRevalid
	}
	return out, err
}

// accessPrint is the declaration of accessibility.
type accessPrint struct {
	Page    page
	Version string // of the program, as it names itself
}

// assets are the files that the page of an embed begins with, as paths from the root.
type assets struct {
	script  string
	preload []string
}

// embedEntry is the module of the map inside an embed, and embedManifest is where Vite
// says which file it became.
const (
	embedEntry    = "src/embed/frame.ts"
	embedManifest = ".manifest.json"
)

// readAssets finds the files of the map inside an embed; none when it was not built.
func readAssets(files fs.FS) (a assets, err error) {
	if files == nil {
		return a, nil
	}
	data, err := fs.ReadFile(files, embedManifest)
	if err != nil {
		return a, fmt.Errorf("read the map: %w", err)
	}
	var chunks map[string]struct {
		File    string   `json:"file"`
		Imports []string `json:"imports"`
	}
	if err := json.Unmarshal(data, &chunks); err != nil {
		return a, fmt.Errorf("read the map: %s: %w", embedManifest, err)
	}
	entry, ok := chunks[embedEntry]
	if !ok {
		return a, fmt.Errorf("read the map: %s: no %s", embedManifest, embedEntry)
	}
	a.script = entry.File
	for _, name := range entry.Imports {
		a.preload = append(a.preload, chunks[name].File)
	}
	return a, nil
}
