package page

import (
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// generatorPage is the page that writes what to paste.
type generatorPage struct {
	Page             Page
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

// Generator answers /integrer: a form, what to paste, and what it will look like.
func (s *Pages) Generator(_ context.Context, snap *snapshot.Snapshot, r *params.Request, a embedParams) (*reply.Reply, error) {
	a.Within = snap.Ref(a.Within)
	t, err := snap.Territoire(a.Within)
	if err != nil {
		return nil, err
	}
	hosts, err := s.Desk.HostsOf(a.Integration)
	title := frameTitle(t.Nom)
	values := a.values(snap.Edition).Encode()
	p := &generatorPage{Page: s.newPage(snap, a.Query, "Intégrer une carte", ""), Nom: t.Nom, Title: title, Integration: a.Integration,
		Unknown: err != nil, Hosts: hosts, Component: component(r.Root, a, snap.Edition, t.Nom), Frame: frame(r.Root+"/embed?"+values, title, "100%", frameHeight),
		Preview: s.Base + "/embed?" + values, Table: s.Base + "/territoires/" + a.Within.String(), Address: r.Root + "/api/v1/integrations",
		Minutes: params.PlainNumber(a.Query.Cutoff.Minutes()), Hours: params.PlainNumber(a.Query.MinHours)}
	if p.Unknown { // its preview would be a refusal
		without := a
		without.Integration = ""
		p.Preview = s.Base + "/embed?" + without.values(snap.Edition).Encode()
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
	out, err := Render("integrer.html", p)
	if err == nil {
		out.Cache = reply.CacheRevalid
	}
	return out, err
}
