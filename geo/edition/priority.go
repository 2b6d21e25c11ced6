package edition

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Priority says what a source is worth in a territoire, among the sources that describe one
// lieu: see [lieu.MergeBy]. Where several speak of a record, that of its commune stands, then
// of its EPCI, of its département, of everywhere.
type Priority struct {
	Source     string `json:"source"`
	Territoire string `json:"territoire"` // code of a commune, an EPCI or a département; "*": everywhere
	Role       string `json:"role"`
}

// The roles of a source.
const (
	Prevails  = "prevaut"  // its record wins, and the others fill what it lacks
	Completes = "complete" // it fills what the others lack, and gives the lieux that no other has
	Ignored   = "ignore"   // its records are left out
)

// ParsePriorities reads a table of priorities: a JSON list of objects, or CSV, with source,
// territoire and role. It comes back sorted: the order of rows says nothing. Errors are
// French sentences.
func ParsePriorities(text []byte) ([]Priority, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	var list []Priority
	var err error
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '[' {
		d := json.NewDecoder(bytes.NewReader(trimmed))
		d.DisallowUnknownFields()
		if err = d.Decode(&list); err != nil {
			return nil, errors.New("JSON non compris ; attendu une liste d'objets de clés source, territoire et role")
		}
	} else if list, err = prioritiesOfCSV(text); err != nil {
		return nil, err
	}
	for i := range list {
		p := &list[i]
		p.Source, p.Territoire, p.Role = strings.TrimSpace(p.Source), strings.TrimSpace(p.Territoire), strings.ToLower(strings.TrimSpace(p.Role))
		if p.Role == "prévaut" {
			p.Role = Prevails
		}
		switch {
		case sourceKey(p.Source) == "":
			return nil, fmt.Errorf("ligne %d : source absente ; attendu celle des fiches, comme conseiller-numerique", i+1)
		case p.Territoire == "":
			return nil, fmt.Errorf("ligne %d : territoire absent ; attendu le code d'une commune, d'un EPCI ou d'un département, ou *", i+1)
		case p.Role != Prevails && p.Role != Completes && p.Role != Ignored:
			return nil, fmt.Errorf("ligne %d : rôle « %s » ; attendu prevaut, complete ou ignore", i+1, p.Role)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("aucune ligne ; attendu source, territoire et role")
	}
	slices.SortStableFunc(list, func(a, b Priority) int {
		return cmp.Or(cmp.Compare(sourceKey(a.Source), sourceKey(b.Source)), cmp.Compare(a.Territoire, b.Territoire))
	})
	for i := 1; i < len(list); i++ {
		if a, b := list[i-1], list[i]; sourceKey(a.Source) == sourceKey(b.Source) && a.Territoire == b.Territoire {
			return nil, fmt.Errorf("source « %s », territoire %s : donnés deux fois ; attendu un seul rôle", b.Source, b.Territoire)
		}
	}
	return list, nil
}

func prioritiesOfCSV(text []byte) (list []Priority, err error) {
	r := csv.NewReader(bytes.NewReader(text))
	if line, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(line, []byte(";")) > bytes.Count(line, []byte(",")) {
		r.Comma = ';'
	}
	at := map[string]int{}
	for {
		fields, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, errors.New("CSV non compris ; attendu les colonnes source, territoire et role")
		case len(at) == 0:
			for i, f := range fields {
				at[strings.Join(lieu.Words(f), "")] = i
			}
			for _, name := range []string{"source", "territoire", "role"} {
				if _, ok := at[name]; !ok {
					return nil, fmt.Errorf("en-tête : colonne absente : %s ; attendu source, territoire et role", name)
				}
			}
			continue
		}
		list = append(list, Priority{fields[at["source"]], fields[at["territoire"]], fields[at["role"]]})
	}
}

// sourceKey is a source however it is written.
func sourceKey(source string) string { return strings.Join(lieu.Words(source), "-") }

// ranks are what roles are worth; a source that no row names has 1.
var ranks = map[string]int{Prevails: 2, "": 1, Completes: 0}

// precedence answers what each record is worth.
type precedence struct {
	t    *territory
	role map[[2]string]string // by source and territoire
}

func newPrecedence(t *territory, list []Priority) *precedence {
	p := &precedence{t, map[[2]string]string{}}
	for _, row := range list {
		p.role[[2]string{sourceKey(row.Source), row.Territoire}] = row.Role
	}
	return p
}

// roleOf is the role of a record; empty: no row speaks of it.
func (p *precedence) roleOf(l *lieu.Lieu) string {
	code, epci := l.Commune, ""
	if code == "" && l.Located {
		if in := p.t.known.At(l.At); len(in) > 0 {
			code = p.t.known.Communes[in[0]].Code
		}
	}
	if i, ok := p.t.known.Commune(code); ok {
		epci = p.t.known.Communes[i].EPCI
	}
	for _, territoire := range []string{code, epci, admin.DepartementOf(code), "*"} {
		if role, ok := p.role[[2]string{sourceKey(l.Source), territoire}]; ok && territoire != "" {
			return role
		}
	}
	return ""
}

func (p *precedence) rank(l *lieu.Lieu) int { return ranks[p.roleOf(l)] }

// keep leaves out the records that are ignored, and counts them by source.
func (p *precedence) keep(lieux []lieu.Lieu) (kept []lieu.Lieu, ignored map[string]int) {
	ignored = map[string]int{}
	for i := range lieux {
		if p.roleOf(&lieux[i]) == Ignored {
			ignored[lieux[i].Source]++
			continue
		}
		kept = append(kept, lieux[i])
	}
	return kept, ignored
}

// strangers warns of sources that no record has, and of territoires that are none.
func (p *precedence) strangers(list []Priority, lieux []lieu.Lieu) (out []Warning) {
	have, places := map[string]bool{}, map[string]bool{"*": true}
	for i := range lieux {
		have[sourceKey(lieux[i].Source)] = true
	}
	for i := range p.t.known.Communes {
		c := &p.t.known.Communes[i]
		places[c.Code], places[c.EPCI], places[admin.DepartementOf(c.Code)] = true, true, true
	}
	for _, row := range list {
		if !have[sourceKey(row.Source)] {
			out = append(out, Warning{Subject: AboutSource, Kind: store.Lieux.Kind, Field: "source", Value: row.Source, Reason: "aucune fiche n'est de cette source"})
		}
		if !places[row.Territoire] {
			out = append(out, Warning{Subject: AboutSource, Kind: store.Lieux.Kind, Field: "territoire", Value: row.Territoire, Reason: "ni commune, ni EPCI, ni département du magasin"})
		}
	}
	return out
}

// Precedence is what a table of priorities changed.
type Precedence struct {
	Ignored map[string]int `json:"ignored"` // records left out, by source
	People  int            `json:"people"`  // who are of another class by the edition's own question
	Changes map[string]int `json:"changes"` // of them, by "blanche > couverte"
}

// compare counts who changes class because of the table: the question of the edition, with
// and without it.
func (b *builder) compare(ctx context.Context) error {
	e := b.e
	without := *e
	if without.Lieux = b.rows.lieux; !e.Params.NoMerge {
		without.Lieux, without.Merges = lieu.Merge(b.rows.lieux)
	}
	if without.Named = e.Params.Named; without.Named == 0 {
		without.Named = lieu.Named(without.Lieux, without.Tournees)
	}
	without.Sites = lieu.Sites(without.Lieux, without.Tournees, without.Named)
	q := e.DefaultQuery()
	table, err := access.Compute(ctx, without.Travel(q.Mode), without.Origins, without.Sites, without.Serves(without.Sites), func(n, of int) { b.progress("priorités", n, of) })
	if err != nil {
		return err
	}
	without.Access[q.Mode] = table
	before, after := without.Answer(q).Class, e.Answer(q).Class
	for i, people := range e.People {
		if before[i] != after[i] && people > 0 {
			e.Precedence.People += int(people)
			e.Precedence.Changes[before[i].String()+" > "+after[i].String()] += int(people)
		}
	}
	return nil
}
