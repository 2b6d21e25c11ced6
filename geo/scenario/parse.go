package scenario

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Error says what is wrong in a scenario, and where. It is a French sentence for whoever
// wrote the file.
type Error struct {
	Action   int    // from 1; 0: the file itself
	Do       Verb   // of that action, when it was understood
	Field    string // empty: the whole
	Value    string // as written; empty: it is absent
	Expected string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("scénario : ")
	if e.Action > 0 {
		fmt.Fprintf(&b, "action %d", e.Action)
		if e.Do != "" {
			fmt.Fprintf(&b, " (%s)", e.Do)
		}
		b.WriteString(" : ")
	}
	if e.Field != "" {
		fmt.Fprintf(&b, "champ « %s » : ", e.Field)
	}
	if e.Value == "" {
		b.WriteString("absent ; ")
	} else {
		fmt.Fprintf(&b, "« %s » ; ", shorten(e.Value))
	}
	return b.String() + "attendu " + e.Expected
}

func shorten(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// fields are those that each verb must have, then those that it may have.
var fields = map[Verb]struct{ must, may []string }{
	AddLieu:       {[]string{"lon", "lat", "services"}, []string{"id", "nom", "horaires"}},
	CloseLieu:     {[]string{"id"}, nil},
	MoveLieu:      {[]string{"id", "lon", "lat"}, nil},
	SetHours:      {[]string{"id", "horaires"}, nil},
	SetServices:   {[]string{"id", "services"}, nil},
	AddTournee:    {[]string{"services", "stops"}, []string{"id", "nom", "depot"}},
	SetTournee:    {[]string{"id"}, []string{"nom", "services", "depot", "stops"}},
	RemoveTournee: {[]string{"id"}, nil},
	AddLine:       {[]string{"stops", "days", "departures"}, []string{"nom", "return"}},
	ShiftTrip:     {[]string{"trip", "minutes"}, nil},
}

var verbs = []Verb{AddLieu, CloseLieu, MoveLieu, SetHours, SetServices, AddTournee, SetTournee, RemoveTournee, AddLine, ShiftTrip}

func verbList() string {
	names := make([]string, len(verbs))
	for i, v := range verbs {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}

// Parse reads a scenario file, of at most [MaxBytes]:
//
//	{"name": "…", "edition": "…", "version": 1,
//	 "params": {"service", "mode", "cutoff_min", "min_hours_week"},
//	 "actions": [
//	  {"do": "add_lieu", "lon", "lat", "services": […], "id", "nom", "horaires"},
//	  {"do": "close_lieu", "id"},
//	  {"do": "move_lieu", "id", "lon", "lat"},
//	  {"do": "set_hours", "id", "horaires"},
//	  {"do": "set_services", "id", "services": […]},
//	  {"do": "add_tournee", "services": […], "stops": [{"nom", "lon", "lat", "when", "commune"}],
//	   "id", "nom", "depot": {"lon", "lat"}},
//	  {"do": "set_tournee", "id", and one at least of "nom", "services", "depot", "stops"},
//	  {"do": "remove_tournee", "id"},
//	  {"do": "add_line", "stops": [{"nom", "lon", "lat"}], "days": "Mo-Fr", "departures": ["08:10"],
//	   "nom", "return": true},
//	  {"do": "shift_trip", "trip", "minutes"}]}
//
// Only actions must be there, and of an action what comes before its optional id; ids are
// those of the edition, or of an addition before. It checks all that can be checked
// without an edition: fields, positions on Earth, services, hours. Its errors are
// [*Error].
func Parse(data []byte) (*Scenario, error) {
	if len(data) > MaxBytes {
		return nil, &Error{Value: fmt.Sprintf("%d octets", len(data)), Expected: fmt.Sprintf("au plus %d octets", MaxBytes)}
	}
	if n := values(data); n > MaxValues {
		return nil, &Error{Value: fmt.Sprintf("%d valeurs", n), Expected: fmt.Sprintf("au plus %d valeurs : textes, nombres, listes et objets", MaxValues)}
	}
	top, err := object(data)
	if err != nil {
		return nil, &Error{Value: err.Error(), Expected: `un objet JSON, comme {"name":"…","actions":[…]}`}
	}
	s := &Scenario{Version: Version}
	r := reader{raw: top}
	r.only("name", "actions", "edition", "params", "version")
	r.text("name", &s.Name)
	r.text("edition", &s.Edition)
	if r.has("version") {
		if r.value("version", &s.Version, "le numéro "+strconv.Itoa(Version)); r.err == nil && s.Version != Version {
			r.fail("version", strconv.Itoa(s.Version), fmt.Sprintf("la version %d, que ce programme sait lire", Version))
		}
	}
	if r.has("params") {
		s.Params = r.params()
	}
	var actions []json.RawMessage
	r.value("actions", &actions, "une liste d'actions, entre crochets")
	if r.err == nil && len(actions) > MaxActions {
		r.fail("actions", fmt.Sprintf("%d actions", len(actions)), fmt.Sprintf("au plus %d", MaxActions))
	}
	if r.err != nil {
		return nil, r.err
	}
	s.Actions = make([]Action, len(actions))
	for i, raw := range actions {
		if err := parseAction(&s.Actions[i], i+1, raw); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// values is how many values a JSON text has at most, counted without reading it: what is
// made of each takes some hundred times the bytes that it is written in.
func values(data []byte) int {
	n, quoted := 1, false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case b == '\\' && quoted:
			i++
		case b == '"':
			quoted = !quoted
		case !quoted && (b == ',' || b == '[' || b == '{'):
			n++
		}
	}
	return n
}

// object reads a JSON object and nothing behind it.
func object(data []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	var out map[string]json.RawMessage
	err := d.Decode(&out)
	if err == nil && out == nil {
		return nil, errors.New("null")
	}
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			return nil, errors.New("texte après la dernière accolade")
		}
		return out, nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := data[:min(int(syntax.Offset), len(data))]
		line := bytes.Count(before, []byte("\n")) + 1
		return nil, fmt.Errorf("faute de syntaxe, ligne %d, colonne %d", line, max(1, len(before)-bytes.LastIndexByte(before, '\n')-1))
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.New("le texte s'arrête trop tôt")
	}
	return nil, errors.New("autre chose qu'un objet")
}

// reader reads the fields of one object; it keeps the first error.
type reader struct {
	raw    map[string]json.RawMessage
	action int
	do     Verb
	prefix string // of the fields' names: "stops[2]."
	err    error
}

func (r *reader) fail(field, value, expected string) {
	if r.err == nil {
		if field != "" {
			field = r.prefix + field
		}
		r.err = &Error{Action: r.action, Do: r.do, Field: field, Value: value, Expected: expected}
	}
}

func (r *reader) has(field string) bool {
	raw, ok := r.raw[field]
	return ok && string(raw) != "null"
}

// only refuses fields that are not known: a slip of the pen must not go unnoticed.
func (r *reader) only(known ...string) {
	var strange []string
	for field := range r.raw {
		if !slices.Contains(known, field) {
			strange = append(strange, field)
		}
	}
	slices.Sort(strange)
	for _, field := range strange {
		r.fail(field, string(r.raw[field]), "aucun champ de ce nom ; les champs sont "+strings.Join(known, ", "))
	}
}

func (r *reader) value(field string, into any, expected string) {
	if !r.has(field) {
		r.fail(field, "", expected)
		return
	}
	if err := json.Unmarshal(r.raw[field], into); err != nil {
		r.fail(field, string(r.raw[field]), expected)
	}
}

// text reads a short text that may be absent.
func (r *reader) text(field string, into *string) {
	if !r.has(field) {
		return
	}
	r.value(field, into, "un texte entre guillemets")
	if n := utf8.RuneCountInString(*into); n > maxText {
		r.fail(field, *into, fmt.Sprintf("au plus %d caractères", maxText))
	}
}

func (r *reader) lonLat() geo.LonLat {
	var p geo.LonLat
	r.value("lon", &p.Lon, "une longitude en degrés, comme 3.52")
	r.value("lat", &p.Lat, "une latitude en degrés, comme 49.2")
	if r.err == nil && p.Check() != nil {
		r.fail("lon, lat", fmt.Sprintf("%v, %v", p.Lon, p.Lat), "des degrés : une longitude de −180 à 180 et une latitude de −90 à 90")
	}
	return p
}

func (r *reader) services(a *Action) {
	r.value("services", &a.Services, "une liste de services, comme [\"aide-demarches\"]")
	for _, name := range a.Services {
		service, err := lieu.ParseService(name)
		switch {
		case err != nil:
			var known []string
			for _, s := range lieu.AllServices() {
				known = append(known, s.String())
			}
			r.fail("services", name, strings.Join(known, ", "))
		case service == lieu.Any:
			for s := range lieu.Any {
				a.services = a.services.With(s)
			}
		default:
			a.services = a.services.With(service)
		}
	}
	if r.err == nil && a.services == 0 {
		r.fail("services", "[]", "au moins un service")
	}
}

// hours reads horaires; an empty text is unknown hours.
func (r *reader) hours(field, text string) lieu.Horaires {
	h, err := lieu.ParseHoraires(text)
	var fault *lieu.HorairesError
	if errors.As(err, &fault) {
		r.fail(field, text, "des horaires comme « Mo-Fr 09:00-17:00 » ; "+fault.AtReason())
	}
	return h
}

func (r *reader) params() *Params {
	raw, err := object(r.raw["params"])
	if err != nil {
		r.fail("params", string(r.raw["params"]), "un objet, entre accolades")
		return nil
	}
	p, in := &Params{}, reader{raw: raw, prefix: "params."}
	in.only("service", "mode", "cutoff_min", "min_hours_week", "appointments")
	if in.has("service") {
		in.value("service", &p.Service, "un service, comme aide-demarches, ou tous")
	}
	if in.has("mode") {
		in.value("mode", &p.Mode, geo.ModesInWords("ou", geo.Mode.String))
	}
	if in.has("cutoff_min") {
		in.value("cutoff_min", &p.CutoffMin, "des minutes")
		if in.err == nil && !(*p.CutoffMin >= 1 && *p.CutoffMin <= access.Horizon.Minutes()) {
			in.fail("cutoff_min", string(raw["cutoff_min"]), fmt.Sprintf("1 à %g minutes", access.Horizon.Minutes()))
		}
	}
	if q := p.Query(coverage.DefaultQuery()); in.err == nil && q.CheckStep() != nil {
		in.fail("cutoff_min", string(raw["cutoff_min"]), fmt.Sprintf("%s, un multiple de %g minutes", q.Mode.Phrase(), q.Mode.Step().Minutes()))
	}
	if in.has("min_hours_week") {
		in.value("min_hours_week", &p.MinHours, "des heures par semaine")
		if in.err == nil && !(*p.MinHours >= 0 && *p.MinHours <= 168) {
			in.fail("min_hours_week", string(raw["min_hours_week"]), "0 à 168 heures par semaine")
		}
	}
	if in.has("appointments") {
		in.value("appointments", &p.Appointments, "true ou false : si les heures sur rendez-vous comptent")
	}
	if r.err == nil {
		r.err = in.err
	}
	return p
}

func parseAction(a *Action, number int, raw json.RawMessage) error {
	top, err := object(raw)
	if err != nil {
		return &Error{Action: number, Value: string(raw), Expected: "une action, entre accolades"}
	}
	r := reader{raw: top, action: number}
	r.value("do", &a.Do, verbList())
	spec, known := fields[a.Do]
	if r.err == nil && !known {
		r.fail("do", string(a.Do), verbList())
	}
	if r.err != nil {
		return r.err
	}
	r.do = a.Do
	r.only(slices.Concat([]string{"do"}, spec.must, spec.may)...)
	must := func(field string) bool { return slices.Contains(spec.must, field) }
	if r.text("id", &a.ID); must("id") && a.ID == "" {
		r.fail("id", "", "l'identifiant du lieu ou de la tournée")
	}
	r.text("nom", &a.Nom)
	if must("lon") {
		p := r.lonLat()
		a.Lon, a.Lat = &p.Lon, &p.Lat
	}
	if must("services") || r.has("services") {
		r.services(a)
	}
	if must("horaires") || r.has("horaires") {
		if r.value("horaires", &a.Horaires, "des horaires, comme « Mo-Fr 09:00-17:00 », ou un texte vide : inconnus"); r.err == nil {
			a.horaires = r.hours("horaires", *a.Horaires)
		}
	}
	if r.has("depot") {
		in, err := object(r.raw["depot"])
		if err != nil {
			r.fail("depot", string(r.raw["depot"]), "une position, comme {\"lon\":3.52,\"lat\":49.2}")
		} else {
			d := reader{raw: in, action: number, do: a.Do, prefix: "depot."}
			d.only("lon", "lat")
			p := d.lonLat()
			if a.Depot = &p; r.err == nil {
				r.err = d.err
			}
		}
	}
	if must("stops") || r.has("stops") {
		r.stops(a)
	}
	switch a.Do {
	case AddLine:
		r.line(a)
	case ShiftTrip:
		r.shift(a)
	}
	if a.Do == SetTournee && r.err == nil && !slices.ContainsFunc(spec.may, r.has) {
		r.fail("", "rien à changer", "au moins un des champs "+strings.Join(spec.may, ", "))
	}
	return r.err
}

func (r *reader) stops(a *Action) {
	var list []json.RawMessage
	r.value("stops", &list, "une liste d'arrêts, entre crochets")
	most := MaxStops
	if a.Do == AddLine {
		most = MaxLineStops
	}
	switch n := len(list); {
	case r.err != nil:
		return
	case n < 2 && a.Do == AddLine:
		r.fail("stops", fmt.Sprintf("%d arrêt", n), "au moins deux arrêts, dans l'ordre où le car y passe")
		return
	case n == 0:
		r.fail("stops", "[]", "au moins un arrêt ; remove_tournee retire une tournée")
		return
	case n > most:
		r.fail("stops", fmt.Sprintf("%d arrêts", n), fmt.Sprintf("au plus %d", most))
		return
	}
	a.Stops, a.hours = make([]Stop, len(list)), make([]lieu.Horaires, len(list))
	for i, raw := range list {
		s, in := &a.Stops[i], reader{action: r.action, do: r.do, prefix: fmt.Sprintf("stops[%d].", i+1)}
		if a.Do == AddLine {
			if lineStop(raw, &in, s); in.err != nil {
				r.err = cmp.Or(r.err, in.err)
				return
			}
			continue
		}
		var err error
		if in.raw, err = object(raw); err != nil {
			r.fail(fmt.Sprintf("stops[%d]", i+1), string(raw), "un arrêt, entre accolades")
			return
		}
		in.only("nom", "lon", "lat", "when", "commune")
		in.text("nom", &s.Nom)
		in.text("commune", &s.Commune)
		p := in.lonLat()
		s.Lon, s.Lat = p.Lon, p.Lat
		if in.has("when") {
			in.value("when", &s.When, "des horaires, comme « week 1-53/2 Tu 09:00-12:00 »")
		}
		if a.hours[i] = in.hours("when", s.When); in.err != nil {
			if r.err == nil {
				r.err = in.err
			}
			return
		}
	}
}
