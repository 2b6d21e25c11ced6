// Package timing finds when a lieu would have to be open for people to come by the buses that
// run: each of its openings alone, of the same length, moved to every day from Monday to
// Saturday and every quarter of an hour from 06:00 to 20:00, all else equal.
//
//	Opening    a run of open slots of a day, in the weeks of the cycle that have it alike
//	Placement  one opening at another day or hour, and exactly what that changes
//
// What a placement changes is what an edition with these hours would answer.
package timing
