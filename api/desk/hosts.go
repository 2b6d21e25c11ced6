package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
)

// maxHosts bounds a registration: a policy is a header, sent with every embed.
const maxHosts = 50

// ParseHosts reads hosts whose pages may show embeds: a name or an IPv4 address, and a
// port when it is not the one of the scheme. Each stands for itself alone: not for its
// subdomains, nor for other ports. Names come back in lower case and in ASCII (IDNA),
// without repetition. Errors are French sentences.
func ParseHosts(list []string) ([]string, error) {
	if len(list) > maxHosts {
		return nil, fmt.Errorf("%d hôtes sont donnés ; il en faut au plus %d", len(list), maxHosts)
	}
	out := make([]string, 0, len(list))
	for _, text := range list {
		host, err := parseHost(text)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	return out, nil
}

// hostNames reads names as browsers do, and refuses all that is not letters, digits,
// hyphens and dots in the end: a name goes into a header.
var hostNames = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

func parseHost(text string) (string, error) {
	wrong := func(what string) error {
		return fmt.Errorf("l'hôte « %s » %s ; il faut un nom exact, comme www.exemple.fr, suivi de son port s'il n'est pas celui du protocole, comme www.exemple.fr:8443", problem.Quotable(text), what)
	}
	name, port, ported := strings.Cut(strings.TrimSpace(text), ":")
	switch {
	case name == "" && !ported:
		return "", wrong("est vide")
	case strings.Contains(text, "/"):
		return "", wrong("est une adresse")
	case strings.Contains(text, "*"):
		return "", wrong("a un joker, qui admettrait des sites que personne n'a nommés")
	case strings.HasSuffix(name, "."):
		return "", wrong("finit par un point")
	}
	ascii, err := hostNames.ToASCII(name)
	if err != nil {
		return "", wrong("n'est pas un nom d'hôte")
	}
	if !ported {
		return ascii, nil
	}
	n, err := params.Position("port", port)
	if err != nil || n < 1 || n > 65535 {
		return "", wrong("n'a pas un port de 1 à 65535")
	}
	return ascii + ":" + strconv.Itoa(n), nil
}
