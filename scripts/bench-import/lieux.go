package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
)

// columns are the 32 of the national schema "lieux de médiation numérique", v1.0.2.
var columns = []string{
	"id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse",
	"latitude", "longitude", "typologie", "telephone", "courriels", "site_web", "horaires",
	"presentation_resume", "presentation_detail", "source", "itinerance", "structure_parente", "date_maj",
	"services", "publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge",
	"dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces",
	"modalites_accompagnement", "fiche_acces_libre", "prise_rdv",
}

// centres are communes that lieux are spread around, overseas too.
var centres = []struct {
	nom, postal, insee string
	lat, lon           float64
}{
	{"Laon", "02000", "02408", 49.5641, 3.6199}, {"Amiens", "80000", "80021", 49.8941, 2.2957},
	{"Lille", "59000", "59350", 50.6366, 3.0635}, {"Paris", "75001", "75056", 48.8566, 2.3522},
	{"Rouen", "76000", "76540", 49.4405, 1.0939}, {"Caen", "14000", "14118", 49.1829, -0.3707},
	{"Rennes", "35000", "35238", 48.1113, -1.6800}, {"Brest", "29200", "29019", 48.3904, -4.4861},
	{"Nantes", "44000", "44109", 47.2184, -1.5536}, {"Tours", "37000", "37261", 47.3941, 0.6848},
	{"Orléans", "45000", "45234", 47.9029, 1.9093}, {"Dijon", "21000", "21231", 47.3220, 5.0415},
	{"Strasbourg", "67000", "67482", 48.5734, 7.7521}, {"Metz", "57000", "57463", 49.1193, 6.1757},
	{"Reims", "51100", "51454", 49.2583, 4.0317}, {"Lyon", "69001", "69123", 45.7640, 4.8357},
	{"Grenoble", "38000", "38185", 45.1885, 5.7245}, {"Clermont-Ferrand", "63000", "63113", 45.7772, 3.0870},
	{"Limoges", "87000", "87085", 45.8336, 1.2611}, {"Poitiers", "86000", "86194", 46.5802, 0.3404},
	{"Bordeaux", "33000", "33063", 44.8378, -0.5792}, {"Toulouse", "31000", "31555", 43.6047, 1.4442},
	{"Montpellier", "34000", "34172", 43.6108, 3.8767}, {"Marseille", "13001", "13055", 43.2965, 5.3698},
	{"Nice", "06000", "06088", 43.7102, 7.2620}, {"Ajaccio", "20000", "2A004", 41.9192, 8.7386},
	{"Saint-Denis", "97400", "97411", -20.8789, 55.4481}, {"Fort-de-France", "97200", "97209", 14.6161, -61.0588},
}

// The vocabulary of the schema, and words to make names and texts of.
var (
	services = []string{
		"Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien", "Insertion professionnelle via le numérique",
		"Utilisation sécurisée du numérique", "Parentalité et éducation avec le numérique", "Loisirs et créations numériques",
		"Compréhension du monde numérique", "Accès internet et matériel informatique", "Acquisition de matériel informatique à prix solidaire",
	}
	kinds = []struct{ nom, typologie string }{
		{"Médiathèque", "BIB"}, {"Mairie", "MUNI"}, {"Centre social", "CS"}, {"France services", "RFS"}, {"Mission locale", "ML"},
		{"Tiers-lieu", "TIERS_LIEUX"}, {"Point information jeunesse", "PIJ_BIJ"}, {"Association", "ASSO"}, {"Maison de quartier", "MQ"},
		{"Centre communal d’action sociale", "CCAS"}, {"Espace public numérique", "EPN"}, {"Conseil départemental", "DEPT"},
	}
	names = []string{
		"Simone Veil", "Jean Moulin", "des Tilleuls", "du Moulin", "Jules Verne", "de la Vallée", "Les Remparts", "Louise Michel", "de l’Écluse",
		"du Vieux-Marché", "Saint-Martin", "Aimé Césaire", "Olympe de Gouges", "de la Source", "des Quatre-Vents", "Victor Hugo", "Camille Claudel",
	}
	streets    = []string{"rue", "avenue", "place", "boulevard", "chemin", "allée", "impasse", "quai"}
	publics    = []string{"Jeunes", "Étudiants", "Familles et/ou enfants", "Seniors", "Femmes"}
	care       = []string{"Surdité", "Handicaps moteurs", "Handicaps mentaux", "Illettrisme", "Langues étrangères (anglais)", "Déficience visuelle"}
	frais      = []string{"Gratuit", "Gratuit sous condition", "Payant"}
	programmes = []string{"Aidants Connect", "Conseillers numériques", "France Services", "Emmaüs Connect", "Promeneurs du net"}
	trainings  = []string{"Formé à « Mon Espace Santé »", "Formé à « DUPLEX » (illettrisme)", "Arnia/MedNum BFC (Bourgogne-Franche-Comté)"}
	ways       = []string{"Se présenter", "Téléphoner", "Contacter par mail", "Prendre un RDV en ligne"}
	help       = []string{"En autonomie", "Accompagnement individuel", "Dans un atelier collectif", "À distance"}
	producers  = []string{"Hubik", "Conseiller Numérique", "Coop numérique", "dora", "Mednum BFC", "Les Assembleurs", "Aidants Connect"}
	sentences  = []string{
		"Des ordinateurs et une imprimante sont en libre accès pendant les heures d’ouverture.",
		"Un conseiller vous aide à faire vos démarches en ligne : impôts, retraite, santé, logement.",
		"Les ateliers, en petits groupes, suivent un parcours de la prise en main à l’autonomie.",
		"Une permanence se tient le samedi matin ; venez avec votre appareil, chargé si possible.",
		"L’équipe propose d’apprendre à reconnaître les courriels frauduleux, « hameçonnage » compris.",
		"Le lieu est accessible aux fauteuils roulants, et un parking se trouve derrière le bâtiment.",
		"Apprenez à classer vos photos, à les partager et à les sauvegarder.",
		"Les parents y trouvent des rencontres sur les écrans et les jeux vidéo.",
		"Le matériel reconditionné est vendu à prix solidaire, sous condition de ressources.",
	}
)

// createLieux writes a file of made-up lieux, and answers its size in bytes.
func createLieux(path string, rows int, seed uint64) (size int64, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	if err := writeLieux(f, rows, seed); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// writeLieux writes as many lieux as a nation has, as various and as wordy: some
// 1.1 kB each, two thirds with regular hours, a quarter without any, the others
// with weeks, holidays, dates, or words that no program reads. One in twenty is the
// place of the row before as another producer tells it. Every row is sound. The same
// seed gives the same bytes.
func writeLieux(to io.Writer, rows int, seed uint64) error {
	w := csv.NewWriter(to)
	if err := w.Write(columns); err != nil {
		return err
	}
	g := &maker{rand.New(rand.NewPCG(seed, 0))}
	var row []string
	for i := range rows {
		if again := row != nil && g.chance(0.05); again {
			row[2] = strings.ToUpper(row[2])
			row[17], row[20] = g.one(producers), g.day()
		} else {
			row = g.lieu()
		}
		row[0] = fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", g.Uint32(), g.IntN(1<<16), g.IntN(1<<12), g.IntN(1<<12), i)
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// maker makes up values.
type maker struct{ *rand.Rand }

func (g *maker) chance(p float64) bool { return g.Float64() < p }

func (g *maker) one(of []string) string { return of[g.IntN(len(of))] }

// some is up to most values, in the order of the list; none for the share given.
func (g *maker) some(of []string, most int, none float64) string {
	if g.chance(none) {
		return ""
	}
	taken := make([]bool, len(of))
	for range 1 + g.IntN(most) {
		taken[g.IntN(len(of))] = true
	}
	var list []string
	for i, v := range of {
		if taken[i] {
			list = append(list, v)
		}
	}
	return strings.Join(list, "|")
}

// unless is a text, or nothing for the share given.
func (g *maker) unless(none float64, text string) string {
	if g.chance(none) {
		return ""
	}
	return text
}

func (g *maker) day() string {
	return fmt.Sprintf("20%d-%02d-%02d", 22+g.IntN(4), 1+g.IntN(12), 1+g.IntN(28))
}

// prose is that many sentences, on one line or, as people paste them, on several.
func (g *maker) prose(count int) string {
	text := make([]string, count)
	for i := range text {
		text[i] = g.one(sentences)
	}
	return strings.Join(text, g.one([]string{" ", " ", " ", "\n"}))
}

func (g *maker) hours() string {
	morning := fmt.Sprintf("%02d:%02d-12:%02d", 8+g.IntN(3), 15*g.IntN(4), 15*g.IntN(3))
	afternoon := fmt.Sprintf("%02d:%02d-%02d:%02d", 13+g.IntN(2), 15*g.IntN(4), 16+g.IntN(3), 15*g.IntN(4))
	switch n := g.IntN(100); {
	case n < 25:
		return ""
	case n < 50:
		return "Mo-Fr " + morning + "," + afternoon
	case n < 65:
		return "Mo-Fr " + morning + "," + afternoon + "; Sa " + morning
	case n < 78:
		return "Tu " + afternoon + "; We " + morning + "," + afternoon + "; Fr " + afternoon + "; Sa " + morning
	case n < 86:
		return "Mo,Tu,Th,Fr " + morning + "," + afternoon + "; We off; PH off"
	case n < 92:
		return "week 1-53/2 Tu " + morning + "; Th " + afternoon
	case n < 96:
		return "Th[1],Th[3] " + afternoon
	case n < 98:
		return "Mo-Sa " + morning + `,` + afternoon + `; Jul-Aug off "fermé l’été"`
	}
	return "Sur rendez-vous, appelez la mairie"
}

func (g *maker) lieu() []string {
	c, kind, name := centres[g.IntN(len(centres))], kinds[g.IntN(len(kinds))], g.one(names)
	lat, lon := c.lat+0.2*(g.Float64()-0.5), c.lon+0.2*(g.Float64()-0.5)
	number := g.IntN(10_000)
	itinerance := "Fixe"
	if g.chance(0.04) {
		itinerance = "Itinérant"
	}
	return []string{
		"", // the id, which the caller numbers
		fmt.Sprintf("%014d", 10_000_000_000_000+g.Int64N(80_000_000_000_000)),
		kind.nom + " " + name, c.nom, c.postal, c.insee,
		fmt.Sprintf("%d%s %s %s", 1+g.IntN(180), g.unless(0.9, " bis"), g.one(streets), g.one(names)),
		g.unless(0.85, "Bâtiment "+string(rune('A'+g.IntN(6)))+", 1er étage"),
		fmt.Sprintf("%.6f", lat), fmt.Sprintf("%.6f", lon), kind.typologie,
		g.unless(0.2, fmt.Sprintf("+3319900%04d", number)), // numbers that nobody has
		g.unless(0.3, fmt.Sprintf("accueil-%d@lieu.example", number)),
		g.unless(0.5, fmt.Sprintf("https://www.lieu-%d.example/numerique/accueil", number)),
		g.hours(),
		g.unless(0.3, g.prose(1+g.IntN(2))), g.unless(0.3, g.prose(3+g.IntN(9))),
		g.one(producers), itinerance, g.unless(0.8, fmt.Sprintf("%014d", number)), g.day(),
		g.some(services, 7, 0),
		g.some(publics, 3, 0.6), g.some(care, 3, 0.7), g.some(frais, 1, 0.2), g.some(programmes, 2, 0.4), g.some(trainings, 2, 0.8),
		g.unless(0.9, "Label du numérique inclusif"), g.some(ways, 3, 0.2), g.some(help, 3, 0.2),
		g.unless(0.8, fmt.Sprintf("https://acceslibre.beta.gouv.fr/app/%s/erp/lieu-%d/", c.insee, number)),
		g.unless(0.8, "https://www.rdv-solidarites.fr/"),
	}
}
