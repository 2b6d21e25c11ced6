package main

import (
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

// placeFlags say where lieux or stops may be, and what they offer.
type placeFlags struct {
	Offers     string `placeholder:"SERVICES" help:"Services proposés, séparés par des virgules ; par défaut le service cherché, ou tous."`
	Resolution int    `default:"8" help:"Résolution H3 des places essayées : une par cellule habitée ; en bus ou car, une par cellule où se trouve un bâtiment connu, un arrêt ou un chef-lieu."`
	ChefsLieux bool   `help:"N'essaie que les chefs-lieux des communes."`
	Territoire string `placeholder:"TYPE:CODE" help:"N'essaie que les places de ce territoire, comme secteur:fere-en-tardenois."`
}

// offers reads --offers: what is asked for must be among what is offered.
func (c *placeFlags) offers(asked lieu.Service) (set lieu.Services, err error) {
	text := c.Offers
	if text == "" {
		text = asked.String()
	}
	for _, name := range strings.Split(text, ",") {
		service, err := lieu.ParseService(strings.TrimSpace(name))
		if err != nil {
			return 0, usagef("--offers %q : attendu %s", name, choices(lieu.AllServices()))
		}
		if service == lieu.Any {
			for s := range lieu.Any {
				set = set.With(s)
			}
		}
		set = set.With(service)
	}
	if !set.Offers(asked) {
		return 0, usagef("--offers %q : le service cherché (%s) n'y est pas", text, asked)
	}
	return set, nil
}

// places lists the candidates.
func (c *placeFlags) places(engine *scenario.Engine, m geo.Mode) ([]siting.Place, error) {
	places := siting.ChefsLieux(engine.Edition())
	if !c.ChefsLieux {
		var err error
		if places, err = siting.Candidates(engine, m, c.Resolution); err != nil {
			finest := engine.Edition().Grid.Resolution
			return nil, usagef("--resolution %d : attendu %d à %d", c.Resolution, finest-len(engine.Edition().Pyramid.Levels)+1, finest)
		}
	}
	if c.Territoire == "" {
		return places, nil
	}
	ref, err := admin.ParseRef(c.Territoire)
	if err != nil {
		return nil, usagef("--territoire %q : attendu type:code, comme epci:200072031 (types : %s)", c.Territoire, levels)
	}
	t, ok := engine.Edition().Division.Find(ref)
	if !ok {
		return nil, &edition.UnknownTerritoireError{Ref: ref}
	}
	return figures.PlacesIn(places, t), nil
}
