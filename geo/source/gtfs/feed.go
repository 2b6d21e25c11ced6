package gtfs

import (
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// feed is one feed being read.
type feed struct {
	*reader
	pack *pack
	at   map[string]string // address of each file that was opened
	out  *transit.Feed

	agencies, stops, lines, services, trips ids

	times times
	flex  flex
}

// ids finds rows by their ids.
type ids struct {
	of   map[string]int32 // number of a row; nowhere: of one that is passed over
	lost map[string]bool  // ids of rows that were rejected
}

// nowhere is the number of a row that is known, and passed over: a stop without coordinates.
const nowhere = -2

func newIDs() ids { return ids{map[string]int32{}, map[string]bool{}} }

// feed reads one feed.
func (r *reader) feed(p *pack) (*transit.Feed, error) {
	f := &feed{reader: r, pack: p, at: map[string]string{}, out: &transit.Feed{Name: r.name(p.name)},
		agencies: newIDs(), stops: newIDs(), lines: newIDs(), services: newIDs(), trips: newIDs()}
	for _, name := range needed {
		if _, ok := p.files[name]; !ok {
			return nil, f.lacks(name)
		}
	}
	_, calendar := p.files["calendar.txt"]
	_, dates := p.files["calendar_dates.txt"]
	_, stops := p.files["stops.txt"]
	_, zones := p.files[locationsName]
	switch {
	case !calendar && !dates:
		return nil, f.lacks("calendar.txt ni calendar_dates.txt")
	case !stops && !zones:
		return nil, f.lacks("stops.txt")
	}
	for _, step := range []func() error{f.readInfo, f.readAgencies, f.readStops, f.readLines, f.readCalendar, f.readTrips, f.readFrequencies,
		f.readFlex, f.readTimes, f.buildTrips, f.buildZones, f.readTransfers} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if len(f.out.Trips)+len(f.out.Zones) == 0 {
		if len(f.rec.Rejected) > 0 {
			return nil, source.FailAt(p.address, 0, "aucune course, ni zone à la demande ; le premier refus est %s", f.rec.Rejected[0])
		}
		return nil, source.FailAt(p.address, 0, "aucune course, ni zone à la demande ; attendu au moins une course de deux arrêts")
	}
	for _, m := range p.unread {
		n, err := m.rows(f.ctx)
		if err != nil {
			return nil, err
		}
		name := m.Name
		if m.archive != nil {
			name = m.archive.Base()
		}
		r.sum.Unread[name] += n
	}
	return f.out, nil
}

func (f *feed) lacks(what string) error {
	return source.FailAt(f.pack.address, 0, "réseau sans %s ; attendu agency.txt, stops.txt, routes.txt, trips.txt, stop_times.txt et calendar.txt ou calendar_dates.txt", what)
}

// reject leaves a row out.
func (f *feed) reject(file string, line int, field, value, reason string) {
	f.rec.Reject(f.at[file], line, field, value, reason)
}

// note counts a flaw of a row that is kept, or passed over.
func (f *feed) note(file string, line int, field, value, sentence string) {
	f.tally.Note(f.at[file], line, field, value, sentence)
}

// skip counts rows that depend on one that is left out.
func (f *feed) skip(file string, line, n int, sentence string) {
	if n == 0 {
		return
	}
	f.rec.Skipped += n
	f.tally.Add(n, f.at[file], line, "", "", sentence)
}

const dependent = "lignes qui dépendent d'une ligne refusée, laissées de côté : %d"

// newRow takes the id of a row that is to be the nth: false when it has none, or one that is
// taken, and the row is then rejected. same tells whether the row of that id is the same.
func (f *feed) newRow(of *ids, file, field string, line int, id string, n int, same func(int32) bool) bool {
	first, dup := of.of[id]
	switch {
	case id == "":
		f.reject(file, line, field, "", "valeur absente ; attendu un identifiant")
	case len(id) > maxID:
		f.reject(file, line, field, id, "identifiant de plus de 500 octets")
	case dup && first >= 0 && same(first):
		f.rec.Merged++
	case dup:
		f.reject(file, line, field, id, "identifiant déjà présent plus haut, sur une autre ligne ; attendu un identifiant par ligne")
	default:
		of.of[id] = int32(n)
		f.entities++
		f.text += len(id)
		return true
	}
	return false
}

// lose remembers a row that is rejected, for those that refer to it.
func (x *ids) lose(id string) {
	if _, there := x.of[id]; id != "" && !there {
		x.lost[id] = true
	}
}

// find gives the number of a row that another refers to. Not ok: that other is skipped or
// rejected, as it should be, by find itself.
func (f *feed) find(of *ids, file string, line int, field, id, where string) (n int32, ok bool) {
	n, ok = of.of[id]
	switch {
	case ok:
	case of.lost[id]:
		f.skip(file, line, 1, dependent)
	case id == "":
		f.reject(file, line, field, "", "valeur absente ; attendu un identifiant de "+where)
	default:
		f.reject(file, line, field, id, "identifiant absent de "+where)
	}
	return n, ok
}

// choice reads one of the numbers from 0 to most; empty, or one that is not, is 0, and counted.
func (f *feed) choice(file string, line int, field, value string, most int) uint8 {
	if value == "" || value == "0" {
		return 0
	}
	if len(value) == 1 && value[0] >= '0' && int(value[0]-'0') <= most {
		return value[0] - '0'
	}
	f.note(file, line, field, value, "valeurs hors de la liste, lues comme 0 : %d, la première ici")
	return 0
}
