package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/idna"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
)

// integration is a registration: the hosts whose pages may show an embed that names it.
// Its id is no secret, it is in the address of the frame.
type integration struct {
	ID string `json:"id"`
	integrationFile
	Updated string `json:"updated"` // RFC 3339, UTC
}

// integrationFile is what is kept of it, and what is sent to make one.
type integrationFile struct {
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"` // as ParseHosts gives them
}

// Bounds of a registration: a policy is a header, sent with every embed.
const (
	maxHosts           = 50
	maxIntegrationName = 200 // characters
	maxIntegration     = 64 << 10
)

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

// readIntegration reads the body of a request.
func readIntegration(r *http.Request) (f integrationFile, err error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxIntegration+1))
	if err != nil {
		return f, problem.Wrap(problem.Abandoned, "L'intégration n'a pas été reçue en entier.", err)
	}
	refused := func(format string, args ...any) error {
		return problem.New(problem.Parameter, "L'intégration est refusée : "+format+".", args...)
	}
	if len(data) > maxIntegration {
		return f, refused("elle fait plus de %d octets", maxIntegration)
	}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil || decoder.More() {
		return f, refused(`il faut du JSON comme {"name":"Ville d'Exemple","hosts":["www.exemple.fr"]}`)
	}
	if f.Name = strings.TrimSpace(f.Name); f.Name == "" || utf8.RuneCountInString(f.Name) > maxIntegrationName {
		return f, refused("« name » dit qui intègre la carte, en %d caractères au plus", maxIntegrationName)
	}
	if len(f.Hosts) == 0 {
		return f, refused("« hosts » est vide ; il faut au moins un hôte, comme www.exemple.fr")
	}
	if f.Hosts, err = ParseHosts(f.Hosts); err != nil {
		return f, refused("%v", err)
	}
	return f, nil
}

// listIntegrations lists the registrations for who has a token.
func (s *Server) listIntegrations(c echo.Context) error {
	return s.write(c, func(ctx context.Context) error {
		all, err := s.readIntegrations(ctx)
		if err != nil {
			return err
		}
		list := slices.SortedFunc(maps.Values(all), func(a, b integration) int { return strings.Compare(a.ID, b.ID) })
		if list == nil {
			list = []integration{}
		}
		c.Response().Header().Set("Cache-Control", cacheNever)
		return c.JSON(http.StatusOK, map[string]any{"integrations": list})
	})
}

// readIntegrations reads the registrations of the desk, by id.
func (s *Server) readIntegrations(ctx context.Context) (map[string]integration, error) {
	documents, err := s.desk.Documents(ctx, KindIntegration)
	if err != nil {
		return nil, err
	}
	all := make(map[string]integration, len(documents))
	for _, doc := range documents {
		one := integration{ID: doc.ID, Updated: doc.Updated}
		err := json.Unmarshal(doc.Data, &one.integrationFile)
		if err == nil {
			one.Hosts, err = ParseHosts(one.Hosts) // they go into a header, whoever wrote them
		}
		if err != nil {
			s.log.Warn("integration left out", "id", doc.ID, "error", err)
			continue
		}
		all[doc.ID] = one
	}
	return all, nil
}

// postIntegration keeps a registration under a new id.
func (s *Server) postIntegration(c echo.Context) error {
	return s.saveIntegration(c, strings.ToLower(rand.Text()), http.StatusCreated)
}

// putIntegration replaces a registration: its name, its hosts.
func (s *Server) putIntegration(c echo.Context) error {
	return s.saveIntegration(c, c.Param("id"), http.StatusOK)
}

func (s *Server) saveIntegration(c echo.Context, id string, status int) error {
	file, err := readIntegration(c.Request())
	if err != nil {
		return err
	}
	return s.write(c, func(ctx context.Context) error {
		if status != http.StatusCreated {
			if err := s.integrationThere(ctx, id); err != nil {
				return err
			}
		}
		data, err := json.Marshal(file)
		if err != nil {
			return fmt.Errorf("save an integration: %w", err)
		}
		if err := s.desk.PutDocument(ctx, KindIntegration, id, data); err != nil {
			return err
		}
		one := integration{id, file, time.Now().UTC().Format(time.RFC3339)}
		s.knowIntegration(id, &one)
		return c.JSON(status, one)
	})
}

func (s *Server) deleteIntegration(c echo.Context) error {
	id := c.Param("id")
	return s.write(c, func(ctx context.Context) error {
		if err := s.integrationThere(ctx, id); err != nil {
			return err
		}
		if err := s.desk.DeleteDocument(ctx, KindIntegration, id); err != nil {
			return err
		}
		s.knowIntegration(id, nil)
		return c.NoContent(http.StatusNoContent)
	})
}

func (s *Server) integrationThere(ctx context.Context, id string) error {
	_, err := s.desk.Document(ctx, KindIntegration, id)
	if errors.Is(err, ErrNoDocument) {
		return problem.New(problem.NotFound, noIntegration)
	}
	return err
}

const noIntegration = "Cette intégration n'existe pas, ou a été supprimée ; son identifiant est celui que son enregistrement a donné."

// knowIntegration makes a change hold on this server at once; others learn of it when
// they refresh. nil: it was deleted.
func (s *Server) knowIntegration(id string, one *integration) {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	all := maps.Clone(s.desk.known.integrations) // readers hold the one before
	if all == nil {
		all = map[string]integration{}
	}
	if one == nil {
		delete(all, id)
	} else {
		all[id] = *one
	}
	s.desk.known.integrations = all
}

// hostsOf lists the hosts whose pages may show an embed: those of the registration that
// it names, or without one those of the server's configuration.
func (s *Server) hostsOf(id string) ([]string, error) {
	if id == "" {
		return s.options.EmbedHosts, nil
	}
	one, ok := s.seen().integrations[id]
	if !ok {
		return nil, problem.New(problem.NotFound, noIntegration)
	}
	return one.Hosts, nil
}

// countEmbed counts a view of an embed, under the host that shows it when that is one
// that may; those of the server's own pages are not counted.
func (s *Server) countEmbed(referer, base string, hosts []string) {
	from, _ := url.Parse(referer) // nil, or without a host: not told
	own, _ := url.Parse(base)
	switch {
	case from == nil || from.Host == "":
		s.count("integration")
	case own != nil && from.Host == own.Host:
	case slices.Contains(hosts, strings.ToLower(from.Host)):
		s.count("integration:" + strings.ToLower(from.Host))
	default:
		s.count("integration")
	}
}
