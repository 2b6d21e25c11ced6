package bdtopo

import (
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// FuzzRoads reads shapes and attributes of any bytes: what is counted adds up.
func FuzzRoads(f *testing.F) {
	names := []string{"ID", "NATURE", "SENS", "ID_TR_ENT", "ID_TR_SOR", "USAGE1", "NB_LOGTS"}
	dbf := []byte(sourcetest.DbfOf(names, []string{"TRONROUT0000000000000001", "Chemin", "Double", "TRONROUT0000000000000001", "TRONROUT0000000000000002", "R", "2"}, nil))
	f.Add([]byte(sourcetest.ShapesOf(13, [][][3]float64{{{east, north, 80}, {east + 100, north, 80}}}, nil)), dbf, "UTF-8")
	f.Add([]byte(sourcetest.ShapesOf(1, [][][3]float64{{{east, north, 80}}}, nil)), dbf, "")
	f.Add([]byte(sourcetest.ShapesOf(5, nil, nil)), dbf, "x")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, cpg string) {
		var members []sourcetest.Member
		for _, name := range []string{"ROUTE", "NON_COMMUNICATION"} {
			members = append(members, sourcetest.Member{Name: name + ".shp", Data: string(shp)}, sourcetest.Member{Name: name + ".dbf", Data: string(dbf)},
				sourcetest.Member{Name: name + ".prj", Data: sourcetest.L93WKT}, sourcetest.Member{Name: name + ".cpg", Data: cpg})
		}
		imp, err := Roads(t.Context(), []source.Input{sourcetest.Memory("r.zip", sourcetest.Stored(members...))}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, imp, err)
	})
}
