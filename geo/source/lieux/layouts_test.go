package lieux

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func horaires(t *testing.T, text string) lieu.Horaires {
	t.Helper()
	h, err := lieu.ParseHoraires(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The same lieu in four dialects of the old schema, and in the new one as JSON.
func TestLieuxLayouts(t *testing.T) {
	old := lieu.Lieu{ID: "a", Nom: "L'Escale", CommuneNom: "LAON", CodePostal: "02000", Adresse: "1 rue du Bourg", At: geo.LonLat{Lon: 3.62, Lat: 49.56}, Located: true,
		Typologie: "CCAS|ASSO", Services: lieu.Services(0).With(lieu.Outils).With(lieu.Culture).With(lieu.Demarches), Horaires: horaires(t, "Tu-Fr 14:00-17:00; We 10:00-12:00"),
		Source: "conseiller-numerique", MisAJour: time.Date(2022, 5, 2, 0, 0, 0, 0, time.UTC), SiteWeb: "https://example.org", Frais: "Gratuit|Payant",
		Dispositif: "Conseillers numériques|Point relais CAF"}
	const header = `id;nom;commune;code_postal;adresse;latitude;longitude;typologie;services;conditions_access;labels_nationaux;structureId;Horaires;source;date_maj;Site Web`
	const line = `a;L'Escale;LAON;02000;1 rue du Bourg;49.56;3.62;"CCAS;ASSO";"Prendre en main un ordinateur;Approfondir ma culture numérique;Accompagner les démarches de santé";"Gratuit : Je peux accéder gratuitement au lieu et à ses services;Adhésion : L'accès au lieu et/ou à ses services nécessite d'y adhérer";"CNFS;Point relais CAF";s;"Tu-Fr 14:00-17:00; We 10:00-12:00";conseiller-numerique;2022-05-02;https://example.org`
	const object = `"nom":"L'Escale","commune":"LAON","code_postal":"02000","adresse":"1 rue du Bourg","latitude":49.56,"longitude":3.62,"typologie":"CCAS;ASSO","services":"Prendre en main un ordinateur;Approfondir ma culture numérique;Accompagner les démarches de santé","conditions_access":"Gratuit : Je peux accéder gratuitement au lieu et à ses services;Adhésion : …","labels_nationaux":"CNFS;Point relais CAF","structureId":"s","horaires":"Tu-Fr 14:00-17:00; We 10:00-12:00","source":"conseiller-numerique","date_maj":"2022-05-02","site_web":"https://example.org"`
	windows, err := charmap.Windows1252.NewEncoder().String(header + "\r\n" + line + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	windowsJSON, err := charmap.Windows1252.NewEncoder().String(`[{"id":"a",` + strings.Replace(object, "…", "", 1) + `}]`)
	if err != nil {
		t.Fatal(err)
	}
	without := old
	without.At, without.Located = geo.LonLat{}, false
	current := old
	current.Commune, current.CommuneNom, current.Dispositif, current.Itinerant, current.NoPublic, current.Acces = "02408", "Laon", "France Services|Aidants Connect", true, true, "Ce lieu n'accueille pas de public"
	for _, tt := range []struct {
		special, text, format string
		want                  lieu.Lieu
		warns                 int
	}{
		{"v0.1 CSV", header + "\n" + line + "\n", "CSV, schéma lieux de médiation numérique v0.1", old, 0},
		{"v0.1 CSV with a byte order mark", "\ufeff" + header + "\r\n" + line + "\r\n", "CSV, schéma lieux de médiation numérique v0.1", old, 0},
		{"v0.1 CSV in Windows-1252", windows, "CSV, schéma lieux de médiation numérique v0.1", old, 1},
		{"v0.1 CSV without coordinates", strings.Replace(header, "latitude;longitude;", "", 1) + "\n" + strings.Replace(line, "49.56;3.62;", "", 1) + "\n", "CSV, schéma lieux de médiation numérique v0.1", without, 1},
		{"v0.1 JSON", "\ufeff [ {\"id\":\"a\"," + object + "} ] \n", "JSON, schéma lieux de médiation numérique", old, 0},
		{"v0.1 JSON in Windows-1252", windowsJSON, "JSON, schéma lieux de médiation numérique", old, 1},
		{"v0.1 JSON, one object per line", "{\"id\":\"a\"," + object + "}\r\n\r\n", "JSON, schéma lieux de médiation numérique", old, 0},
		{"v0.1 JSON in an object", "{\"total\":1,\"meta\":{\"items\":[3]},\"items\":[{\"id\":\"a\"," + object + "}],\"next\":null}", "JSON, schéma lieux de médiation numérique", old, 0},
		{"v0.1 JSON with nulls and a lone number for an id", `[{"id":"a","courriel":null,"nb_conseillers":1,"cle_ban":null,` + object + `}]`, "JSON, schéma lieux de médiation numérique", old, 0},
		{"v1 JSON with lists", `[{"id":"a","pivot":"00000000000000","nom":"L'Escale","commune":"Laon","code_postal":"02000","code_insee":"02408","adresse":"1 rue du Bourg","latitude":"49.56","longitude":3.62,"typologie":["CCAS","ASSO"],"services":["Aide aux démarches administratives","Maîtrise des outils numériques du quotidien","Comprehension du monde numérique"],"frais_a_charge":["Gratuit","Payant"],"dispositif_programmes_nationaux":["France Services","Aidants Connect"],"horaires":"Tu-Fr 14:00-17:00; We 10:00-12:00","source":"conseiller-numerique","date_maj":"2022-05-02T10:00:00Z","site_web":["https://example.org"],"itinerance":["Itinérant"],"modalites_acces":["Ce lieu n'accueille pas de public"]}]`, "JSON, schéma lieux de médiation numérique", current, 0},
	} {
		imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory("l", []byte(tt.text))}, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		if diff := cmp.Diff([]lieu.Lieu{tt.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		if imp.Manifest.Format != tt.format || len(imp.Report.Warnings) != tt.warns {
			t.Errorf("%s: format %q, warnings %v", tt.special, imp.Manifest.Format, imp.Report.Warnings)
		}
	}
}

func TestOldServicesAreFifteen(t *testing.T) {
	all := lieu.Services(0)
	for label := range oldServices {
		s, ok := serviceLabel(strings.ReplaceAll(strings.ToUpper(label), "'", "’"))
		if !ok || s != oldServices[label] {
			t.Errorf("%q gives %v, %v", label, s, ok)
		}
		all = all.With(s)
	}
	if len(oldServices) != 15 || all.Len() != 8 || all.Offers(lieu.Securite) {
		t.Errorf("%d old services give %v; want 15, that give all but the safe use", len(oldServices), all.List())
	}
}

func TestDataInclusion(t *testing.T) {
	const structures = `{"id":"dora--s1","source":"dora","nom":"Centre social","siret":"13003013300016","commune":"Laon","code_insee":"02408","code_postal":"02000","adresse":"1 rue du Bourg","latitude":49.56,"longitude":3.62,"date_maj":"2025-02-14","description":"x","horaires_accueil":"Mo-Fr 09:00-12:00; PH off","reseaux_porteurs":["france-service","caf","aidants-connect"],"site_web":"https://example.org"}
{"id":"dora--s2","source":"dora","nom":"Garage solidaire","description":"x","latitude":49.5,"longitude":3.6}
{"id":"dora--s3","source":"dora","nom":"Emmaüs","description":"x","adresse":"2 rue","commune":"Laon","code_postal":"02000"}
{"id":"dora--s4","source":"dora","nom":"Bus","description":"x","latitude":49.5,"longitude":3.6,"adresse":"2 rue","commune":"Laon","code_postal":"02000"}
`
	const services = `{"id":"dora--v1","structure_id":"dora--s1","thematiques":["numerique--maitriser-les-fondamentaux-du-numerique","mobilite--louer-un-vehicule"],"frais":"gratuit","modes_accueil":["en-presentiel","a-distance"]}
{"id":"dora--v2","structure_id":"dora--s1","thematiques":["numerique--promouvoir-la-citoyennete-numerique"],"frais":["gratuit-sous-conditions"],"latitude":49.5601,"longitude":3.6201,"horaires_accueil":"Tu 14:00-17:00"}
{"id":"dora--v3","structure_id":"dora--s2","thematiques":["mobilite--entretenir-reparer-son-vehicule"]}
{"id":"dora--v4","structure_id":"dora--s1","thematiques":["numerique--acceder-a-une-connexion-internet"],"latitude":49.6,"longitude":3.7,"adresse":"Mairie","code_insee":"02001","commune":"Abbécourt","code_postal":"02300","horaires_accueil":"We 14:00-17:00"}
{"id":"dora--v5","structure_id":"dora--s1","thematiques":["numerique"],"latitude":49.6001,"longitude":3.7,"adresse":"Mairie","code_insee":"02001"}
{"id":"dora--v6","structure_id":"dora--s3","thematiques":["numerique"],"latitude":49.7,"longitude":3.8}
{"id":"dora--v7","structure_id":"dora--s1","thematiques":["numerique--acquerir-un-equipement"],"modes_accueil":["a-distance"]}
{"id":"dora--v8","structure_id":"dora--s4","thematiques":["numerique--acquerir-un-equipement"],"latitude":49.8,"longitude":3.9}
`
	social := lieu.Lieu{ID: "dora--s1", Nom: "Centre social", Commune: "02408", CommuneNom: "Laon", CodePostal: "02000", Adresse: "1 rue du Bourg", At: geo.LonLat{Lon: 3.62, Lat: 49.56}, Located: true,
		Services: lieu.Services(0).With(lieu.Outils).With(lieu.Culture), Horaires: horaires(t, "Tu 14:00-17:00"), Source: "dora", MisAJour: time.Date(2025, 2, 14, 0, 0, 0, 0, time.UTC),
		SiteWeb: "https://example.org", Frais: "Gratuit|Gratuit sous condition", Dispositif: "France Services|Aidants Connect", Distance: true,
		Details: lieu.Details{Presentation: "x"}}
	away := social
	away.ID, away.Commune, away.CommuneNom, away.CodePostal, away.Adresse, away.At = "dora--v4", "02001", "Abbécourt", "02300", "Mairie", geo.LonLat{Lon: 3.7, Lat: 49.6}
	away.Services, away.Horaires, away.Frais = lieu.Services(0).With(lieu.AccesInternet), horaires(t, "We 14:00-17:00"), ""
	away.Distance = false
	called := social // help without a visit
	called.ID, called.NoPublic, called.Horaires, called.Frais, called.Services = "dora--v7", true, lieu.Horaires{}, "", lieu.Services(0).With(lieu.Materiel)
	x := lieu.Details{Presentation: "x"}
	want := []lieu.Lieu{social, away, called,
		{ID: "dora--s3", Nom: "Emmaüs", CommuneNom: "Laon", CodePostal: "02000", Adresse: "2 rue", At: geo.LonLat{Lon: 3.8, Lat: 49.7}, Located: true, Source: "dora", Details: x},
		{ID: "dora--v8", Nom: "Bus", At: geo.LonLat{Lon: 3.9, Lat: 49.8}, Located: true, Source: "dora", Services: lieu.Services(0).With(lieu.Materiel), Details: x}}
	list := func(lines string) string { return "[" + strings.ReplaceAll(strings.TrimSpace(lines), "\n", ",") + "]" }
	for _, tt := range []struct {
		special string
		files   []source.Input
	}{
		{"two files, one object per line", []source.Input{sourcetest.Memory("s.json", []byte(structures)), sourcetest.Memory("v.json", []byte(services))}},
		{"services first, lists", []source.Input{sourcetest.Memory("v.json", []byte(list(services))), sourcetest.Memory("s.json", []byte(list(structures)))}},
		{"one object", []source.Input{sourcetest.Memory("d.json", []byte(`{"structures":`+list(structures)+`,"services":`+list(services)+`}`))}},
		{"one file, all mixed", []source.Input{sourcetest.Memory("d.json", []byte(structures+services))}},
	} {
		imp, err := Lieux(t.Context(), tt.files, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		r := imp.Report
		// Skipped: s2 and v3, s4 which itself offers nothing.
		if r.Read != 12 || r.Accepted != 5 || r.Merged != 4 || r.Skipped != 3 || len(r.Rejected) != 0 {
			t.Errorf("%s: read %d, accepted %d, merged %d, skipped %d, rejected %v", tt.special, r.Read, r.Accepted, r.Merged, r.Skipped, r.Rejected)
		}
		last := r.Warnings[len(r.Warnings)-1].Reason
		if last != "laissés de côté : structures sans service numérique, 1 ; services qui ne sont pas numériques, 1" {
			t.Errorf("%s: told %q", tt.special, last)
		}
	}
}

func TestSeveralLayoutsAreOneImport(t *testing.T) {
	list := "id_fs,lib_fs,adresse,insee_com,code_postal,lib_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,format_fs\n4,France services,1 rue,02468,02250,Marle,49.7,3.7,,,,,,,Itinérante\n"
	imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory("l.csv", lieuxCSV(nil)), sourcetest.Memory("f.csv", []byte(list)), sourcetest.Memory("d.json", []byte(`{"structures":[{"id":"s","nom":"x","latitude":49.7,"longitude":3.7}],"services":[{"id":"v","structure_id":"s","thematiques":"numerique"}]}`))}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	if len(got) != 3 || got[0].ID != "a" || got[1].ID != "france-services-4" || !got[1].Itinerant || got[1].Horaires.Known || got[2].ID != "s" {
		t.Errorf("got %+v", got)
	}
	if want := "CSV, schéma lieux de médiation numérique v1.0.2 ; CSV, liste officielle France Services ; JSON, data·inclusion"; imp.Manifest.Format != want {
		t.Errorf("format %q", imp.Manifest.Format)
	}
}

func TestWeekText(t *testing.T) {
	const am, pm = "09:00-12:00", "14:00-17:00"
	for _, tt := range []struct {
		special string
		days    [len(weekdays)]string
		want    string
	}{
		{"every day alike", [...]string{am, am, am, am, am, am}, "Mo-Sa 09:00-12:00"},
		{"two days are a list", [...]string{am, am, "", "", "", ""}, "Mo,Tu 09:00-12:00"},
		{"days apart", [...]string{am, "", am, am, am, ""}, "Mo,We-Fr 09:00-12:00"},
		{"two kinds of days", [...]string{am, pm, am, pm, am, "10:00-11:00"}, "Mo,We,Fr 09:00-12:00; Tu,Th 14:00-17:00; Sa 10:00-11:00"},
		{"one day", [...]string{"", "", "", "", "", am}, "Sa 09:00-12:00"},
		{"none", [len(weekdays)]string{}, "off"},
	} {
		if got := weekText(tt.days[:]); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.special, got, tt.want)
		}
	}
	// Whatever the days, the text means what the columns say.
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 200 {
		var days [len(weekdays)]string
		var want lieu.Slots
		for i := range days {
			if days[i] = []string{"", am, pm, am + "," + pm}[r.IntN(4)]; days[i] != "" {
				h := horaires(t, weekdays[i].day+" "+days[i])
				want.Union(&h.Slots)
			}
		}
		if got := horaires(t, weekText(days[:])); got.Slots != want {
			t.Fatalf("week %d: %v gives %q", n, days, got.Text)
		}
	}
}

func TestUnescape(t *testing.T) {
	const text = `Le\x20lundi\x20\xE0\x2017\x3A00, \xZZ et C:\xylo`
	if got, want := unescape(text), `Le lundi à 17:00, \xZZ et C:\xylo`; got != want {
		t.Errorf("unescape = %q, want %q", got, want)
	}
}

// nationalCSV is a file of n lieux of the national schema, its 32 columns as long as
// those of the national file (about 1 kB a row).
func nationalCSV(n int) []byte {
	r := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	b.WriteString("id,pivot,nom,commune,code_postal,code_insee,adresse,complement_adresse,latitude,longitude,typologie,telephone,courriels,site_web,horaires,presentation_resume,presentation_detail,source,itinerance,structure_parente,date_maj,services,publics_specifiquement_adresses,prise_en_charge_specifique,frais_a_charge,dispositif_programmes_nationaux,formations_labels,autres_formations_labels,modalites_acces,modalites_accompagnement,fiche_acces_libre,prise_rdv\n")
	hours := []string{"", "\"Mo-Fr 09:00-12:00,13:30-17:00\"", "\"Mo-Fr 09:00-12:00,14:00-18:00; Tu 09:00-12:00; Sa off\"", "\"week 1-53/2 Tu 09:00-12:00; PH off\"", "Mo-Fr 09:00-12:00-14:00"}
	detail := strings.Repeat("Le réseau propose à la population une offre d'accompagnement de proximité. ", 6)
	for i := range n {
		code := 1000 + r.IntN(90_000)
		fmt.Fprintf(&b, "lieu-%d,00000000000000,Espace public numérique n° %d,Commune %d,%05d,%05d,\"%d rue du Général de Gaulle, bâtiment B\",,%.6f,%.6f,CCAS|ASSO,+33300000000,a%d@example.org,https://example.org/lieux/%d,%s,Un lieu d'accueil,\"%s\",Hubik,Fixe,,2024-0%d-1%d,Aide aux démarches administratives|Maîtrise des outils numériques du quotidien|Compréhension du monde numérique,Seniors|Jeunes,,Gratuit,Conseillers numériques|Aidants Connect,,,Se présenter|Téléphoner,Accompagnement individuel|En autonomie,,https://example.org/rdv\n",
			i, i, code, code, code, 1+r.IntN(99), 42+9*r.Float64(), -4.5+12*r.Float64(), i, i, hours[r.IntN(len(hours))], detail, 1+r.IntN(9), r.IntN(9))
	}
	return []byte(b.String())
}

// BenchmarkLieux reads the lieux of France: 25 000 rows. heap_MB is the largest heap
// seen during the import, with what the consumer keeps (every lieu) and the file itself.
func BenchmarkLieux(b *testing.B) {
	const n = 25_000
	in := sourcetest.Memory("national.csv", nationalCSV(n))
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most, size := uint64(0), int64(0)
	for b.Loop() {
		imp, err := Lieux(b.Context(), []source.Input{in}, source.Options{})
		if err != nil {
			b.Fatal(err)
		}
		var kept []lieu.Lieu
		for l, err := range imp.Rows {
			if err != nil {
				b.Fatal(err)
			}
			if kept = append(kept, l); len(kept)%5000 == 0 {
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse)
			}
		}
		size = imp.Report.Files[0].Bytes
		if len(kept) != n {
			b.Fatalf("%d lieux", len(kept))
		}
	}
	b.SetBytes(size)
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(most)/1e6, "heap_MB")
	b.ReportMetric(float64(size)/1e6, "file_MB")
}

func TestLimitsOfJSON(t *testing.T) {
	object := func(id string, size int) string {
		return `{"id":"` + id + `","nom":"x","services":"","presentation_detail":"` + strings.Repeat("x", size) + `"}`
	}
	for _, tt := range []struct {
		special, text string
		lieux         int
		rejected, end string
	}{
		{"an element of 2 MiB", "[" + object("a", 2<<20) + "," + `{"id":"b","nom":"x","services":""}` + "]", 1, "enregistrement de plus de 1 Mio", ""},
		{"an element of 10 MiB", `[{"id":"b","nom":"x","services":""},` + object("a", 10<<20) + "]", 0, "", "l:2: objet de plus de 8 Mio"},
		{"a line of 10 MiB", `{"id":"b","nom":"x","services":""}` + "\n" + object("a", 10<<20), 0, "", "l:2: ligne de plus de 1 Mio"},
		{"a member of 10 MiB beside the list", `{"items":[{"id":"b","nom":"x","services":""}],"html":` + object("a", 10<<20) + "}", 0, "", "l:2: objet de plus de 8 Mio"},
	} {
		imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory("l", []byte(tt.text))}, source.Options{MaxRejectShare: 1})
		if err != nil {
			t.Fatal(err)
		}
		n, end := 0, ""
		for _, err := range imp.Rows {
			if err != nil {
				end = err.Error()
			} else {
				n++
			}
		}
		rejected := ""
		for _, r := range imp.Report.Rejected {
			rejected += r.Reason
		}
		if n != tt.lieux || rejected != tt.rejected || !strings.Contains(end, tt.end) || tt.end == "" && end != "" {
			t.Errorf("%s: %d lieux, rejected %q, end %q; want %d, %q, %q", tt.special, n, rejected, end, tt.lieux, tt.rejected, tt.end)
		}
	}
}
