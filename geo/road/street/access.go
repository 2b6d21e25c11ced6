package street

import "strings"

// access is what tags say of who may go somewhere; the greater, the more permissive.
type access uint8

const (
	untold access = iota // they say nothing
	closed
	atEnds // open to those alone whose trip starts or ends there
	open
)

// accessKey is a key that speaks of a mode, in both directions of a way or in one.
type accessKey struct {
	name    string
	along   [2]string // forward, backward
	general bool      // it speaks of several kinds of travellers
}

// accessKeys are the access keys that speak of each mode, most particular first.
var accessKeys = [NumModes][]accessKey{
	Car:  accessKeysOf("motorcar", "motor_vehicle", "vehicle", "access"),
	Bike: accessKeysOf("bicycle", "vehicle", "access"),
	Walk: accessKeysOf("foot", "access"),
}

func accessKeysOf(names ...string) (keys []accessKey) {
	for _, name := range names {
		keys = append(keys, accessKey{
			name, [2]string{name + ":forward", name + ":backward"}, name == "access" || name == "vehicle",
		})
	}
	return keys
}

// accessOf is the access that a value grants. Of a list ("agricultural;destination") the
// most permissive value counts: each lets somebody in.
func (p *Profile) accessOf(value string) access {
	if !strings.Contains(value, ";") {
		return p.access[value]
	}
	granted := untold
	for v := range strings.SplitSeq(value, ";") {
		granted = max(granted, p.access[strings.TrimSpace(v)])
	}
	return granted
}

// right is what a mode may do in one direction of a way.
type right struct {
	access
	named    bool // a key of the mode itself says so, no general one
	directed bool // such a key says so of this direction
}

// rights walks the access keys of the mode, in each direction; the first that says
// something decides, else the default of the road. "access=yes" on a footway does not
// open it to cars: a general key closes roads, but opens none that are closed by nature.
func (p *Profile) rights(tags map[string]string, byDefault access, m Mode) (rights [2]right) {
	for d := range rights {
		rights[d] = right{access: byDefault}
		for _, k := range accessKeys[m] {
			granted, directed := p.accessOf(tags[k.along[d]]), true
			if granted == untold {
				granted, directed = p.accessOf(tags[k.name]), false
			}
			switch {
			case granted == untold:
				continue
			case !k.general:
				rights[d] = right{granted, true, directed}
			case byDefault != closed:
				rights[d].access = granted
			}
			break
		}
	}
	return rights
}

// rightAt is the access past a barrier. What is said of its travellers is said of this
// place, so that a general key opens it too; but not to those for whom it is too narrow.
func (p *Profile) rightAt(tags map[string]string, b barrier, m Mode) access {
	if tags["locked"] == "yes" {
		b.closed = [NumModes]bool{true, true, true}
		b.narrow = true
	}
	for _, k := range accessKeys[m] {
		granted := p.accessOf(tags[k.name])
		switch {
		case granted == untold:
			continue
		case k.general && b.narrow && b.closed[m]:
			return closed
		}
		return granted
	}
	if b.closed[m] {
		return closed
	}
	return open
}
