package tiles

// mark is a feature made of one point, in world units.
type mark struct {
	id         uint64
	at         xy
	attributes []attribute
}

// marks is a source layer of points.
type marks struct {
	name  string
	list  []mark
	index index
}

func newMarks(name string, list []mark) *marks {
	return &marks{name, list, newIndex(len(list), func(i int) box { return emptyBox.extend(list[i].at) })}
}

// encode draws the points that are in a tile, each in one tile only: maps draw no
// point of a tile's buffer, and would count those twice.
func (l *marks) encode(e *encoder, f *frame) {
	e.open(l.name)
	e.spans = l.index.search(e.spans[:0], f.reach)
	for _, s := range e.spans {
		for i := s.from; i < s.to; i++ {
			m := &l.list[i]
			p := f.local(m.at)
			if !f.owns(p) {
				continue
			}
			e.clearTags()
			for _, t := range m.attributes {
				e.tag(t.key, t.value)
			}
			e.point(p)
			e.feature(m.id, pointType)
		}
	}
	e.close()
}
