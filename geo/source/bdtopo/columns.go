package bdtopo

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
)

// column is an attribute under the names that it has: in a database or a GeoPackage
// (version 3), in IGN's shapefiles of version 3, of version 2, and the first as GDAL cuts it
// to write a shapefile. Descriptif de contenu, BD TOPO 2.2 (2017) and 3.5 (2025).
type column []string

func columnOf(long string, others ...string) column {
	const cut = 10 // bytes of a name in a .dbf
	c := append(column{long}, others...)
	if len(long) > cut && !slices.Contains(c, long[:cut]) {
		c = append(c, long[:cut])
	}
	return c
}

var (
	colID          = columnOf("cleabs", "id")
	colNature      = columnOf("nature")
	colImportance  = columnOf("importance")
	colState       = columnOf("etat_de_l_objet", "etat")
	colFictive     = columnOf("fictif")
	colLevel       = columnOf("position_par_rapport_au_sol", "pos_sol", "posit_sol")
	colCrossing    = columnOf("franchissement", "franchisst")
	colStartHeight = columnOf("z_ini")
	colEndHeight   = columnOf("z_fin")
	colLanes       = columnOf("nombre_de_voies", "nb_voies")
	colWidth       = columnOf("largeur_de_chaussee", "largeur")
	colPrivate     = columnOf("prive")
	colSense       = columnOf("sens_de_circulation", "sens")
	colUrban       = columnOf("urbain")
	colSpeed       = columnOf("vitesse_moyenne_vl", "vit_moy_vl")
	colCars        = columnOf("acces_vehicule_leger", "acces_vl")
	colWalkers     = columnOf("acces_pieton", "acces_ped")
	colClosing     = columnOf("periode_de_fermeture", "fermeture")
	colRestriction = columnOf("nature_de_la_restriction", "nat_restr")
	colLanesOfBike = columnOf("bande_cyclable", "cyclable") // until version 3.2
	colNumber      = columnOf("cpx_numero", "numero")
	colRank        = columnOf("cpx_classement_administratif", "cl_admin", "class_adm", "classement")
	colEntry       = columnOf("lien_vers_troncon_entree", "id_tr_ent")
	colExits       = columnOf("liens_vers_troncon_sortie", "id_tr_sor")
)

// sides are what bicycles have to the left and to the right: what it is, and which way it
// runs. GDAL tells columns of one beginning apart by a number.
var sides = []struct {
	side      string
	made, way column
}{
	{"left", column{"amenagement_cyclable_gauche", "cyclable_g", "amenagem_1"}, column{"sens_amenagement_cyclable_gauche", "sens_cyc_g", "sens_ame_1"}},
	{"right", column{"amenagement_cyclable_droit", "cyclable_d", "amenagemen"}, column{"sens_amenagement_cyclable_droit", "sens_cyc_d", "sens_amena"}},
}

// colNames are the names of a street, the best first: of either side, as people know them.
var colNames = []column{
	columnOf("nom_collaboratif_gauche", "nom_coll_g"), {"nom_collaboratif_droite", "nom_coll_d", "nom_coll_1"},
	{"nom_voie_ban_gauche", "nom_ban_g"}, {"nom_voie_ban_droite", "nom_ban_d"},
	{"nom_1_gauche", "nom_1_g"}, {"nom_1_droite", "nom_1_d"},
	{"nom_voie_g", "nom_rue_g"}, {"nom_voie_d", "nom_rue_d"}, {"nom"}, {"nom_iti"},
}

func hasColumn(l layer.Layer, c column) bool {
	return slices.ContainsFunc(l.Columns, func(name string) bool { return slices.Contains(c, source.ColumnName(name)) })
}

// attributes are those of one feature.
type attributes struct{ of map[string]layer.Property }

// name is that of a column in the file that the attributes are from.
func (c column) name(a attributes) string {
	for _, name := range c {
		if _, is := a.of[name]; is {
			return name
		}
	}
	return c[0]
}

// text is a value; "" when it is absent, or one of the marks that IGN writes for that: NC
// (not concerned), NR (not recorded).
func (a attributes) text(c column) string {
	p := a.of[c.name(a)]
	switch v := strings.TrimSpace(p.Text); {
	case p.Kind == layer.Absent, strings.EqualFold(v, "NC"), strings.EqualFold(v, "NR"), strings.EqualFold(v, "NULL"):
		return ""
	default:
		return v
	}
}

// number is a value that is one; false for what is none, and for the zero that a shapefile
// writes where there is no value.
func (a attributes) number(c column) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(a.text(c), ",", ".", 1), 64)
	return v, err == nil && v != 0
}

// yes reads a boolean as a GeoPackage, a shapefile of IGN or one of GDAL has it; told is
// false where there is none.
func (a attributes) yes(c column) (yes, told bool) {
	switch strings.ToLower(a.text(c)) {
	case "true", "t", "1", "oui", "vrai", "o":
		return true, true
	case "false", "f", "0", "non", "faux", "n":
		return false, true
	}
	return false, false
}
