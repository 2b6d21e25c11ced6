// Package ifn computes the indice de fragilité numérique: who needs help with
// digital life, told apart in sub-indices, with what is unknown said as such. It
// is pure: no I/O, no clock, no global state, and it knows nothing of positions,
// lieux or roads. Access times come in as ordinary columns.
//
//	Structure  which variables make which sub-index: data, not code (see [Builtin], [Parse])
//	Table      places (communes, EPCI…) × columns of values, NaN = unknown
//	Method     how a value becomes points: [Ratio], [Rank], [MinMax], [Percentile], [Points]
//	Weights    per variable and per sub-index
//	Result     score, sub-indices, completeness, rank, rank interval, what is missing
//
// # From values to the index
//
// A variable can be fed by several columns, in order of preference; the first one
// that is known somewhere in the table feeds it for every row, so that one
// ranking never mixes two units. A method turns each known value into points,
// higher = more fragile. A variable made of parts takes the weighted mean of its
// known parts. Then, for one row,
//
//	completeness of a sub-index = Σ w over known variables / Σ w
//	sub-index                   = Σ w·points / Σ w, over known variables
//	index                       = Σ W·sub-index / Σ W
//
// A sub-index whose completeness is below the floor ([Options].MinCompleteness)
// has no score, and an index needs every sub-index of positive weight. A missing
// value is left out of both sums; it is never 0.
//
// # Stability
//
// The rank interval answers "does this rank survive other weights, and what is not
// known?". Each of [Options].Draws draws multiplies the weight of every variable and
// of every sub-index by an independent exponential variate (equal weights thus become
// uniform on the simplex of all weights), and gives every unknown value points drawn
// from those that are known of its variable; of a variable that is known nowhere, from
// those of all. The interval runs from the 5th to the 95th percentile of the row's rank
// over the draws, widened to contain the row's own rank. OECD/JRC, Handbook on
// Constructing Composite Indicators (2008), step 7, describes the practice. The same
// rows are ranked in every draw: those with a score.
//
// Of few rows, a range is also proven (see [Outer]): each pair is compared at the worst
// and at the best of all weights within bounds and all unknown values.
package ifn
