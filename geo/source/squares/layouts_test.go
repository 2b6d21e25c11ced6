package squares

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
)

// with is a square that counts one thing more.
func with(q store.Square, k store.SquareCount, n float64) store.Square {
	q.Counts[k] = store.Counted{Number: n, Known: true}
	return q
}

// The headers of the grids of Filosofi, as they are published.
const (
	header2015 = "IdINSPIRE,Id_carr1km,I_est_cr,Id_carr_n,Groupe,Depcom,I_pauv,Id_car2010,Ind,Men,Men_pauv,Men_1ind,Men_5ind,Men_prop,Men_fmp,Ind_snv,Men_surf,Men_coll,Men_mais," +
		"Log_av45,Log_45_70,Log_70_90,Log_ap90,Log_inc,Log_soc,Ind_0_3,Ind_4_5,Ind_6_10,Ind_11_17,Ind_18_24,Ind_25_39,Ind_40_54,Ind_55_64,Ind_65_79,Ind_80p,Ind_inc,I_est_1km"
	header2017 = "Idcar_200m,I_est_200,Idcar_1km,I_est_1km,Idcar_nat,Groupe,Ind,Men_1ind,Men_5ind,Men_prop,Men_fmp,Ind_snv,Men_surf,Men_coll,Men_mais," +
		"Log_av45,Log_45_70,Log_70_90,Log_ap90,Log_inc,Log_soc,Ind_0_3,Ind_4_5,Ind_6_10,Ind_11_17,Ind_18_24,Ind_25_39,Ind_40_54,Ind_55_64,Ind_65_79,Ind_80p,Ind_inc,Men_pauv,Men,lcog_geo"
	header2019 = "idcar_200m,idcar_1km,idcar_nat,i_est_200,i_est_1km,lcog_geo,ind,men,men_pauv,men_1ind,men_5ind,men_prop,men_fmp,ind_snv,men_surf,men_coll,men_mais," +
		"log_av45,log_45_70,log_70_90,log_ap90,log_inc,log_soc,ind_0_3,ind_4_5,ind_6_10,ind_11_17,ind_18_24,ind_25_39,ind_40_54,ind_55_64,ind_65_79,ind_80p,ind_inc"
)

// filosofi is the row of a header: what it is given by column, in lower case; 0 elsewhere.
func filosofi(header string, given map[string]string) string {
	var row []string
	for _, column := range strings.Split(header, ",") {
		v, ok := given[strings.ToLower(column)]
		if !ok {
			v = "0"
		}
		row = append(row, v)
	}
	return header + "\n" + strings.Join(row, ",") + "\n"
}

var square2019 = map[string]string{
	"idcar_200m": "CRS3035RES200mN2959000E3860400", "idinspire": "CRS3035RES200mN2959000E3860400",
	"idcar_1km": "CRS3035RES1000mN2959000E3860000", "id_carr1km": "CRS3035RES1000mN2959000E3860000",
	"idcar_nat": "CRS3035RES2000mN2958000E3860000", "id_carr_n": "CRS3035RES2000mN2958000E3860000",
	"lcog_geo": "02305", "depcom": "02305", "id_car2010": "CRS3035RES200mN2959000E3860400",
	"ind": "31.5", "men": "14", "men_pauv": "2.3", "men_1ind": "4.6", "ind_0_3": "1.5", "ind_4_5": "0.5", "ind_6_10": "2", "ind_11_17": "3",
	"ind_18_24": "2", "ind_25_39": "5", "ind_40_54": "6.5", "ind_55_64": "4", "ind_65_79": "5", "ind_80p": "2",
}

// TestLayoutsOfEveryVintage: each file as published gives the same square, who lives there
// with it.
func TestLayoutsOfEveryVintage(t *testing.T) {
	want := store.Square{ID: "CRS3035RES200mN2959000E3860400", West: 3_860_400, South: 2_959_000, Size: 200, People: 31.5, Imputed: store.Observed}
	for k, n := range [store.NumSquareCounts]float64{store.SquareHouseholds: 14, store.SquareAlone: 4.6, store.SquarePoorHouseholds: 2.3,
		store.SquareUnder18: 7, store.SquareAged65To79: 5, store.SquareAged80: 2} {
		want = with(want, store.SquareCount(k), n)
	}
	large, natural := want, want
	large.ID, large.West, large.Size = "CRS3035RES1000mN2959000E3860000", 3_860_000, 1000
	natural.ID, natural.West, natural.South, natural.Size = "CRS3035RES2000mN2958000E3860000", 3_860_000, 2_958_000, 2000
	natural.Imputed = store.ImputationUnknown
	without := func(header string, columns ...string) string {
		var kept []string
		for _, c := range strings.Split(header, ",") {
			if !strings.Contains(" "+strings.Join(columns, " ")+" ", " "+strings.ToLower(c)+" ") {
				kept = append(kept, c)
			}
		}
		return strings.Join(kept, ",")
	}
	for _, tt := range []struct {
		special, header string
		want            store.Square
	}{
		{"Filosofi 2015, 200 m", header2015, want},
		{"Filosofi 2017, 200 m", header2017, want},
		{"Filosofi 2019 and 2021, 200 m", header2019, want},
		{"Filosofi 2015, 1 km", without(header2015, "idinspire", "i_est_cr", "id_car2010"), large},
		{"Filosofi 2019, 1 km", without(header2019, "idcar_200m", "i_est_200", "idcar_nat"), large},
		{"Filosofi 2019, natural level", without(header2019, "idcar_200m", "i_est_200", "idcar_1km", "i_est_1km"), natural},
	} {
		imp, err := Population(t.Context(), []source.Input{sourcetest.Memory("p.csv", []byte(filosofi(tt.header, square2019)))}, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		if diff := cmp.Diff([]store.Square{tt.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		sourcetest.None(t, imp.Report.Rejected)
	}
}

// TestCountsThatAreNotGiven: unknown, never 0; what is not understood is said once.
func TestCountsThatAreNotGiven(t *testing.T) {
	text := "idcar_200m,i_est_200,ind,men,men_1ind,ind_0_3,ind_4_5,ind_80p\n"
	for i := range 3 {
		text += fmt.Sprintf("CRS3035RES200mN2959000E3860%d00,,10,0,s,1,,-2\n", 2*i)
	}
	imp, err := Population(t.Context(), []source.Input{sourcetest.Memory("p.csv", []byte(text))}, source.Options{})
	for _, got := range sourcetest.Rows(t, imp, err) {
		want := store.Square{ID: got.ID, West: got.West, South: got.South, Size: 200, People: 10}
		if diff := cmp.Diff(with(want, store.SquareHouseholds, 0), got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	var told []string
	for _, w := range imp.Report.Warnings {
		told = append(told, w.String())
	}
	want := []string{
		"p.csv:2: men_1ind « s » : valeurs non comprises dans cette colonne, inconnues : 3, la première ici ; attendu un nombre positif ou nul",
		"p.csv:2: ind_80p « -2 » : valeurs non comprises dans cette colonne, inconnues : 3, la première ici ; attendu un nombre positif ou nul",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// TestSquaresOverseasAmongOthers are refused one by one.
func TestSquaresOverseasAmongOthers(t *testing.T) {
	text := "idcar_200m,ind\n"
	for i := range 9 {
		text += fmt.Sprintf("CRS3035RES200mN2959000E3%d00,1\n", 2*i+8600)
	}
	text += "CRS32620RES200mN1592600E728800,4\n"
	imp, err := Population(t.Context(), []source.Input{sourcetest.Memory("p.csv", []byte(text))}, source.Options{MaxRejectShare: 1})
	sourcetest.Rows(t, imp, err)
	if r := imp.Report.Rejected; len(r) == 0 || !strings.Contains(r[len(r)-1].Reason, "EPSG:32620, Guadeloupe ou Martinique") {
		t.Errorf("rejected: %v", r)
	}
}
