package source

import (
	"strings"
)

// Names that publishers give to an attribute, the one of the COG first: IGN (Admin
// Express), INSEE, Etalab. In lower case.
var (
	CommuneCodeNames = []string{"code", "insee_com", "code_insee", "codgeo", "insee", "code_commune", "com"}
	CommuneNames     = []string{"nom", "nom_com", "nom_commune", "nom_officiel", "nom_membre", "libgeo", "libelle", "lib_com"}
	SirenNames       = []string{"epci", "siren", "siren_epci", "code_epci", "codeepci", "codes_siren_des_epci"}
	PopulationNames  = []string{"population", "pop", "pmun", "population_municipale", "popmun"}
)

// IsPMUN recognises the columns of the legal populations, as pmun2021, pmun21 or pmun_2021.
func IsPMUN(name string) bool {
	year, ok := strings.CutPrefix(strings.ReplaceAll(name, "_", ""), "pmun")
	return ok && len(year) <= 4 && strings.Trim(year, "0123456789") == ""
}
