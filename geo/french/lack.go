package french

// ActUnknown says that it is unknown whether to act first in a cell.
const ActUnknown = "Où agir d'abord : inconnu ici, l'accès est à vérifier ou l'indice de la commune inconnu."

// Act says the rank of a cell among those that are inhabited: see edition.Lacks. 0: nobody is
// known to lack help there.
func Act(rank, of int) string {
	if rank == 0 {
		return "Où agir d'abord : personne de fragile n'est connu ici sans aide suffisante."
	}
	return "Rang " + Count(rank) + " sur " + Of(of, "maille habitée", "mailles habitées") + " : où agir d'abord."
}
