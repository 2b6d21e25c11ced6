package timing

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Report is the placements of a lieu as commands and HTTP give them. Figures are of the people
// of the territory.
type Report struct {
	Edition  string            `json:"edition"`
	Params   edition.QueryJSON `json:"params"`
	Modelled []string          `json:"modelled"`
	ID       string            `json:"id"`
	Nom      string            `json:"nom"`
	// Why no opening can be moved, in French; then nothing below is known.
	Why string `json:"impossible,omitempty"`
	// What holds now: hours as they count, people covered, people who find some open hour.
	Horaires      string `json:"horaires,omitempty"`
	CoveredBefore int    `json:"covered_before"`
	ReachedBefore int    `json:"reached_before"`
	Tried         int    `json:"tried"` // placements
	// Days has the best of each opening and day, Placements the best of all, both those that
	// bring more than no change alone, of most gain first.
	Days       []PlacementJSON `json:"days"`
	Placements []PlacementJSON `json:"placements"`
	MS         float64         `json:"ms,omitempty"`
}

// PlacementJSON is one opening at another day or hour. People gain or lose, as of classes, of
// finding some open hour, and of hours a week.
type PlacementJSON struct {
	Rank         int        `json:"rank"` // among all that were tried
	Open         HoursJSON  `json:"ouvrir"`
	Instead      HoursJSON  `json:"au_lieu_de"`
	Sentence     string     `json:"sentence"`
	Horaires     string     `json:"horaires"` // of the whole week then, opening_hours
	CoveredAfter int        `json:"covered_after"`
	ReachedAfter int        `json:"reached_after"`
	Gained       ChangeJSON `json:"gained"`
	Lost         ChangeJSON `json:"lost"`

	At, Was french.Hours `json:"-"`
}

// HoursJSON is one opening, as lieux have theirs.
type HoursJSON struct {
	Jours    []int    `json:"jours"`              // one, from 1, Monday
	Semaines []int    `json:"semaines,omitempty"` // of the four-week cycle, from 1; absent: all
	Heures   []string `json:"heures"`             // one, as 09:00-12:00
}

// ChangeJSON is one side of a [Change].
type ChangeJSON struct {
	People      int     `json:"people"`
	Reached     int     `json:"reached"`
	HoursPeople float64 `json:"hours_people"`
}

// NewReport writes what was found; most bounds the list of all placements.
func NewReport(e *edition.Edition, a *edition.Answer, f *Found, most int) *Report {
	s := &e.Sites[f.Site]
	r := heading(e, a, f.Site)
	r.Horaires = lieu.WriteHoraires(&s.Horaires.Slots, s.Horaires.RendezVous)
	r.CoveredBefore, r.ReachedBefore, r.Tried = f.Covered, f.Reached, len(f.Placements)
	for _, p := range f.Days() {
		r.Days = append(r.Days, f.written(s, p))
	}
	for _, p := range f.Placements[:min(most, len(f.Placements))] {
		if p.Better() {
			r.Placements = append(r.Placements, f.written(s, p))
		}
	}
	return r
}

// NewUnmovable reports why no opening of a site can be moved.
func NewUnmovable(e *edition.Edition, a *edition.Answer, site int32, why *Unmovable) *Report {
	r := heading(e, a, site)
	r.Why = french.Sentence(why.Why)
	return r
}

func heading(e *edition.Edition, a *edition.Answer, site int32) *Report {
	return &Report{Edition: e.ID, Params: e.QueryJSON(a.Query), Modelled: e.ModelledSentences(), ID: e.SiteID(site), Nom: e.Sites[site].Nom,
		Days: []PlacementJSON{}, Placements: []PlacementJSON{}}
}

func (f *Found) written(s *lieu.Site, p Placement) PlacementJSON {
	o := &f.Openings[p.Opening]
	var weeks []int
	if list := o.WeeksOf(); len(list) < lieu.WeeksPerCycle {
		weeks = list
	}
	at := french.Hours{Weekday: p.Weekday, From: p.From * lieu.SlotMinutes, To: (p.From + o.To - o.From) * lieu.SlotMinutes, Weeks: weeks}
	was := french.Hours{Weekday: o.Weekday, From: o.From * lieu.SlotMinutes, To: o.To * lieu.SlotMinutes, Weeks: weeks}
	x := PlacementJSON{Rank: f.rank(p), Open: hoursJSON(at), Instead: hoursJSON(was), CoveredAfter: f.Covered + p.Covered - p.Uncovered, ReachedAfter: f.Reached + p.Reached - p.Unreached,
		Gained: ChangeJSON{p.Covered, p.Reached, hours(p.More)}, Lost: ChangeJSON{p.Uncovered, p.Unreached, hours(p.Less)}, At: at, Was: was}
	x.Sentence = french.Sentence(french.Instead(at, was) + " : " + french.Brought(p.Covered-p.Uncovered, p.Reached-p.Unreached, hours(p.More-p.Less)))
	slots := f.moved(&s.Horaires.Slots, p)
	x.Horaires = lieu.WriteHoraires(&slots, s.Horaires.RendezVous)
	return x
}

// rank is the place of a placement among all, from 1: one more than those that bring more.
func (f *Found) rank(p Placement) int {
	rank := 1
	for k := range f.Placements {
		if f.Placements[k].compare(&p.Change) >= 0 {
			break
		}
		rank++
	}
	return rank
}

// moved are the slots of the site with a placement.
func (f *Found) moved(s *lieu.Slots, p Placement) lieu.Slots {
	o := &f.Openings[p.Opening]
	slots := *s
	each := func(weekday, from int, set func(i int)) {
		for _, week := range o.WeeksOf() {
			for k := range o.To - o.From {
				set((7*(week-1)+weekday)*lieu.SlotsPerDay + from + k)
			}
		}
	}
	each(o.Weekday, o.From, slots.Remove)
	each(p.Weekday, p.From, slots.Add)
	return slots
}

// hours are slots of the cycle times people, as hours a week: sixteenths of them.
func hours(slotPeople int64) float64 {
	return decimal.Round(float64(slotPeople)/lieu.SlotsPerHour/lieu.WeeksPerCycle, 1)
}

func hoursJSON(h french.Hours) HoursJSON {
	return HoursJSON{[]int{h.Weekday + 1}, h.Weeks, []string{fmt.Sprintf("%02d:%02d-%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)}}
}
