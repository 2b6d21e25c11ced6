package equipements

import (
	"bufio"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
)

// placed is where FINESS says that an établissement is.
type placed struct {
	at geo.LonLat
	by equipement.Placement
}

// emergency is a site that has an emergency department.
type emergency struct {
	source.Address
	fi, nom, commune string
}

// number is the number of a site, nine characters, with the zero that programs take from it.
func number(text string) string {
	if n := len(text); n > 0 && n < 9 && strings.Trim(text, "0123456789") == "" {
		return strings.Repeat("0", 9-n) + text
	}
	return text
}

// emergencies lists the sites of SAE that have an emergency department which is authorised
// (AUTSU of the table URGENCES; without that table, the sites of URGENCES2), in their order.
func (r *reader) emergencies(of map[kind][]table) ([]emergency, error) {
	ids, tables := of[saeID], of[saeUrgences]
	for _, t := range of[saeOther] {
		r.rec.Warn(t.Name, 0, "", "", "table de la SAE dont rien n'est lu : seules ID et URGENCES (ou URGENCES2) le sont")
	}
	if len(tables) == 0 {
		tables = of[saeUrgences2]
	}
	switch {
	case len(tables) == 0 && len(ids) == 0:
		return nil, nil
	case len(ids) == 0:
		return nil, source.FailAt(tables[0].Name, 0, "la table des urgences de la SAE ne dit pas où sont les sites ; donnez avec elle la table ID (SAE_…-ID) : maillage import equipements SAE_ID.csv %s", tables[0].Name)
	case len(tables) == 0:
		return nil, source.FailAt(ids[0].Name, 0, "la table ID de la SAE ne dit pas qui a un service d'urgences ; donnez avec elle la table URGENCES (SAE_…-URGENCES) : maillage import equipements %s SAE_URGENCES.csv", ids[0].Name)
	}
	var sites []emergency
	seen := map[string]int{}
	for _, t := range tables {
		err := r.each(t, func(row sheet.Row) error {
			fi := number(row.Get("fi"))
			if _, twice := seen[fi]; twice {
				r.rec.Merged++
				return nil
			}
			if authorised := row.Get("autsu"); t.of == saeUrgences && authorised != "1" || fi == "" {
				r.rec.Skipped++
				return nil
			}
			if t.of == saeUrgences && row.Get("autgen") == "0" && row.Get("autped") == "1" {
				r.note(t.Name, row.Line, "autped", "services d'urgences pour les enfants seuls, comptés comme les autres : %d")
			}
			seen[fi] = len(sites)
			sites = append(sites, emergency{source.Address{File: t.Name, Row: row.Line}, fi, row.Get("rs"), ""})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(of[saeUrgences]) > 0 {
		for _, t := range of[saeUrgences2] {
			if err := r.each(t, func(sheet.Row) error { r.rec.Skipped++; return nil }); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range ids {
		err := r.each(t, func(row sheet.Row) error {
			r.rec.Skipped++
			if i, wanted := seen[number(row.Get("fi"))]; wanted && sites[i].commune == "" {
				r.rec.Skipped--
				code, ok := r.commune(t.Name, row.Line, "cominsee", row.Get("cominsee"))
				if ok {
					r.rec.Merged++
					sites[i].commune = code
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return sites, nil
}

// each reads the rows of a table, counting them.
func (r *reader) each(t table, use func(sheet.Row) error) error {
	s, err := t.open()
	if err != nil {
		return err
	}
	defer s.Close()
	return sheet.EachRowIn(r.rec, s, use)
}

// placeEmergencies hands over the sites, where FINESS places them or at their commune.
func (r *reader) placeEmergencies(sites []emergency, places map[string]placed) error {
	for _, s := range sites {
		e := equipement.Equipement{ID: s.fi, Category: equipement.Urgences, Nom: s.nom, Commune: s.commune, Placement: equipement.ByCommune}
		if p, known := places[s.fi]; known && p.by != equipement.ByCommune {
			e.At, e.Placement = p.at, p.by
		} else if s.commune == "" {
			r.rec.Reject(s.File, s.Row, "fi", s.fi, "site absent de la table ID, ou sans commune : sa place n'est pas connue")
			continue
		} else {
			r.note(s.File, s.Row, "fi", "services d'urgences placés à leur commune, dont l'extraction FINESS donnerait la position : %d")
		}
		if err := r.keep(s.File, s.Row, e); err != nil {
			return err
		}
	}
	return nil
}

// site is an établissement of FINESS.
type site struct {
	row                        int
	fi, nom, commune, category string
	x, y, how                  string
}

// readFiness reads an extraction of FINESS: maisons de santé are kept, sites of SAE are
// placed, others are counted.
func (r *reader) readFiness(t table, sae []emergency, places map[string]placed) error {
	wanted := map[string]bool{}
	for _, s := range sae {
		wanted[s.fi] = true
	}
	var kept []*site
	byFI := map[string]*site{}
	take := func(s *site) {
		if _, ok := equipement.FINESS.Of(s.category); !ok && !wanted[s.fi] {
			r.rec.Skipped++
			if _, known := r.unused[s.category]; known || len(r.unused) < source.MaxFaults {
				r.unused[s.category]++
			}
			return
		}
		if byFI[s.fi] != nil {
			r.rec.Merged++
			return
		}
		kept, byFI[s.fi] = append(kept, s), s
	}
	var err error
	if t.of == finessTable {
		err = r.each(t, func(row sheet.Row) error {
			take(&site{row.Line, number(row.Get("nofinesset")), row.Get("rs"), communeOf(row.Get("departement"), row.Get("commune")), row.Get("categetab"),
				row.Get("coordxet"), row.Get("coordyet"), row.Get("sourcecoordet")})
			return nil
		})
	} else {
		err = r.eachLine(t, take, byFI)
	}
	if err != nil {
		return err
	}
	if len(sae) == 0 {
		r.rec.Warn(t.Name, 0, "categetab", "", "FINESS ne dit pas qui a un service d'urgences : donnez avec lui les tables ID et URGENCES de la SAE")
	}
	for _, s := range kept {
		if err := r.settle(t, s, wanted[s.fi], places); err != nil {
			return err
		}
	}
	return nil
}

// settle places an établissement, and hands it over unless it is one of SAE.
func (r *reader) settle(t table, s *site, ofSAE bool, places map[string]placed) error {
	p := placed{by: equipement.ByAddress}
	switch how := strings.ToUpper(strings.ReplaceAll(s.how, "_", "")); {
	case s.x == "" || s.y == "" || strings.Contains(how, "ADMIN-EXPRESS"):
		p.by = equipement.ByCommune
	case !strings.Contains(how, "2154") && !strings.Contains(how, "LAMBERT93") || overseas.MatchString(s.commune):
		r.note(t.Name, s.row, "sourcecoordet", "établissements d'outre-mer laissés de côté, dont les coordonnées ne sont pas en Lambert-93 (EPSG:2154) : %d")
		r.rec.Skipped++
		return nil
	default:
		var bad *source.Fault
		if p.at, bad = lambert(s.x, s.y, "coordxet", "coordyet"); bad != nil {
			r.rec.Reject(t.Name, s.row, bad.Field, bad.Value, bad.Reason)
			return nil
		}
	}
	if ofSAE {
		places[s.fi] = p
		r.rec.Merged++
		return nil
	}
	category, _ := equipement.FINESS.Of(s.category)
	commune, ok := r.commune(t.Name, s.row, "commune", s.commune)
	if !ok {
		return nil
	}
	if p.by == equipement.ByCommune {
		r.note(t.Name, s.row, "coordxet, coordyet", "établissements sans coordonnées, ou au milieu de leur commune, placés à leur commune : %d")
	}
	return r.keep(t.Name, s.row, equipement.Equipement{ID: s.fi, Category: category, Nom: s.nom, Commune: commune, Placement: p.by, At: p.at})
}

// communeOf is the code of a commune that FINESS parts in two: 02 and 408; 9A and 105, of
// Guadeloupe, are 97105.
func communeOf(departement, commune string) string {
	if n := len(commune); n > 0 && n < 3 {
		commune = strings.Repeat("0", 3-n) + commune
	}
	switch {
	case len(departement) == 1:
		departement = "0" + departement
	case strings.HasPrefix(departement, "9") && departement > "96":
		departement = "97"
	}
	return departement + commune
}

// eachLine reads the rows of the extraction that has two sorts of them: établissements, then
// where they are.
func (r *reader) eachLine(t table, take func(*site), byFI map[string]*site) error {
	text, err := t.OpenText()
	if err != nil {
		return err
	}
	defer text.Close()
	r.rec.NoteText(t.File)
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, source.MaxRecord)
	for row := 1; lines.Scan(); row++ {
		f := strings.Split(strings.TrimRight(lines.Text(), "\r"), ";")
		for i := range f {
			f[i] = source.Clean(f[i])
		}
		switch f[0] {
		case "structureet":
			r.rec.Read++
			if len(f) < 19 {
				r.rec.Reject(t.Name, row, "", "", "ligne structureet de moins de 19 champs ; attendu celles de l'extraction FINESS")
				break
			}
			take(&site{row: row, fi: number(f[1]), nom: f[3], commune: communeOf(f[13], f[12]), category: f[18]})
		case "geolocalisation":
			if len(f) < 5 {
				r.rec.Read++
				r.rec.Reject(t.Name, row, "", "", "ligne geolocalisation de moins de 5 champs ; attendu celles de l'extraction FINESS")
				break
			}
			if s := byFI[number(f[1])]; s != nil {
				s.x, s.y, s.how = f[2], f[3], strings.Join(f[4:], ",")
			}
		}
		if err := r.rec.Overflow(); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return source.FailAt(t.Name, 0, "lecture interrompue : %v", err)
	}
	return text.Verify()
}
