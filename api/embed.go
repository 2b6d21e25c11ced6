package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// couche is what an embed shows.
type couche uint8

const (
	coucheZones couche = iota
	coucheTemps
	coucheHeures
	coucheFragilite
)

// couches are their names in addresses, the views of the map and what people read.
var couches = [...]struct{ slug, vue, label string }{
	coucheZones:     {"zones-blanches", "classes", "Qui est loin d'une aide ? Zones blanches"},
	coucheTemps:     {"temps", "temps", "À combien de minutes ? Temps d'accès"},
	coucheHeures:    {"heures", "heures", "Ouvert combien d'heures ? Heures par semaine"},
	coucheFragilite: {"fragilite", "ifn", "Qui a le plus besoin d'aide ? Fragilité numérique (IFN)"},
}

func parseCouche(value string) (couche, bool) {
	i := slices.IndexFunc(couches[:], func(c struct{ slug, vue, label string }) bool { return c.slug == value })
	return couche(max(i, 0)), i >= 0
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
func (s *Server) getEmbed(ctx context.Context, snap *snapshot, r *request) (*reply, error) {
	hosts, err := s.hostsOf(r.asked.Integration)
	if err != nil {
		return nil, err
	}
	a := asked{Query: r.asked.Query, Within: snap.ref(r.asked.Within), Couche: r.asked.Couche, Integration: r.asked.Integration}
	made, err := snap.cached(ctx, replyKey{route: "embed", asked: a, arg: r.base}, func(ctx context.Context) (*reply, error) {
		p, err := s.embedPrint(ctx, snap, a, r.base)
		if err != nil {
			return nil, err
		}
		return render("embed.html", p)
	})
	if err != nil {
		return nil, err
	}
	s.countEmbed(r.referer, r.base, hosts)
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

func (s *Server) embedPrint(ctx context.Context, snap *snapshot, a asked, base string) (*embedPrint, error) {
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
	question := questionValues(q, snap.Edition)
	table := s.base + "/territoires/" + ref.String()
	if len(question) > 0 {
		table += "?" + question.Encode()
	}
	p := &embedPrint{Page: s.newPage(snap, q, frameTitle(t.Nom), ""), Kind: kindLabels[ref.Type], Nom: t.Nom, Title: frameTitle(t.Nom),
		Table: table, MapHref: s.base + "/" + mapState(t.Ref, a.Couche, q), Script: s.assets.script, Preload: s.assets.preload,
		Ref: ref.String(), Vue: couches[a.Couche].vue, Service: q.Service.String(), Mode: q.Mode.String(),
		Minutes: plainNumber(q.Cutoff.Minutes()), Hours: plainNumber(q.MinHours),
		Bounds: fmt.Sprintf("%.5f,%.5f,%.5f,%.5f", t.Bounds.Min.Lon, t.Bounds.Min.Lat, t.Bounds.Max.Lon, t.Bounds.Max.Lat)}
	p.Page.OEmbed = oembedAddress(base, base+"/embed?"+embedValues(a, snap.Edition).Encode())
	minutes := frenchDecimal(q.Cutoff.Minutes())
	switch a.Couche {
	case coucheZones:
		p.Figure = frenchCount(row.Classes.Blanche)
		p.Meaning = fmt.Sprintf("habitants sur %s (%s) sont à plus de %s min d'un lieu d'aide au numérique", frenchCount(row.Population),
			cmp.Or(frenchShare(row.Classes.Blanche, row.Population), "0"), minutes)
		p.Caption, p.Rows, p.Bar = "Habitants par classe", classRows(row, row, q), true
		if p.Map, err = snap.drawTerritoire(answer, t); err != nil {
			return nil, err
		}
	case coucheTemps:
		p.Figure = frenchMinutes(row.Access, func(a *edition.AccessJSON) float64 { return a.P50 })
		p.Meaning = fmt.Sprintf("de trajet jusqu'au lieu le plus proche pour la moitié des %s habitants", frenchCount(row.Population))
		p.Caption, p.Rows = "Habitants selon le temps d'accès", bandRows(timeRows(snap.Edition, answer, t))
	case coucheHeures:
		p.Figure = unknownWord
		if row.Hours != nil {
			p.Figure = frenchDecimal(row.Hours.Mean) + " h"
		}
		p.Meaning = fmt.Sprintf("par semaine d'aide ouverte à moins de %s min, en moyenne, pour %s habitants", minutes, frenchCount(row.Population))
		p.Caption, p.Rows = "Habitants selon l'ouverture à portée", bandRows(hoursRows(snap.Edition, answer, t))
	case coucheFragilite:
		p.Figure = unknownWord
		if row.IFN != nil && row.IFN.Score != nil {
			p.Figure = frenchDecimal(*row.IFN.Score) + " sur 10"
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

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// questionValues writes a question as parameters, without what is the edition's own.
func questionValues(q coverage.Query, e *edition.Edition) url.Values {
	out, own := url.Values{}, defaultQuery(e)
	if q.Service != own.Service {
		out.Set("service", q.Service.String())
	}
	if q.Mode != own.Mode {
		out.Set("mode", q.Mode.String())
	}
	if q.Cutoff != own.Cutoff {
		out.Set("cutoff", plainNumber(q.Cutoff.Minutes()))
	}
	if q.MinHours != own.MinHours {
		out.Set("min_hours", plainNumber(q.MinHours))
	}
	return out
}

// embedValues writes what an embed was asked as parameters of its address.
func embedValues(a asked, e *edition.Edition) url.Values {
	out := questionValues(a.Query, e)
	out.Set("territoire", a.Within.String())
	out.Set("couche", couches[a.Couche].slug)
	if a.Integration != "" {
		out.Set("integration", a.Integration)
	}
	return out
}

// mapState is the fragment that opens the map on a territoire; see state.ts.
func mapState(ref admin.Ref, c couche, q coverage.Query) string {
	out := "#service=" + q.Service.String() + "&mode=" + q.Mode.String() + "&t=" + plainNumber(q.Cutoff.Minutes()) + "&h=" + plainNumber(q.MinHours)
	if c != coucheZones {
		out += "&vue=" + couches[c].vue
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
func component(base string, a asked, e *edition.Edition, nom string) string {
	var attributes strings.Builder
	values := embedValues(a, e)
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

// getOEmbed answers /oembed: the frame that shows an address of this server.
func (s *Server) getOEmbed(_ context.Context, snap *snapshot, r *request) (*reply, error) {
	if r.asked.Format != formatJSON {
		return nil, problem.New(problem.Parameter, "Le paramètre « format » vaut « %s » ; pour oEmbed, il faut json.", formats[r.asked.Format])
	}
	a, err := s.embedded(snap, r)
	if err != nil {
		return nil, err
	}
	t, err := snap.territoire(a.Within)
	if err != nil {
		return nil, err
	}
	width, height := fitting(frameWidth, r.asked.MaxWidth), fitting(frameHeight, r.asked.MaxHeight)
	title := frameTitle(t.Nom)
	return jsonReply(typeJSON, oembedJSON{"1.0", "rich", title, "maillage", r.base + "/", 3600,
		frame(r.base+"/embed?"+embedValues(a, snap.Edition).Encode(), title, strconv.Itoa(width), height), width, height})
}

func fitting(size, most int) int {
	if most > 0 {
		return min(size, most)
	}
	return size
}

// embedded reads the address that an oEmbed request names: of the page of a territoire,
// or of an embed, on this server.
func (s *Server) embedded(snap *snapshot, r *request) (a asked, err error) {
	foreign := problem.New(problem.NotFound, "L'adresse « %s » n'est pas celle d'une carte de ce serveur ; il faut %s/territoires/… ou %s/embed?….", problem.Quotable(r.asked.URL), r.base, r.base)
	u, err := url.Parse(r.asked.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return a, foreign
	}
	own, err := url.Parse(r.base)
	if err != nil || !strings.EqualFold(u.Host, own.Host) {
		return a, foreign
	}
	rest, ok := strings.CutPrefix(u.Path, own.Path)
	if !ok {
		return a, foreign
	}
	if rest == "/embed" {
		if a, err = ask(u.RawQuery, embedParameters, snap.Edition); err != nil {
			return a, err
		}
		if _, err := s.hostsOf(a.Integration); err != nil {
			return a, err
		}
		a.Within = snap.ref(a.Within)
		return a, nil
	}
	code, ok := strings.CutPrefix(rest, "/territoires/")
	if !ok {
		return a, foreign
	}
	if a, err = ask(u.RawQuery, question, snap.Edition); err != nil {
		return a, err
	}
	if a.Within, err = admin.ParseRef(code); err != nil {
		return a, foreign
	}
	return a, nil
}

// embedParameters are those of an embed.
var embedParameters = append(slices.Clone(questionIn), "couche", "integration")

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
func (s *Server) getGenerator(_ context.Context, snap *snapshot, r *request) (*reply, error) {
	a := r.asked
	a.Within = snap.ref(a.Within)
	t, err := snap.territoire(a.Within)
	if err != nil {
		return nil, err
	}
	hosts, err := s.hostsOf(a.Integration)
	title := frameTitle(t.Nom)
	values := embedValues(a, snap.Edition).Encode()
	p := &generatorPrint{Page: s.newPage(snap, a.Query, "Intégrer une carte", ""), Nom: t.Nom, Title: title, Integration: a.Integration,
		Unknown: err != nil, Hosts: hosts, Component: component(r.base, a, snap.Edition, t.Nom), Frame: frame(r.base+"/embed?"+values, title, "100%", frameHeight),
		Preview: s.base + "/embed?" + values, Table: s.base + "/territoires/" + a.Within.String(), Address: r.base + "/api/v1/integrations",
		Minutes: plainNumber(a.Query.Cutoff.Minutes()), Hours: plainNumber(a.Query.MinHours)}
	if p.Unknown { // its preview would be a refusal
		without := a
		without.Integration = ""
		p.Preview = s.base + "/embed?" + embedValues(without, snap.Edition).Encode()
	}
	for i, c := range couches {
		p.Couches = append(p.Couches, option{c.slug, c.label, couche(i) == a.Couche})
	}
	for _, service := range lieu.AllServices() {
		p.Services = append(p.Services, option{service.String(), service.Label(), service == a.Query.Service})
	}
	for _, m := range snap.Params.Modes {
		p.Modes = append(p.Modes, option{m.String(), m.Label(), m == a.Query.Mode})
	}
	for _, level := range []admin.Type{admin.TypeDepartement, admin.TypeEPCI, admin.TypeSecteur, admin.TypeCommune} {
		group := optionGroup{Label: kindLabels[level]}
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
	embedEntry    = "src/embed.ts"
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
