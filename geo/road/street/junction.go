package street

import "github.com/aisne-numerique/maillage/geo"

// JunctionWait is the mean delay of coming to a node by a road of class: greatest is
// the greatest class of the edges there that the mode may use in some direction, and
// degree their number, a loop twice. It is 0 where fewer roads meet than a junction
// has: along one road, at a bend, a dead end or a way that other modes alone may use.
func (p *Profile) JunctionWait(m Mode, class, greatest Class, degree int) geo.Cost {
	switch j := p.junctions[m]; {
	case !p.IsJunction(m, degree):
		return 0
	case class > greatest: // lesser roads have the higher class
		return j.yield
	default:
		return j.cross
	}
}

// IsJunction reports whether a node where so many edges of a mode end, a loop twice, is a
// junction to it.
func (p *Profile) IsJunction(m Mode, degree int) bool { return degree >= p.junctions[m].least }
