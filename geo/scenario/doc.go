// Package scenario says what would change if lieux opened, closed, moved or changed
// their hours, and where the next ones would help most. It works on an edition held
// in memory, does no I/O and knows no HTTP.
//
//	Scenario    actions on lieux and tournées, as a file writes them
//	Engine      what every question to one edition shares
//	Base        the answer to one question, prepared for changes
//	Difference  before and after, for whatever changes and nothing else
//	Check       whether a tournée can be driven
//
// What would help most is asked of it from outside: see its packages siting and tour.
//
// # Exactness
//
// A difference is, bit for bit, that of the edition computed anew with the lieux and
// tournées of the scenario, on the same grid and roads (scenario_test.go). Nothing is
// sampled or approximated: a new site is searched for wherever it could be within the
// cut-off or nearer than what is there, and nowhere else; parts that lose their nearest
// site look among all others. It is about people: of parts where nobody lives it says
// nothing, and no figure depends on them.
//
// Actions apply after records of several sources were made one ([lieu.Merge]), in their
// order. A lieu that is added is never merged with one that is there, however near.
//
// # Numbers of sites
//
// Inside, a site of the edition keeps its position there for a label, and the sites that
// a scenario adds have the next ones; order gives their position in the new list. Equal
// journeys go to the first site of that list, as in a new computation.
package scenario
