package lieux

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// warned lists the warnings of a report, without file and text, each with its count.
func warned(r *source.Report) map[string]int {
	count := map[string]int{}
	for _, w := range r.Warnings {
		reason := w.Reason
		if at := strings.Index(reason, " : caractère"); at > 0 {
			reason = reason[:at]
		}
		count[w.Field+": "+reason]++
	}
	return count
}

func TestRealFranceServices(t *testing.T) {
	imp, err := FranceServices(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "france-services-2024-08.csv")}, source.Options{Vintage: "2024-08-01"})
	lieux := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	if imp.Manifest.Dataset != "france-services" {
		t.Errorf("dataset %q", imp.Manifest.Dataset)
	}
	var aisne, itinerant, itinerantAisne, known, silent int
	for _, l := range lieux {
		in := strings.HasPrefix(l.Commune, "02")
		if in {
			aisne++
		}
		if l.Itinerant {
			itinerant++
			if in {
				itinerantAisne++
			}
		}
		if l.Horaires.Known {
			known++
		}
		if l.Horaires.Text == "" {
			silent++
		}
		if !l.Located || l.Services.Len() != 2 || l.MisAJour.Format("2006-01-02") != "2024-08-01" || sourcetest.Contacts.MatchString(textOf(l)) {
			t.Errorf("unexpected: %+v", l)
		}
	}
	// 291, 2446 and 2831 have ranges that overlap: their union; 2964 has no hours at all.
	got := [...]int{len(lieux), aisne, itinerant, itinerantAisne, known, silent}
	if want := [...]int{249, 35, 20, 5, 249 - 1, 1}; got != want {
		t.Errorf("lieux, of the Aisne, itinerant, of the Aisne, known hours, no hours: got %v, want %v", got, want)
	}
	want := map[string]int{
		"itinerance: ses arrêts ne sont pas dans ce fichier ; importez sa tournée : maillage import tournees FICHIER":                            itinerant,
		"format_fs: le commentaire parle d'un bus ou d'une itinérance : lu comme un lieu fixe ; ses autres arrêts s'importent comme une tournée": 6, // 34, 50, 456, 701, 2328, 2964
		// 972 on six days, 2335, 2789
		"h_lundi: plage vide (00:00 - 00:00), laissée de côté": 2, "h_mardi: plage vide (00:00 - 00:00), laissée de côté": 1,
		"h_mercredi: plage vide (00:00 - 00:00), laissée de côté": 2, "h_jeudi: plage vide (00:00 - 00:00), laissée de côté": 1,
		"h_vendredi: plage vide (00:00 - 00:00), laissée de côté": 1, "h_samedi: plage vide (00:00 - 00:00), laissée de côté": 1,
		"h_lundi: horaires à relire": 3, "h_mardi: horaires à relire": 3,
		"h_mercredi: horaires à relire": 3, "h_jeudi: horaires à relire": 4,
		"h_vendredi: horaires à relire": 1,
	}
	if diff := cmp.Diff(want, warned(imp.Report)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}

	// The same 35 places, as the table of facts derives them from the list.
	facts, err := Lieux(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "facts", "lieux.csv")}, source.Options{})
	byID := map[string]lieu.Lieu{}
	for _, l := range sourcetest.Rows(t, facts, err) {
		byID[l.ID] = l
	}
	for _, l := range lieux {
		f, ok := byID[l.ID]
		if strings.HasPrefix(l.Commune, "02") != ok {
			t.Errorf("%s: in the facts is %v", l.ID, ok)
		}
		if !ok {
			continue
		}
		f.Horaires.Text, l.Horaires.Text = "", ""
		f.Commentaire, f.Presentation = f.Presentation, "" // where the schema has a place for it
		if diff := cmp.Diff(f, l); diff != "" {
			t.Errorf("%s (-facts +list):\n%s", l.ID, diff)
		}
	}
}

func TestRealConseillersNumeriques(t *testing.T) {
	imp, err := Lieux(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "conseillers-numeriques-2022.json")}, source.Options{})
	lieux := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	var located, known, services, free, labelled int
	for _, l := range lieux {
		if l.Located {
			located++
		}
		if l.Horaires.Known {
			known++
		}
		services += l.Services.Len()
		if l.Frais == "Gratuit" {
			free++
		}
		if slices.Contains(strings.Split(l.Dispositif, "|"), "Conseillers numériques") {
			labelled++
		}
		if sourcetest.Contacts.MatchString(textOf(l)) {
			t.Errorf("unexpected: %+v", l)
		}
	}
	got := [...]int{len(lieux), located, known, services, free, labelled}
	if want := [...]int{452, 450, 452 - 55 - 5, 2 * 452, 452, 452}; got != want {
		t.Errorf("lieux, located, known hours, services, free, labelled: got %v, want %v", got, want)
	}
	want := map[string]int{
		"latitude, longitude: coordonnées absentes ; le lieu est gardé mais ne compte dans aucun calcul": 2,
		"horaires: horaires non compris, laissés inconnus":                                               5,
		"horaires: horaires à relire":                                                                    1, // a range twice
		": rien ne dit que le public est reçu : accueil inconnu dans 14 lignes":                          1,
	}
	if diff := cmp.Diff(want, warned(imp.Report)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if imp.Manifest.Format != "JSON, schéma lieux de médiation numérique" {
		t.Errorf("format %q", imp.Manifest.Format)
	}
}

// TestRealMerges pins what becomes one lieu in the table of facts of the Aisne, and
// what the raw files add to it.
func TestRealMerges(t *testing.T) {
	facts, err := Lieux(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "facts", "lieux.csv")}, source.Options{})
	lieux := sourcetest.Rows(t, facts, err)
	kept, merges := lieu.Merge(lieux)
	var got []string
	suffixes := 0
	for _, m := range merges {
		// The records of data·inclusion that are those of the conseillers numériques.
		a, isCopy := strings.CutPrefix(m.Absorbed, "data-inclusion-")
		if b, ok := strings.CutPrefix(m.Kept, "conseiller-numerique-"); isCopy && ok && a == b {
			suffixes++
			continue
		}
		got = append(got, fmt.Sprintf("%s < %s, %.2f, %.0f m", m.Kept, m.Absorbed, m.Score, m.DistanceM))
	}
	if suffixes != 20 { // the 21st, a copy of 62b41b5a…, goes with it to 62b41b56…
		t.Errorf("%d copies of data·inclusion merged under their own id, want 20", suffixes)
	}
	want := []string{
		"bibliotheque-15418 < bibliotheque-5122, 0.77, 78 m",
		"conseiller-numerique-62b41b56dd51e705b1808889 < conseiller-numerique-62b41b5add51e705b180888a, 1.00, 0 m",
		"conseiller-numerique-62b41b56dd51e705b1808889 < data-inclusion-62b41b5add51e705b180888a, 1.00, 0 m",
		"conseiller-numerique-62f37202a97f6105b212e274 < conseiller-numerique-62c541b3c9ce0606dcdcfeec, 0.94, 0 m", // "Croix rouge", twice
		"conseiller-numerique-637f443c4acda506f71c1752 < bibliotheque-52, 1.00, 15 m",
		"conseiller-numerique-6387051a0830e306f21ed26f < bibliotheque-5080, 0.82, 119 m",
		"france-services-1006 < france-services-3139, 0.87, 107 m",
		"france-services-1007 < france-services-3141, 0.95, 54 m",
		"france-services-1008 < france-services-3140, 0.96, 51 m",
		// Conseillers numériques who declare the France Services itself as their place.
		"france-services-2145 < conseiller-numerique-62cec3184f82c306de287e06, 1.00, 0 m",
		"france-services-2327 < conseiller-numerique-62ab24498255a806e299c9b5, 1.00, 9 m",
		"france-services-2328 < conseiller-numerique-6387067b0830e306f21ed277, 0.96, 48 m",
		"france-services-5 < conseiller-numerique-62ac27b88255a806e299d016, 1.00, 10 m",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merges (-want +got):\n%s", diff)
	}
	if len(kept) != 193 {
		t.Errorf("%d lieux are left of %d", len(kept), len(lieux))
	}
	byID := map[string]lieu.Lieu{}
	for _, l := range kept {
		byID[l.ID] = l
	}
	for id, want := range map[string]string{
		"france-services-1006": "Tu,We 09:00-12:45,13:30-17:00", "france-services-1007": "Mo 09:00-12:45,13:30-17:00; Th 09:00-12:45,13:30-17:00",
		"france-services-1008": "Th,Fr 09:00-12:45,13:30-17:00",
	} {
		if got := byID[id].Horaires.Text; got != want {
			t.Errorf("%s: hours %q, want %q", id, got, want)
		}
	}

	// The raw file beside holds 43 of these records again, under shorter ids and
	// without the code of the commune: each joins its own.
	raw, err := Lieux(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "facts", "lieux.csv"), sourcetest.RealFile(t, "aisne", "conseillers-numeriques-2022.json")}, source.Options{})
	all := sourcetest.Rows(t, raw, err)
	kept, _ = lieu.Merge(all)
	of := map[string]string{}
	for _, l := range kept {
		of[l.ID] = l.ID
		for _, id := range l.Merged {
			of[id] = l.ID
		}
	}
	again := 0
	for id, in := range of {
		if long, ok := of["conseiller-numerique-"+id]; ok {
			again++
			if long != in {
				t.Errorf("%s is not one with its copy", id)
			}
		}
	}
	if len(all) != 678 || len(of) != 678 || again != 43 {
		t.Errorf("%d lieux read, %d accounted for, %d twice; want 678, 678, 43", len(all), len(of), again)
	}
	if len(kept) != 585 {
		t.Errorf("%d lieux are left of the two files, want 585", len(kept))
	}
}
