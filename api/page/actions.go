package page

import (
	"fmt"
	"strings"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// servicesText names services by the words of the national schema.
func servicesText(slugs []string) string {
	names := make([]string, len(slugs))
	for i, slug := range slugs {
		names[i] = slug
		if service, err := lieu.ParseService(slug); err == nil {
			names[i] = service.Label()
		}
	}
	return strings.Join(names, ", ")
}

// actionSentence says an action in French.
func actionSentence(e *edition.Edition, a *scenario.Action) string {
	name := a.Nom
	for i := range e.Lieux {
		if e.Lieux[i].ID == a.ID && name == "" {
			name = e.Lieux[i].Nom
		}
	}
	for i := range e.Tournees {
		if e.Tournees[i].ID == a.ID && name == "" {
			name = e.Tournees[i].Nom
		}
	}
	if name == "" {
		name = a.ID
	}
	where := ""
	if a.Lon != nil {
		if part, ok := e.Grid.PartAt(a.At()); ok {
			where = " à " + e.Division.Communes[e.Grid.Parts[part].Commune].Nom
		}
	}
	quoted := ""
	if name != "" {
		quoted = " « " + name + " »"
	}
	hours := ""
	if a.Horaires != nil && *a.Horaires != "" {
		h, err := lieu.ParseHoraires(*a.Horaires)
		if err != nil { // it was saved, so it was understood; if not, better the words than nothing
			hours = ", " + *a.Horaires
		} else {
			hours = ", " + openingsText(&h)
		}
	}
	switch a.Do {
	case scenario.AddLieu:
		return "Ouvrir un lieu" + quoted + where + hours
	case scenario.CloseLieu:
		return "Fermer" + quoted
	case scenario.MoveLieu:
		return "Déplacer" + quoted + where
	case scenario.SetHours:
		return "Changer les horaires de" + quoted + hours
	case scenario.SetServices:
		return "Changer les services de" + quoted + " : " + servicesText(a.Services)
	case scenario.AddTournee:
		return fmt.Sprintf("Ajouter une tournée%s de %d arrêts", quoted, len(a.Stops))
	case scenario.SetTournee:
		return "Changer la tournée" + quoted
	}
	return "Supprimer la tournée" + quoted
}
