package stat

import (
	"math"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
)

// FuzzTables reads any bytes as a table: whatever they are, what is handed over can be stored,
// once, and what is counted adds up.
func FuzzTables(f *testing.F) {
	for _, text := range []string{
		employment + "02001;1;10\n2a004;s;3\n", "IRIS;P21_RP;P21_RP_VOIT1P\n024080101;3;1\n020010000;0;0\n",
		"GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MULT;OBS_STATUS;TIME_PERIOD;OBS_VALUE\n02001;COM;MED_SL;3;A;2021;21\n02;DEP;PR_MD60;0;M;2021;\n",
		"Titre,,,\n,,,\nCode commune,Champ,T4 2017,T1 2018\n02001,Locaux Raccordables,1,2\n", "codgeo;libgeo;an;part_non_inseres\n02001;A;2022;12,5\n02001;A;2016;N/A - secret statistique\n",
		"code_insee;nbr;type;elig_ftth;date\n75101;5;all;3;30/06/2024\n75056;9;all;8;30/06/2024\n", "insee_com,lib_com,niveau_densite\n02001,A,Ceintures urbaines\n",
		"code,variable,valeur\n02408,taux,12\n", "EPCI;part_pct\n200071785;101\n",
	} {
		f.Add([]byte(text))
	}
	moves := &source.Moves{To: map[string]string{"02077": "02564", "2A004": "02001"}}
	f.Fuzz(func(t *testing.T, data []byte) {
		imp, err := Variables(t.Context(), []source.Input{sourcetest.Memory("f.csv", data)}, source.Options{MaxRejectShare: 1, Moves: moves})
		if err != nil {
			return
		}
		given := map[string]bool{}
		var last error
		for v, err := range imp.Rows {
			if last = err; err != nil {
				break
			}
			key := store.Variables.Key(v)
			if fault := store.CheckVariable(v); fault != nil || given[key] || math.IsInf(v.Value, 0) {
				t.Errorf("%q: %+v: %v, given before: %v", data, v, fault, given[key])
			}
			given[key] = true
		}
		if r := imp.Report; last == nil && r.Accepted+r.Merged+r.Skipped+len(r.Rejected) != r.Read {
			t.Errorf("%q: %d read; %d accepted, %d merged, %d skipped, %d rejected", data, r.Read, r.Accepted, r.Merged, r.Skipped, len(r.Rejected))
		}
	})
}
