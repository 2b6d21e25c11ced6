package ogc

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/tidwall/rtree"
)

// Property is one attribute of the features of a collection. Type is "TEXT", "INTEGER" or
// "REAL"; Title and Unit are French, Unit empty where there is none.
type Property struct{ Name, Type, Title, Unit string }

// Collection is features in memory, in an order that does not change.
type Collection struct {
	Name, Title, Description string
	Geometry                 string // "POINT", "POLYGON" or "MULTIPOLYGON"
	Properties               []Property
	Bounds                   orb.Bound // of all features, degrees

	columns []column
	shapes  []orb.Geometry      // nil: the feature has none
	boxes   rtree.RTreeG[int32] // around the shapes, to their rows
	ids     []string
	rowOf   map[string]int
}

// column holds the values of a property, of which texts or numbers is empty.
type column struct {
	texts   []string
	numbers []float64
	known   []bool
}

// NewCollection makes an empty collection.
func NewCollection(name, title, description, geometry string, properties []Property) *Collection {
	return &Collection{Name: name, Title: title, Description: description, Geometry: geometry, Properties: properties,
		columns: make([]column, len(properties)), rowOf: map[string]int{}, Bounds: orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}}
}

// Add appends a feature: a geometry in degrees (nil: none), which is read and not changed,
// and one value per property (string, int64, float64, or nil for unknown). An id that is
// taken gets a number behind it.
func (c *Collection) Add(id string, shape orb.Geometry, values []any) error {
	if len(values) != len(c.Properties) {
		return fmt.Errorf("collection %s: %d values for %d properties", c.Name, len(values), len(c.Properties))
	}
	if shape != nil {
		if b := shape.Bound(); !b.IsEmpty() {
			c.Bounds = c.Bounds.Union(b)
			c.boxes.Insert(b.Min, b.Max, int32(len(c.ids)))
		}
	}
	unique := id
	for n := 2; ; n++ {
		if _, taken := c.rowOf[unique]; !taken {
			break
		}
		unique = id + "~" + strconv.Itoa(n)
	}
	c.rowOf[unique] = len(c.ids)
	c.ids, c.shapes = append(c.ids, unique), append(c.shapes, shape)
	for i, v := range values {
		col := &c.columns[i]
		var text string
		var number float64
		switch v := v.(type) {
		case string:
			text = v
		case int64:
			number = float64(v)
		case float64:
			number = v
		case nil:
		default:
			return fmt.Errorf("collection %s, property %s: %T", c.Name, c.Properties[i].Name, v)
		}
		if c.Properties[i].Type == "TEXT" {
			col.texts = append(col.texts, text)
		} else {
			col.numbers = append(col.numbers, number)
		}
		col.known = append(col.known, v != nil)
	}
	return nil
}

// Len is the number of features.
func (c *Collection) Len() int { return len(c.ids) }

// Row finds a feature by its id.
func (c *Collection) Row(id string) (int, bool) {
	row, ok := c.rowOf[id]
	return row, ok
}

// ID is the id of a feature.
func (c *Collection) ID(row int) string { return c.ids[row] }

// Value is a string, a float64, or nil where it is unknown.
func (c *Collection) Value(row, property int) any {
	col := &c.columns[property]
	switch {
	case !col.known[row]:
		return nil
	case c.Properties[property].Type == "TEXT":
		return col.texts[row]
	}
	return col.numbers[row]
}

func (c *Collection) property(name string) (int, bool) {
	for i := range c.Properties {
		if c.Properties[i].Name == name {
			return i, true
		}
	}
	return 0, false
}

// within is the set of features that have a point in one of some boxes, borders included.
func (c *Collection) within(boxes []orb.Bound) rowSet {
	in := make(rowSet, (c.Len()+63)/64)
	for _, box := range boxes {
		c.boxes.Search(box.Min, box.Max, func(low, high [2]float64, row int32) bool {
			if !in.has(int(row)) && (box.Contains(low) && box.Contains(high) || meets(c.shapes[row], box)) {
				in[row/64] |= 1 << (row % 64)
			}
			return true
		})
	}
	return in
}

// meets reports whether a shape has a point in a box.
func meets(shape orb.Geometry, box orb.Bound) bool {
	return clip.Geometry(box, orb.Clone(shape)) != nil // clip works in place
}

// rowSet is a set of rows, a bit each: what a search finds in any order is read in theirs.
type rowSet []uint64

func (s rowSet) has(row int) bool { return s[row/64]&(1<<(row%64)) != 0 }

// all lists the rows, ascending.
func (s rowSet) all(yield func(row int) bool) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			if !yield(i*64 + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}
