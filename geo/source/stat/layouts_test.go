package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
)

// wide is a published layout of one row per place, as its dictionary of variables documents it:
// the files of these tests are made from it. YY is the year.
type wide struct {
	name, columns string
	older         string // columns of an earlier census that the same file has
	values        func(of func(string) float64) map[string]float64
}

// share is a part of a hundred, unknown when a term is or when there is nobody.
func shareOf(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole * 100
}

var wides = []wide{
	{"rp-emploi", "P_YY_POP1564 P_YY_ACT1564 P_YY_ACTOCC1564 P_YY_CHOM1564 P_YY_CHOM1524 C_YY_ACT1564_CS1", "CHOM1564 ACT1564", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"chomeurs_15_64_ans_nb": of("CHOM1564"), "actifs_15_64_ans_nb": of("ACT1564"), "taux_chomage_15_64_ans_pct": shareOf(of("CHOM1564"), of("ACT1564"))}
	}},
	{"rp-logement", "P_YY_LOG P_YY_RP P_YY_RSECOCC P_YY_MEN P_YY_RP_VOIT1P P_YY_RP_VOIT1 P_YY_RP_VOIT2P", "RP RP_VOIT1P", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"menages_nb": of("RP"), "menages_sans_voiture_nb": of("RP") - of("RP_VOIT1P"), "part_menages_sans_voiture_pct": shareOf(of("RP")-of("RP_VOIT1P"), of("RP"))}
	}},
	{"rp-diplomes", "P_YY_POP0205 P_YY_NSCOL15P P_YY_NSCOL15P_DIPLMIN P_YY_NSCOL15P_BEPC P_YY_NSCOL15P_CAPBEP P_YY_HNSCOL15P_DIPLMIN", "NSCOL15P NSCOL15P_DIPLMIN", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"sans_diplome_15_ans_et_plus_nb": of("NSCOL15P_DIPLMIN"), "non_scolarises_15_ans_et_plus_nb": of("NSCOL15P"), "part_sans_diplome_15_ans_et_plus_pct": shareOf(of("NSCOL15P_DIPLMIN"), of("NSCOL15P"))}
	}},
	{"rp-diplomes", "P_YY_POP0205 P_YY_NSCOL15P P_YY_NSCOL15P_DIPL0 P_YY_NSCOL15P_CEP P_YY_NSCOL15P_BEPC P_YY_NSCOL15P_CAPBEP", "", func(of func(string) float64) map[string]float64 {
		none := of("NSCOL15P_DIPL0") + of("NSCOL15P_CEP")
		return map[string]float64{"sans_diplome_15_ans_et_plus_nb": none, "non_scolarises_15_ans_et_plus_nb": of("NSCOL15P"), "part_sans_diplome_15_ans_et_plus_pct": shareOf(none, of("NSCOL15P"))}
	}},
	{"rp-population", "P_YY_POP P_YY_POP0014 P_YY_POP1529 P_YY_POP3044 P_YY_POP4559 P_YY_POP6074 P_YY_POP7589 P_YY_POP90P P_YY_POPH P_YY_H7589 P_YY_POP0019 P_YY_POP2064 P_YY_POP65P C_YY_POP15P", "POP POP7589 POP90P", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"population_nb": of("POP"), "population_75_ans_et_plus_nb": of("POP7589") + of("POP90P"), "population_65_ans_et_plus_nb": of("POP65P"), "population_15_29_ans_nb": of("POP1529"),
			"part_75_ans_et_plus_pct": shareOf(of("POP7589")+of("POP90P"), of("POP")), "part_65_ans_et_plus_pct": shareOf(of("POP65P"), of("POP"))}
	}},
	{"rp-population", "P_YY_POP P_YY_POP0002 P_YY_POP6579 P_YY_POP80P P_YY_POP0014 P_YY_POP1529 P_YY_POP6074 P_YY_POP75P P_YY_POP0019 P_YY_POP2064 P_YY_POP65P", "", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"population_nb": of("POP"), "population_75_ans_et_plus_nb": of("POP75P"), "population_65_ans_et_plus_nb": of("POP65P"), "population_15_29_ans_nb": of("POP1529"),
			"part_75_ans_et_plus_pct": shareOf(of("POP75P"), of("POP")), "part_65_ans_et_plus_pct": shareOf(of("POP65P"), of("POP"))}
	}},
	{"rp-menages", "C_YY_MEN C_YY_MENPSEUL C_YY_MENHSEUL P_YY_POP15P P_YY_POP5579 P_YY_POP80P P_YY_POP15P_PSEUL P_YY_POP5579_PSEUL P_YY_POP80P_PSEUL", "", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"personnes_seules_nb": of("MENPSEUL"), "personnes_80_ans_et_plus_seules_nb": of("POP80P_PSEUL"), "population_80_ans_et_plus_nb": of("POP80P"), "part_80_ans_et_plus_seuls_pct": shareOf(of("POP80P_PSEUL"), of("POP80P"))}
	}},
	{"filosofi", "NBMENFISC_YY NBPERSMENFISC_YY MED_YY PIMP_YY TP60_YY TP60AGE1_YY PACT_YY PPSOC_YY PPFAM_YY D1_YY", "", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"menages_fiscaux_nb": of("NBMENFISC"), "population_fiscale_nb": of("NBPERSMENFISC"), "revenu_median_uc_eur": of("MED"), "taux_pauvrete_pct": of("TP60"), "part_prestations_sociales_pct": of("PPSOC")}
	}},
	{"filosofi", "DISP_TP60_YY DISP_Q1_YY DISP_MED_YY DISP_Q3_YY DISP_PACT_YY DISP_PPSOC_YY DISP_PPFAM_YY DISP_NOTE_YY", "", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"revenu_median_uc_eur": of("DISP_MED"), "taux_pauvrete_pct": of("DISP_TP60"), "part_prestations_sociales_pct": of("DISP_PPSOC")}
	}},
	{"filosofi", "NBMEN_YY NBPERS_YY NBUC_YY Q1_YY Q2_YY Q3_YY GI_YY PACT_YY PPSOC_YY", "", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"menages_fiscaux_nb": of("NBMEN"), "population_fiscale_nb": of("NBPERS"), "revenu_median_uc_eur": of("Q2"), "part_prestations_sociales_pct": of("PPSOC")}
	}},
	{"filosofi-declares", "DEC_PIMP_YY DEC_TP60_YY DEC_Q1_YY DEC_MED_YY DEC_Q3_YY DEC_PPEN_YY DEC_NOTE_YY", "", func(of func(string) float64) map[string]float64 {
		return map[string]float64{"revenu_declare_median_uc_eur": of("DEC_MED"), "taux_bas_revenus_declares_pct": of("DEC_TP60")}
	}},
}

// column writes the name of a column of a year: P22_POP, MED21.
func column(name string, year int) (bare, written string) {
	yy := fmt.Sprintf("%02d", year%100)
	switch {
	case strings.HasPrefix(name, "P_YY_"), strings.HasPrefix(name, "C_YY_"):
		return name[5:], name[:1] + yy + "_" + name[5:]
	}
	bare = strings.TrimSuffix(name, "_YY")
	return bare, bare + yy
}

// codesOf are some codes of a level, and the column that they stand in.
func codesOf(rnd *rand.Rand, level store.Level) (header string, codes []string) {
	switch level {
	case store.LevelEPCI:
		return "CODGEO", []string{"200071785", "246000848", "200000172", "200071991", "240200501"}
	case store.LevelDepartement:
		return "CODGEO", []string{"02", "2A", "974"}
	case store.LevelIRIS:
		return "IRIS", []string{"024080101", "024080102", "2A0040101", "270160000", "971010102"}
	}
	for range 12 {
		codes = append(codes, fmt.Sprintf("27%03d", 1+rnd.IntN(900)))
	}
	slices.Sort(codes)
	return "CODGEO", slices.Compact(codes)
}

var secretMarks = []string{"s", "ns", "nd", "c", "-", "so", "N/A - secret statistique", ""}

// TestPublishedLayoutsAgainstWritingOut draws tables of every layout, level and year, and
// computes their variables again.
func TestPublishedLayoutsAgainstWritingOut(t *testing.T) {
	for seed := range uint64(150) {
		rnd := rand.New(rand.NewPCG(seed, 22))
		w := wides[int(seed)%len(wides)]
		year, level := 2012+rnd.IntN(14), []store.Level{store.LevelCommune, store.LevelIRIS, store.LevelEPCI, store.LevelDepartement}[rnd.IntN(4)]
		code, codes := codesOf(rnd, level)
		var bare, written []string
		for _, name := range strings.Fields(w.columns) {
			b, c := column(name, year)
			bare, written = append(bare, b), append(written, c)
		}
		for _, name := range strings.Fields(w.older) {
			_, c := column("P_YY_"+name, year-5)
			bare, written = append(bare, ""), append(written, c)
		}
		order := rnd.Perm(len(written))
		comma := []string{";", ",", "\t"}[rnd.IntN(3)]
		point := func(v float64) string {
			s := fmt.Sprint(v)
			if comma == ";" && rnd.IntN(2) == 0 {
				s = strings.Replace(s, ".", ",", 1)
			}
			return s
		}
		head := []string{code, "LIBGEO"}
		for _, i := range order {
			head = append(head, written[i])
		}
		lines := []string{strings.Join(head, comma)}
		var want []store.Variable
		for _, c := range codes {
			row, known := []string{c, "Lieu"}, map[string]float64{}
			for _, i := range order {
				v := float64(rnd.IntN(4000)) / 8
				switch name := bare[i]; {
				case name == "POP", name == "RP", name == "NSCOL15P", name == "ACT1564", name == "POP80P":
					v = 2000 + float64(rnd.IntN(3000))
					if rnd.IntN(8) == 0 && name != "RP" {
						v = 0
					}
				case strings.Contains(name, "TP60"), strings.Contains(name, "PPSOC"):
					v = float64(rnd.IntN(400)) / 10
				}
				text := point(v)
				if rnd.IntN(6) == 0 {
					text, v = secretMarks[rnd.IntN(len(secretMarks))], math.NaN()
				}
				if bare[i] != "" {
					known[bare[i]] = v
				}
				row = append(row, text)
			}
			lines = append(lines, strings.Join(row, comma))
			for name, v := range w.values(func(name string) float64 { return known[name] }) {
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					want = append(want, store.Variable{Level: level, Code: c, Name: name, Value: v})
				}
			}
		}
		imp, err := Variables(t.Context(), []source.Input{table("base.csv", strings.Join(lines, "\n")+"\n")}, source.Options{MaxRejectShare: 1})
		if err != nil {
			t.Fatal(err)
		}
		var got []store.Variable
		for v, err := range imp.Rows {
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, lines[0])
			}
			got = append(got, v)
		}
		sourcetest.None(t, imp.Report.Rejected)
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(1, math.Abs(a)) })
		byKey := cmpopts.SortSlices(func(a, b store.Variable) bool { return store.Variables.Key(a) < store.Variables.Key(b) })
		if diff := cmp.Diff(want, got, near, byKey, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d, %s of %d at level %s (-want +got):\n%s\n%s", seed, w.name, year, level, diff, strings.Join(lines, "\n"))
		}
		if m := imp.Manifest; m.Vintage != fmt.Sprint(year) || m.Options["presentation"] != w.name || m.Licence == "" || m.Source == "" {
			t.Errorf("seed %d, %s of %d: manifest %+v", seed, w.name, year, m)
		}
		name, err := Name(t.Context(), []source.Input{table("base.csv", strings.Join(lines, "\n")+"\n")}, source.Options{})
		wanted := fmt.Sprintf("%s-%d", w.name, year)
		if level != store.LevelCommune {
			wanted += "-" + string(level)
		}
		if err != nil || name != wanted {
			t.Errorf("seed %d: named %q, %v; want %q", seed, name, err, wanted)
		}
	}
}

// TestLongLayoutsAgainstWritingOut draws the tables that have a row for each value, of three
// levels and two years, in any order.
func TestLongLayoutsAgainstWritingOut(t *testing.T) {
	type long struct {
		name, header string
		rows         map[string]string // what a row says between the level and the year, by what it counts
		others       []string          // rows that count something else
		values       func(of func(string) float64) map[string]float64
	}
	layouts := []long{
		{"filosofi-long", "GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;UNIT_MULT;CONF_STATUS;OBS_STATUS;TIME_PERIOD;OBS_VALUE",
			map[string]string{"med": "MED_SL;EUR_YR;0;F;A", "tp": "PR_MD60;PT;0;F;A", "soc": "S_SOC_BEN_DI;PT;0;F;A", "hh": "NUM_HH;HH;3;F;A"}, []string{"D1_SL;EUR_YR;0;F;A"},
			func(of func(string) float64) map[string]float64 {
				return map[string]float64{"revenu_median_uc_eur": of("med"), "taux_pauvrete_pct": of("tp"), "part_prestations_sociales_pct": of("soc"), "menages_fiscaux_nb": 1000 * of("hh")}
			}},
		{"rp-emploi-long", "GEO;GEO_OBJECT;AGE;SEX;EMPSTA_ENQ;EDUC;RP_MEASURE;FREQ;OBS_STATUS;TIME_PERIOD;OBS_VALUE",
			map[string]string{"chom": "Y15T64;_T;2;_T;POP;A;A", "act": "Y15T64;_T;1T2;_T;POP;A;A"}, []string{"Y15T24;_T;2;_T;POP;A;A", "Y15T64;F;2;_T;POP;A;A", "Y15T64;_T;1T2;500_RP;POP;A;A"},
			func(of func(string) float64) map[string]float64 {
				return map[string]float64{"chomeurs_15_64_ans_nb": of("chom"), "actifs_15_64_ans_nb": of("act"), "taux_chomage_15_64_ans_pct": shareOf(of("chom"), of("act"))}
			}},
		{"rp-logement-long", "GEO;GEO_OBJECT;OCS;TDW;CARS;CARPARK;RP_MEASURE;FREQ;OBS_STATUS;TIME_PERIOD;OBS_VALUE",
			map[string]string{"none": "DW_MAIN;_T;C0;_T;DWELLINGS;A;A", "rp": "DW_MAIN;_T;_T;_T;DWELLINGS;A;A"}, []string{"_T;_T;_T;_T;DWELLINGS;A;A", "DW_MAIN;_T;C1;_T;DWELLINGS;A;A", "DW_MAIN;1;C0;_T;DWELLINGS;A;A", "DW_MAIN;_T;_T;_T;POP;A;A"},
			func(of func(string) float64) map[string]float64 {
				return map[string]float64{"menages_sans_voiture_nb": of("none"), "menages_nb": of("rp"), "part_menages_sans_voiture_pct": shareOf(of("none"), of("rp"))}
			}},
		{"rp-diplomes-long", "GEO;GEO_OBJECT;SEX;EDUC;RP_MEASURE;FREQ;OBS_STATUS;TIME_PERIOD;OBS_VALUE",
			map[string]string{"none": "_T;001T100_RP;POP;A;A", "rp": "_T;_T;POP;A;A"}, []string{"F;001T100_RP;POP;A;A", "_T;200_RP;POP;A;A"},
			func(of func(string) float64) map[string]float64 {
				return map[string]float64{"sans_diplome_15_ans_et_plus_nb": of("none"), "non_scolarises_15_ans_et_plus_nb": of("rp"), "part_sans_diplome_15_ans_et_plus_pct": shareOf(of("none"), of("rp"))}
			}},
		{"rp-population-long", "GEO;GEO_OBJECT;SEX;AGE;RP_MEASURE;FREQ;OBS_STATUS;TIME_PERIOD;OBS_VALUE",
			map[string]string{"old": "_T;Y_GE75;POP;A;A", "rp": "_T;_T;POP;A;A", "young": "_T;Y15T29;POP;A;A"}, []string{"M;Y_GE75;POP;A;A", "_T;Y_LT15;POP;A;A"},
			func(of func(string) float64) map[string]float64 {
				return map[string]float64{"population_75_ans_et_plus_nb": of("old"), "population_nb": of("rp"), "population_15_29_ans_nb": of("young"), "part_75_ans_et_plus_pct": shareOf(of("old"), of("rp"))}
			}},
	}
	objects := map[string]store.Level{"COM": store.LevelCommune, "EPCI": store.LevelEPCI, "DEP": store.LevelDepartement, "IRIS": store.LevelIRIS, "REG": "", "FRANCE": ""}
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 23))
		l := layouts[int(seed)%len(layouts)]
		year := 2015 + rnd.IntN(10)
		var lines []string
		var want []store.Variable
		for _, object := range []string{"COM", "EPCI", "DEP", "IRIS", "REG", "FRANCE"} {
			level := objects[object]
			codes := []string{"32"}
			if level != "" {
				_, codes = codesOf(rnd, level)
			}
			for _, c := range codes {
				if strings.HasSuffix(c, "0000") {
					continue
				}
				known := map[string]float64{}
				for _, what := range slices.Sorted(func(yield func(string) bool) {
					for k := range l.rows {
						if !yield(k) {
							return
						}
					}
				}) {
					v := float64(rnd.IntN(900)) / 10
					if what == "rp" || what == "act" {
						v = 100 + float64(rnd.IntN(900))
					}
					text := fmt.Sprint(v)
					if rnd.IntN(6) == 0 {
						text, v = secretMarks[rnd.IntN(len(secretMarks))], math.NaN()
					}
					if rnd.IntN(8) == 0 {
						known[what] = math.NaN() // no row at all
						continue
					}
					known[what] = v
					lines = append(lines, fmt.Sprintf("%s;%s;%s;%d;%s", c, object, l.rows[what], year, text),
						fmt.Sprintf("%s;%s;%s;%d;%d", c, object, l.rows[what], year-6, rnd.IntN(90)))
				}
				for _, other := range l.others {
					lines = append(lines, fmt.Sprintf("%s;%s;%s;%d;%d", c, object, other, year, rnd.IntN(90)))
				}
				for name, v := range l.values(func(what string) float64 { return known[what] }) {
					if !math.IsNaN(v) && level != "" {
						want = append(want, store.Variable{Level: level, Code: c, Name: name, Value: v})
					}
				}
			}
		}
		rnd.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		text := "\ufeff\"" + strings.ReplaceAll(l.header, ";", `";"`) + "\"\r\n" + strings.Join(lines, "\r\n") + "\r\n"
		imp, err := Variables(t.Context(), []source.Input{table("data.csv", text)}, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(1, math.Abs(a)) })
		byKey := cmpopts.SortSlices(func(a, b store.Variable) bool { return store.Variables.Key(a) < store.Variables.Key(b) })
		if diff := cmp.Diff(want, got, near, byKey); diff != "" {
			t.Fatalf("seed %d, %s of %d (-want +got):\n%s\n%s", seed, l.name, year, diff, text)
		}
		sourcetest.None(t, imp.Report.Rejected)
		if m := imp.Manifest; m.Vintage != fmt.Sprint(year) || m.Options["presentation"] != l.name {
			t.Errorf("seed %d: manifest %+v", seed, m)
		}
	}
}
