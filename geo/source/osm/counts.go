package osm

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo/source"
)

// counts is what is told at the end, by cause.
type counts struct {
	deleted     causes // by kind of object
	idle        causes // turn restrictions that are not obeyed
	unread      causes // and those that are not read
	notObeyed   causes // roads whose tags are not followed to the letter
	cutSquares  causes
	noOutline   causes // buildings, or land
	cut, lost   int    // roads that lack nodes: in pieces, or altogether
	absent, all int    // nodes of these roads
}

// causes counts objects by cause, with an example of each.
type causes map[string]*cause

type cause struct {
	example string
	n       int
}

func (c *causes) add(why, kind string, id int64) {
	if *c == nil {
		*c = causes{}
	}
	if (*c)[why] == nil {
		(*c)[why] = &cause{example: fmt.Sprintf("%s/%d", kind, id)}
	}
	(*c)[why].n++
}

// lackOutline counts a building, or land, some nodes of which are absent.
func (c *counts) lackOutline(kind string, id int64) { c.noOutline.add("", kind, id) }

// shownRoads is how many roads that lack nodes have a warning of their own.
const shownRoads = 5

// lacking counts a road that lacks nodes.
func (c *counts) lacking(rec *source.Recorder, w *osmWay, absent, pieces int) {
	c.absent, c.all = c.absent+absent, c.all+len(w.nodes)
	what := "route laissée de côté"
	if pieces > 0 {
		c.cut++
		what = "route coupée, " + kept(pieces)
	} else {
		c.lost++
	}
	if c.cut+c.lost <= shownRoads {
		rec.Warn(w.at.File, w.at.Row, fmt.Sprintf("way/%d", w.id), "", fmt.Sprintf("%s : %s", lacking(absent, len(w.nodes)), what))
	}
}

// lacking and kept are the halves of a sentence on a road that was cut.
func lacking(absent, of int) string {
	if absent == 1 {
		return fmt.Sprintf("1 nœud sur %d sans position dans les fichiers", of)
	}
	return fmt.Sprintf("%d nœuds sur %d sans position dans les fichiers", absent, of)
}

func kept(pieces int) string {
	if pieces == 1 {
		return "1 morceau gardé"
	}
	return fmt.Sprintf("%d morceaux gardés", pieces)
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}

// conclude says what was counted.
func (r *roadReader) conclude() error {
	file := r.files[0].Name
	if len(r.files) > 1 {
		file = plural(len(r.files), "fichier", "fichiers")
	}
	c := &r.told
	tell := func(list causes, reason func(why string, n int) string) {
		for _, why := range slices.Sorted(maps.Keys(list)) {
			r.rec.Warn(file, 0, list[why].example, "", reason(why, list[why].n))
		}
	}
	if c.lost > 0 && r.rec.Accepted == 0 {
		return source.FailAt(file, 0, "aucune route n'a deux nœuds qui se suivent dans les fichiers (%s) ; attendu un extrait qui contient les nœuds de ses chemins",
			plural(c.lost, "route", "routes"))
	}
	if c.cut+c.lost > shownRoads {
		r.rec.Warn(file, 0, "", "", fmt.Sprintf("%s en tout : %d coupées, %d laissées de côté ; l'extrait s'arrête sans doute au milieu",
			"routes sans tous leurs nœuds : "+lacking(c.absent, c.all), c.cut, c.lost))
	}
	tell(c.deleted, func(kind string, n int) string {
		noun := map[string][2]string{
			"node": {"nœud de route supprimé", "nœuds de routes supprimés"}, "way": {"chemin supprimé", "chemins supprimés"}, "relation": {"relation supprimée", "relations supprimées"},
		}[kind]
		return plural(n, noun[0], noun[1]) + " (visible=false, ou action=delete d'un éditeur), dont celui-ci : ne comptent pas"
	})
	tell(c.idle, func(why string, n int) string {
		return plural(n, "interdiction de tourner", "interdictions de tourner") + ", dont celle-ci, sans effet sur les voitures : " + why
	})
	tell(c.notObeyed, func(why string, n int) string {
		return plural(n, "route", "routes") + ", dont celle-ci : " + why
	})
	tell(c.unread, func(why string, n int) string {
		return plural(n, "interdiction de tourner non lue", "interdictions de tourner non lues") + ", dont celle-ci : " + why
	})
	tell(c.cutSquares, func(_ string, n int) string {
		return plural(n, "morceau de place absent", "morceaux de places absents") + " des fichiers, dont l'un de celle-ci : le tour en est interrompu"
	})
	tell(c.noOutline, func(_ string, n int) string {
		return plural(n, "bâtiment ou zone d'habitation", "bâtiments ou zones d'habitation") + " sans tous leurs nœuds, dont celui-ci : ne comptent pas parmi les logements"
	})
	if r.people.many {
		r.rec.Warn(file, 0, "", "", fmt.Sprintf("plus de %d nœuds de bâtiments : les logements ne sont pas estimés ; un extrait régional, en plus de celui-ci ou à sa place, les donnerait", maxNodes))
	}
	return nil
}
