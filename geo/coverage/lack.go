package coverage

// Lack is the fragile inhabitants of a place who find too few hours, or nothing, that is
// known: those of the classes grise and blanche. Whoever is couvert lacks nothing, whatever
// the index. Of the class inconnue, and of people without index, it is not known: they are
// counted apart, never as 0.
type Lack struct {
	People  int // all
	Unknown int // of them, those of whom it is unknown
	Fragile Fragile
}

// LackFormula says in French what the lack of a cell is, and is not, for people who read it.
const LackFormula = "habitants fragiles de la maille (habitants × indice de leur commune ÷ 10) en zone grise ou blanche ; inconnu quand l'accès (à vérifier) ou l'indice l'est pour plus de la moitié de ses habitants, sinon sans ceux-là ; l'indice est celui de la commune, et rien n'est dit de ce qu'un lieu apporterait"

// Add counts some people of a class and an index.
func (l *Lack) Add(people int32, c Class, index Fragility) {
	l.People += int(people)
	switch {
	case c == Couverte:
	case c == Inconnue || !index.Known:
		l.Unknown += int(people)
	default:
		l.Fragile += index.Of(people)
	}
}

// Known reports whether the lack can be told: somebody lives there, and it is known of enough
// of them (see [NeedFloor]).
func (l *Lack) Known() bool { return l.People > 0 && NeedKnown(l.Unknown, l.People) }
