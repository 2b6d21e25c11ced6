package store

// Square is one square of the population grid of INSEE: EPSG:3035 (LAEA Europe),
// aligned on multiples of its size. West and South are its south-west corner, in
// metres; Size is its side, 200 or 1000 m. People are as published, not always
// whole: a few percent of squares are imputed so that secrecy is kept.
type Square struct {
	ID          string // INSPIRE name, "CRS3035RES200mN2029800E4252400": N is South, E is West
	West, South float64
	Size        float64
	People      float64
}
