package legend

import (
	"fmt"
	"strings"
)

// Palette lists every colour under the name that it has in CSS: a class, a state of a
// moment or a change under its own, a band under "ramp-band", "temps-0".
func Palette() []Named {
	var out []Named
	for _, c := range Classes {
		out = append(out, Named{c.Class.String(), c.Colour})
	}
	for _, m := range Moments {
		out = append(out, Named{"moment-" + m.Name, m.Colour})
	}
	out = append(out, Changes...)
	for _, r := range Ramps() {
		for band, colour := range r.Colours {
			out = append(out, Named{fmt.Sprintf("%s-%d", r.Name, band), colour})
		}
	}
	for need, row := range Crossed {
		for other, colour := range row {
			out = append(out, Named{fmt.Sprintf("croix-%d-%d", need, other), colour})
		}
	}
	return append(out, Inks...)
}

// CSS is the palette as custom properties of the root of a page.
func CSS() string {
	var b strings.Builder
	b.WriteString(":root {\n")
	for _, n := range Palette() {
		fmt.Fprintf(&b, "  --%s: %s;\n", n.Name, n.Colour)
	}
	b.WriteString("}\n")
	return b.String()
}
