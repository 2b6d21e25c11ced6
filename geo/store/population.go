package store

// Square is one square of the population grid of INSEE: EPSG:3035 (LAEA Europe),
// with its corners on multiples of 200 m or of 1 km. West and South are its south-west
// corner, in metres; Size is its side, 200 m to 32 km. People are as published, not always
// whole: many small squares are imputed so that secrecy is kept.
type Square struct {
	ID          string // INSPIRE name, "CRS3035RES200mN2029800E4252400": N is South, E is West
	West, South float64
	Size        float64
	People      float64
	Imputed     Imputation
	Counts      [NumSquareCounts]Counted
}

// Imputation says whether INSEE imputed the figures of a square, so that those of few
// households are not given away.
type Imputation uint8

// The states of a square; the zero value is that of a file that does not say.
const (
	ImputationUnknown Imputation = iota
	Observed
	Imputed
	numImputations
)

// Counted is a number that may not be known. It is as published, not always whole.
type Counted struct {
	Number float64
	Known  bool
}

// SquareCount is what a square counts beside its people.
type SquareCount uint8

// The counts of Filosofi, by what INSEE calls them.
const (
	SquareHouseholds     SquareCount = iota // men
	SquareAlone                             // men_1ind: people who live alone
	SquarePoorHouseholds                    // men_pauv: below 60 % of the median standard of living
	SquareUnder18                           // ind_0_3, ind_4_5, ind_6_10 and ind_11_17
	SquareAged65To79                        // ind_65_79
	SquareAged80                            // ind_80p: 80 years and over
	NumSquareCounts      = iota
)
