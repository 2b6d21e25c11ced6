package gtfs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are checked alike on machines that have no list of them

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// about is who publishes feeds, and for when, as their small files say.
type about struct {
	agencies []string // without repetition
	period   string
}

// Name is that of the agencies of the first feed among files, where they are few; empty when
// it cannot be told.
func Name(ctx context.Context, in []source.Input) string {
	if len(in) == 0 {
		return ""
	}
	var files []source.File
	for _, input := range in {
		f, err := source.Inspect(ctx, input)
		if err != nil {
			return "" // the import says why
		}
		files = append(files, f)
	}
	const few = 3
	if who := identify(files); len(who.agencies) <= few {
		return strings.Join(who.agencies, " ")
	}
	return ""
}

// identify reads the agencies of feeds, and the dates that feed_info.txt or calendar.txt
// gives. What is wrong with them is told when they are read.
func identify(files []source.File) (a about) {
	packs, err := gather(files)
	if err != nil {
		return a
	}
	var first, last transit.Day
	for _, p := range packs {
		f := &feed{reader: &reader{ctx: files[0].Context(), rec: &source.Recorder{Report: &source.Report{}}}, pack: p, at: map[string]string{}}
		_, _ = f.each("agency.txt", []string{"agency_name"}, nil, func(c cells) error {
			if c.v[0] != "" && !slices.Contains(a.agencies, c.v[0]) {
				a.agencies = append(a.agencies, c.v[0])
			}
			return nil
		})
		span := func(c cells) error {
			from, ok := parseDay(c.v[0])
			to, too := parseDay(c.v[1])
			if ok && too {
				if last == 0 {
					first, last = from, to
				}
				first, last = min(first, from), max(last, to)
			}
			return nil
		}
		before := last
		_, _ = f.each("feed_info.txt", []string{"feed_start_date", "feed_end_date"}, nil, span)
		if last == before {
			_, _ = f.each("calendar.txt", []string{"start_date", "end_date"}, nil, span)
		}
	}
	if last != 0 {
		a.period = fmt.Sprintf("%v au %v", first, last)
	}
	return a
}

// readInfo reads the version of the feed.
func (f *feed) readInfo() error {
	_, err := f.each("feed_info.txt", nil, []string{"feed_version"}, func(c cells) error {
		if f.out.Version == "" {
			f.out.Version = c.v[0]
			f.text += len(c.v[0])
		}
		return nil
	})
	return err
}

func (f *feed) readAgencies() error {
	const file = "agency.txt"
	_, err := f.each(file, []string{"agency_name", "agency_timezone"}, []string{"agency_id"}, func(c cells) error {
		a := transit.Agency{ID: c.v[2], Name: c.v[0], Zone: c.v[1]}
		if n, dup := f.agencies.of[a.ID]; dup {
			if f.out.Agencies[n] == a {
				f.rec.Merged++
			} else {
				f.reject(file, c.line, "agency_id", a.ID, "identifiant déjà présent plus haut, sur une autre ligne ; attendu un identifiant par exploitant")
			}
			return nil
		}
		if _, err := time.LoadLocation(a.Zone); err != nil || a.Zone == "" || a.Zone == "Local" {
			return source.Fatal{Rejection: source.NewFault(f.at[file], c.line, "agency_timezone", a.Zone, "fuseau horaire inconnu : aucune heure du réseau ne peut être lue ; attendu un nom comme Europe/Paris")}
		}
		if len(f.out.Agencies) > 0 && a.Zone != f.out.Agencies[0].Zone {
			f.note(file, c.line, "agency_timezone", a.Zone, "exploitants d'un autre fuseau que le premier, gardés chacun dans le sien : %d")
		}
		f.agencies.of[a.ID] = int32(len(f.out.Agencies))
		f.out.Agencies = append(f.out.Agencies, a)
		f.entities++
		f.text += len(a.ID) + len(a.Name)
		return nil
	})
	if err == nil && len(f.out.Agencies) == 0 {
		err = source.FailAt(f.pack.address, 0, "agency.txt : aucun exploitant ; attendu au moins un, avec son fuseau horaire")
	}
	return err
}

func (f *feed) readLines() error {
	const file = "routes.txt"
	_, err := f.each(file, []string{"route_id", "route_type"}, []string{"agency_id", "route_short_name", "route_long_name", "route_color", "continuous_pickup", "continuous_drop_off"}, func(c cells) error {
		id := c.v[0]
		kind, ok := parseCount(c.v[1])
		if !ok {
			f.reject(file, c.line, "route_type", c.v[1], "type de ligne non compris ; attendu un nombre, comme 3 pour un autocar")
			f.lines.lose(id)
			return nil
		}
		l := transit.Line{ID: id, Short: c.v[3], Long: c.v[4], Type: kind, Colour: f.colour(file, c.line, c.v[5])}
		if agency, ok := f.agencies.of[c.v[2]]; ok {
			l.Agency = agency
		} else if len(f.out.Agencies) == 1 {
			if c.v[2] != "" {
				f.note(file, c.line, "agency_id", c.v[2], "lignes d'un exploitant absent de agency.txt, lues comme du seul qui y est : %d")
			}
		} else if c.v[2] == "" {
			l.Agency = -1
			f.note(file, c.line, "agency_id", "", "lignes qui ne disent pas leur exploitant, dans un réseau qui en a plusieurs : %d")
		} else {
			f.reject(file, c.line, "agency_id", c.v[2], "identifiant absent de agency.txt")
			f.lines.lose(id)
			return nil
		}
		if !f.newRow(&f.lines, file, "route_id", c.line, id, len(f.out.Lines), func(n int32) bool { return f.out.Lines[n] == l }) {
			return nil
		}
		if l.Short == "" && l.Long == "" {
			f.note(file, c.line, "route_short_name", "", "lignes sans numéro ni nom : %d")
		}
		if kind > 12 && (kind < 100 || kind > 1799) {
			f.note(file, c.line, "route_type", c.v[1], "types de ligne hors des listes publiées, gardés : %d, le premier ici")
		}
		f.continuous(file, c.line, c.v[6], c.v[7])
		f.text += len(l.Short) + len(l.Long)
		f.out.Lines = append(f.out.Lines, l)
		return nil
	})
	return err
}

// continuous counts what says that one may board or alight between stops, which is not read.
func (f *feed) continuous(file string, line int, pickup, drop string) {
	if pickup != "" && pickup != "1" || drop != "" && drop != "1" {
		f.note(file, line, "continuous_pickup, continuous_drop_off", "", "montées ou descentes entre les arrêts, qui ne sont pas lues : %d lignes")
	}
}

// colour is six hexadecimal digits, or none.
func (f *feed) colour(file string, line int, text string) string {
	c := strings.ToUpper(strings.TrimPrefix(text, "#"))
	if c == "" {
		return ""
	}
	if _, err := strconv.ParseUint(c, 16, 32); err != nil || len(c) != 6 {
		f.note(file, line, "route_color", text, "couleurs non comprises : %d, la première ici ; attendu six chiffres hexadécimaux")
		return ""
	}
	return c
}
