package api

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// An embed is a page in a frame of another site: a map as a drawing, its figures, and links
// to the map and to the same in tables. It has no map that moves: several on a page, on an
// old telephone, must be light.

//go:embed pages/embed.js
var embedScript []byte

//go:embed pages/embed-frame.js
var embedFrameScript []byte

// couches are what an embed may show.
var couches = []couche{
	{"acces", "Accès aux lieux"}, {"zones-blanches", "Zones blanches"}, {"lieux", "Lieux de médiation"},
}

type couche struct{ name, title string }

// askEmbed reads the parameters of an embed.
func askEmbed(query string, accepts []string, snap *snapshot) (asked, error) {
	return askFrom(query, accepts, snap.Edition, asked{Query: defaultQuery(snap.Edition), Couche: couches[0].name})
}

// integration is the sites that may show embeds under a key.
type integration struct {
	ID    string   `json:"id,omitempty"`
	Nom   string   `json:"nom"`
	Sites []string `json:"sites"` // hosts, with a port where it is not the usual one
}

// host is one exact host: what a frame-ancestors directive can hold and nothing else.
var host = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::[0-9]{1,5})?$`)

const mostSites = 30

// check reads the sites as people write them, whole addresses too.
func (i *integration) check() error {
	var sites []string
	for _, site := range i.Sites {
		text := strings.ToLower(strings.TrimSpace(site))
		if text == "" {
			continue
		}
		if u, err := url.Parse(text); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			text = u.Host
		}
		if !host.MatchString(text) || len(text) > 255 {
			return faultf(kindParameter, "Le site « %s » ne peut pas être autorisé ; il faut son nom exact, comme www.agglo-exemple.fr, sans étoile ni chemin (un nom accentué s'écrit xn--…).", quotable(site))
		}
		if !slices.Contains(sites, text) {
			sites = append(sites, text)
		}
	}
	if len(sites) == 0 || len(sites) > mostSites {
		return faultf(kindParameter, "Il y a %d sites ; il faut en nommer de 1 à %d.", len(sites), mostSites)
	}
	i.Sites = sites
	return nil
}

// embedPolicy says who may show an embed: pages of this server, and the sites of a key.
func (s *Server) embedPolicy(key string) string {
	policy := s.policy[0]
	if sites := s.seen().integrations[key]; key != "" && len(sites) > 0 {
		policy += " " + strings.Join(sites, " ")
	}
	return policy
}

// embedParams are what an embed accepts.
var embedParams = append(slices.Clone(questionIn), "couche", "cle")

// embedPage is the page in the frame.
type embedPage struct {
	Page         page
	Nom, Lead    string
	Map          *drawing
	Classes      []classRow
	Zones        []zoneRow
	Table, OnMap string
	Head         string
}

// getEmbed answers /embed.
func (s *Server) getEmbed(c echo.Context) error {
	snap := pinned(c)
	if snap == nil {
		return notReady()
	}
	a, err := askEmbed(c.Request().URL.RawQuery, embedParams, snap)
	if err != nil {
		return err
	}
	key := a.Key
	a.Key = ""
	c.Response().Header()["Content-Security-Policy"] = []string{s.embedPolicy(key)}
	s.count("integration")
	origin := s.origin(c)
	r, err := snap.cached(c.Request().Context(), replyKey{route: "embed", asked: a, arg: origin}, func(ctx context.Context) (*reply, error) {
		p, err := s.embed(ctx, snap, a, origin)
		if err != nil {
			return nil, err
		}
		return render("embed.html", p)
	})
	if err != nil {
		return err
	}
	return send(c, r)
}

// place is the territoire that is asked for, the département when none is.
func (s *snapshot) place(ref admin.Ref) (admin.Territoire, error) {
	if ref == (admin.Ref{}) {
		return s.Division.Territoires(admin.TypeDepartement)[0], nil
	}
	t, ok := s.Division.Find(ref)
	if !ok {
		return t, &edition.UnknownTerritoireError{Ref: ref}
	}
	return t, nil
}

func (s *Server) embed(ctx context.Context, snap *snapshot, a asked, origin string) (*embedPage, error) {
	t, err := snap.place(a.Within)
	if err != nil {
		return nil, err
	}
	report, err := snap.report(ctx, a.Query, t.Type)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(report.Territoires, func(r edition.GapRow) bool { return r.Code == t.Code })
	if at < 0 {
		return nil, &edition.UnknownTerritoireError{Ref: t.Ref}
	}
	row := &report.Territoires[at]
	whole, err := snap.report(ctx, a.Query, admin.TypeDepartement)
	if err != nil {
		return nil, err
	}
	answer, err := snap.answer(ctx, a.Query)
	if err != nil {
		return nil, err
	}
	p := &embedPage{Page: s.newPage(snap, a.Query, t.Nom, ""), Nom: t.Nom, Table: s.base + "/territoires/" + t.Ref.String(), OnMap: s.base + "/"}
	p.Page.OEmbed = oembedOf(origin, embedAddress(origin, a.Couche, t.Ref, ""))
	if t.Type != admin.TypeDepartement {
		p.OnMap += "#territoire=" + url.QueryEscape(t.Ref.String())
	}
	if p.Map, err = snap.drawTerritoire(answer, t); err != nil {
		return nil, err
	}
	p.Map.Caption = ""
	minutes := frenchDecimal(a.Query.Cutoff.Minutes())
	switch a.Couche {
	case "zones-blanches":
		p.Map.Cells = slices.DeleteFunc(p.Map.Cells, func(c shape) bool { return c.Class != coverage.Blanche.String() })
		p.Map.Label = "Carte des zones blanches : " + t.Nom
		p.Lead = fmt.Sprintf("%s habitants (%s) vivent à plus de %s min d'un lieu.", frenchCount(row.Classes.Blanche), frenchShare(row.Classes.Blanche, row.Population), minutes)
		var zones territoirePrint
		zones.zones(snap, answer, t)
		p.Zones = zones.Zones[:min(5, len(zones.Zones))]
	case "lieux":
		p.Map.Cells = nil
		p.Map.Label = "Carte des lieux : " + t.Nom
		unknown := 0
		for i := range p.Map.Marks {
			mark := &p.Map.Marks[i]
			mark.R *= 2 // they are what is shown
			if strings.Contains(mark.Class, "inconnu") {
				unknown++
			}
		}
		p.Lead = fmt.Sprintf("%d lieux et arrêts rendent ce service ; horaires inconnus (points creux) : %d.", len(p.Map.Marks), unknown)
	default:
		p.Classes = classRows(row, &whole.Territoires[0], a.Query)
		p.Lead = fmt.Sprintf("%s habitants, dont %s (%s) à plus de %s min d'un lieu.", frenchCount(row.Population), frenchCount(row.Classes.Blanche), frenchShare(row.Classes.Blanche, row.Population), minutes)
	}
	for _, c := range couches {
		if c.name == a.Couche {
			p.Head = c.title
		}
	}
	return p, nil
}

// embedAddress is the address of an embed.
func embedAddress(origin, couche string, ref admin.Ref, key string) string {
	values := url.Values{"couche": {couche}}
	if ref.Type != admin.TypeDepartement && ref != (admin.Ref{}) {
		values.Set("territoire", ref.String())
	}
	if key != "" {
		values.Set("cle", key)
	}
	return origin + "/embed?" + values.Encode()
}

func oembedOf(origin, address string) string {
	return origin + "/oembed?" + url.Values{"url": {address}}.Encode()
}

// frame is the HTML that shows an embed.
func frame(address, nom string, width, height int) string {
	size := `width="100%"`
	if width > 0 {
		size = `width="` + strconv.Itoa(width) + `"`
	}
	return fmt.Sprintf(`<iframe src="%s" title="%s" %s height="%d" loading="lazy" style="border:0"></iframe>`, html.EscapeString(address), html.EscapeString(frameTitle(nom)), size, height)
}

func frameTitle(nom string) string { return "Carte de l’accès à l’aide au numérique : " + nom }

// Sizes of a frame, CSS pixels.
const (
	frameWidth  = 640
	frameHeight = 720
	frameLeast  = 280
)

// getOEmbed answers /oembed (oembed.com, version 1.0).
func (s *Server) getOEmbed(c echo.Context) error {
	snap := pinned(c)
	if snap == nil {
		return notReady()
	}
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return &fault{kindParameter, "Les paramètres de l'adresse sont mal écrits.", err}
	}
	if err := onlyKnown(values, []string{"url", "format", "maxwidth", "maxheight"}); err != nil {
		return err
	}
	if f := values.Get("format"); f != "" && f != "json" {
		return faultf(kindParameter, "Le paramètre « format » vaut « %s » ; il faut json.", quotable(f))
	}
	sizes := map[string]int{"maxwidth": frameWidth, "maxheight": frameHeight}
	for name, usual := range sizes {
		if text := values.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return faultf(kindParameter, "Le paramètre « %s » vaut « %s » ; il faut un nombre de pixels.", name, quotable(text))
			}
			sizes[name] = max(min(n, usual), frameLeast)
		}
	}
	address, t, err := s.embedOf(snap, s.origin(c), values.Get("url"))
	if err != nil {
		return err
	}
	r, err := jsonReply(typeJSON, map[string]any{"version": "1.0", "type": "rich", "title": frameTitle(t.Nom), "provider_name": "maillage", "provider_url": s.origin(c) + "/",
		"width": sizes["maxwidth"], "height": sizes["maxheight"], "html": frame(address, t.Nom, sizes["maxwidth"], sizes["maxheight"])})
	if err != nil {
		return err
	}
	return send(c, r)
}

// embedOf is the embed of a page of this server: that of a territoire, or of an embed.
func (s *Server) embedOf(snap *snapshot, origin, address string) (string, admin.Territoire, error) {
	none := faultf(kindNotFound, "Rien ne s'intègre de l'adresse « %s » ; il faut celle d'une page de ce site, %s/territoires/… ou %s/embed?….", quotable(address), origin, origin)
	rest, ok := strings.CutPrefix(address, origin)
	if !ok {
		return "", admin.Territoire{}, none
	}
	if text, ok := strings.CutPrefix(rest, "/territoires/"); ok {
		path, _, _ := strings.Cut(text, "?")
		ref, err := admin.ParseRef(path)
		if err != nil {
			return "", admin.Territoire{}, none
		}
		t, err := snap.place(ref)
		return embedAddress(origin, couches[0].name, ref, ""), t, err
	}
	query, ok := strings.CutPrefix(rest, "/embed?")
	if !ok {
		return "", admin.Territoire{}, none
	}
	a, err := askEmbed(query, embedParams, snap)
	if err != nil {
		return "", admin.Territoire{}, err
	}
	t, err := snap.place(a.Within)
	return address, t, err
}

// integratePage is /integrer: what to paste, and who may.
type integratePage struct {
	Page             page
	Groups           []optionGroup
	Couches          []option
	Key              string
	Sites            []string
	Component, Frame string
	Preview, Title   string
	Written          bool // whether this server keeps keys
	Error            string
}

type option struct {
	Value, Text string
	Chosen      bool
}

type optionGroup struct {
	Label   string
	Options []option
}

// getIntegrate answers /integrer.
func (s *Server) getIntegrate(c echo.Context) error {
	return s.integrate(c, c.Request().URL.RawQuery, nil, http.StatusOK)
}

func (s *Server) integrate(c echo.Context, query string, refused error, status int) error {
	snap := pinned(c)
	if snap == nil {
		return notReady()
	}
	a, err := askEmbed(query, []string{"territoire", "couche", "cle"}, snap)
	if err != nil {
		return err
	}
	t, err := snap.place(a.Within)
	if err != nil {
		return err
	}
	origin := s.origin(c)
	p := integratePage{Page: s.newPage(snap, a.Query, "Intégrer la carte", ""), Key: a.Key, Sites: s.seen().integrations[a.Key], Written: s.desk.Desk != nil,
		Preview: embedAddress(origin, a.Couche, t.Ref, ""), Title: frameTitle(t.Nom)}
	for _, level := range []admin.Type{admin.TypeDepartement, admin.TypeEPCI, admin.TypeSecteur, admin.TypeCommune} {
		group := optionGroup{Label: kindLabels[level]}
		for _, one := range snap.Division.Territoires(level) {
			value := one.Ref.String()
			group.Options = append(group.Options, option{value, one.Nom, one.Ref == t.Ref})
		}
		if group.Options != nil {
			p.Groups = append(p.Groups, group)
		}
	}
	for _, couche := range couches {
		p.Couches = append(p.Couches, option{couche.name, couche.title, couche.name == a.Couche})
	}
	p.Frame = frame(embedAddress(origin, a.Couche, t.Ref, a.Key), t.Nom, 0, frameHeight)
	attributes := fmt.Sprintf(`couche="%s"`, a.Couche)
	if t.Type != admin.TypeDepartement {
		attributes = fmt.Sprintf(`territoire="%s" `, t.Ref) + attributes
	}
	if a.Key != "" {
		attributes += fmt.Sprintf(` cle="%s"`, html.EscapeString(a.Key))
	}
	p.Component = fmt.Sprintf("<script src=\"%s/embed.js\" async></script>\n<maillage-carte %s titre=\"%s\"></maillage-carte>", html.EscapeString(origin), attributes, html.EscapeString(p.Title))
	if refused != nil {
		p.Error = faultOf(refused).detail
	}
	r, err := render("integrer.html", p)
	if err != nil {
		return err
	}
	r.cache = cacheRevalid
	if status != http.StatusOK {
		return c.HTMLBlob(status, r.body)
	}
	return send(c, r)
}

// postIntegrate gives a key to the sites of a form, and shows what to paste.
func (s *Server) postIntegrate(c echo.Context) error {
	request := c.Request()
	request.Body = http.MaxBytesReader(c.Response(), request.Body, maxAddress)
	if err := request.ParseForm(); err != nil {
		return &fault{kindParameter, "Le formulaire est trop long, ou mal écrit.", err}
	}
	form := request.PostForm
	query := url.Values{}
	for _, name := range []string{"territoire", "couche"} {
		if form.Get(name) != "" {
			query.Set(name, form.Get(name))
		}
	}
	made := integration{ID: newKey(), Nom: form.Get("nom"), Sites: strings.Fields(form.Get("sites"))}
	err := s.writeAs(c, strings.TrimSpace(form.Get("jeton")), func(ctx context.Context) error { return s.saveIntegration(ctx, &made) })
	if err != nil {
		return s.integrate(c, query.Encode(), err, kinds[faultOf(err).kind].status)
	}
	query.Set("cle", made.ID)
	return c.Redirect(http.StatusSeeOther, s.base+"/integrer?"+query.Encode()+"#coller")
}

func newKey() string { return strings.ToLower(rand.Text())[:12] }

func (s *Server) saveIntegration(ctx context.Context, i *integration) error {
	if err := i.check(); err != nil {
		return err
	}
	data, err := json.Marshal(integration{Nom: i.Nom, Sites: i.Sites})
	if err != nil {
		return fmt.Errorf("save an integration: %w", err)
	}
	if err := s.desk.PutDocument(ctx, KindIntegration, i.ID, data); err != nil {
		return err
	}
	return s.rereadIntegrations(ctx)
}

// integrations are the keys and their sites.
func (s *Server) integrations(ctx context.Context) (map[string][]string, []integration, error) {
	documents, err := s.desk.Documents(ctx, KindIntegration)
	if err != nil {
		return nil, nil, err
	}
	sites, list := map[string][]string{}, []integration{}
	for _, doc := range documents {
		i := integration{ID: doc.ID}
		if err := json.Unmarshal(doc.Data, &i); err != nil || i.check() != nil {
			s.log.Warn("integration left out", "id", doc.ID, "error", err)
			continue
		}
		sites[doc.ID] = i.Sites
		list = append(list, i)
	}
	return sites, list, nil
}

// rereadIntegrations makes a change seen at once here; other servers see it when they next
// refresh.
func (s *Server) rereadIntegrations(ctx context.Context) error {
	sites, _, err := s.integrations(ctx)
	if err != nil {
		return err
	}
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	s.desk.known.integrations = sites
	return nil
}

// listIntegrations, postIntegration, putIntegration and deleteIntegration manage the keys,
// for whoever holds a token.
func (s *Server) listIntegrations(c echo.Context) error {
	return s.write(c, func(ctx context.Context) error {
		_, list, err := s.integrations(ctx)
		if err != nil {
			return err
		}
		c.Response().Header().Set("Cache-Control", cacheNever)
		return c.JSON(http.StatusOK, map[string]any{"integrations": list})
	})
}

func (s *Server) postIntegration(c echo.Context) error {
	return s.putIntegrationAs(c, newKey(), http.StatusCreated)
}

func (s *Server) putIntegration(c echo.Context) error {
	return s.putIntegrationAs(c, c.Param("id"), http.StatusOK)
}

func (s *Server) putIntegrationAs(c echo.Context, id string, status int) error {
	var i integration
	d := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, maxAddress))
	d.DisallowUnknownFields()
	if err := d.Decode(&i); err != nil {
		return &fault{kindParameter, `Le corps ne se lit pas ; il faut {"nom": "…", "sites": ["www.exemple.fr"]}.`, err}
	}
	i.ID = id
	return s.write(c, func(ctx context.Context) error {
		if status != http.StatusCreated {
			if err := s.hasIntegration(ctx, id); err != nil {
				return err
			}
		}
		if err := s.saveIntegration(ctx, &i); err != nil {
			return err
		}
		return c.JSON(status, i)
	})
}

func (s *Server) hasIntegration(ctx context.Context, id string) error {
	_, err := s.desk.Document(ctx, KindIntegration, id)
	if errors.Is(err, ErrNoDocument) {
		return faultf(kindNotFound, "Cette clé n'existe pas, ou a été supprimée.")
	}
	return err
}

func (s *Server) deleteIntegration(c echo.Context) error {
	id := c.Param("id")
	return s.write(c, func(ctx context.Context) error {
		if err := s.hasIntegration(ctx, id); err != nil {
			return err
		}
		if err := s.desk.DeleteDocument(ctx, KindIntegration, id); err != nil {
			return err
		}
		if err := s.rereadIntegrations(ctx); err != nil {
			return err
		}
		return c.NoContent(http.StatusNoContent)
	})
}

// accessPage is /accessibilite.
type accessPage struct {
	Page  page
	Since string
}

// checkedOn is the day of the checks that the declaration tells.
var checkedOn = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

func (s *Server) newAccessPage() (*reply, error) {
	return render("accessibilite.html", accessPage{page{Title: "Accessibilité", Base: s.base, MapLabel: "Voir la carte"}, checkedOn.Format("02/01/2006")})
}
