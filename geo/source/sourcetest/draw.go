package sourcetest

import (
	"github.com/paulmach/orb"
)

const L93WKT = `PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993"]],UNIT["Meter",1.0]]`

// Box is a square ring in Lambert-93 near Laon, wound clockwise as an outline.
func Box(east, north, size float64) orb.Ring {
	x, y := 745_000+east, 6_940_000+north
	return orb.Ring{{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}}
}

func Reversed(r orb.Ring) orb.Ring { r = r.Clone(); r.Reverse(); return r }
