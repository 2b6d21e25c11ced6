package street

// canStop reports whether a trip may start or end on a way, beside its nodes: not on
// those that are only made to be passed, nor above or below what is around them.
func (p *Profile) canStop(tags map[string]string) bool {
	for k, banned := range p.noStops {
		v := tags[k]
		if banned[v] || banned["*"] && v != "" && v != "no" {
			return false
		}
	}
	return true
}
