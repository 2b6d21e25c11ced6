package store

// Square is one square of the population grid of INSEE: EPSG:3035 (LAEA Europe),
// with its corners on multiples of 200 m or of 1 km. West and South are its south-west
// corner, in metres; Size is its side, 200 m to 32 km. People are as published, not always
// whole: a few percent of squares are imputed so that secrecy is kept.
type Square struct {
	ID          string // INSPIRE name, "CRS3035RES200mN2029800E4252400": N is South, E is West
	West, South float64
	Size        float64
	People      float64
}
