package desk

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
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/problem"
)

// Integration is a registration: the hosts whose pages may show an embed that names it.
// Its id is no secret, it is in the address of the frame.
type Integration struct {
	ID string `json:"id"`
	integrationFile
	Updated string `json:"updated"` // RFC 3339, UTC
}

// integrationFile is what is kept of it, and what is sent to make one.
type integrationFile struct {
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"` // as ParseHosts gives them
}

// Bounds of a registration.
const (
	maxIntegrationName = 200 // characters
	maxIntegration     = 64 << 10
)

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

// ListIntegrations lists the registrations for who has a token.
func (d *Desk) ListIntegrations(c echo.Context) error {
	return d.write(c, func(ctx context.Context) error {
		all, err := d.readIntegrations(ctx)
		if err != nil {
			return err
		}
		list := slices.SortedFunc(maps.Values(all), func(a, b Integration) int { return strings.Compare(a.ID, b.ID) })
		if list == nil {
			list = []Integration{}
		}
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(http.StatusOK, map[string]any{"integrations": list})
	})
}

// readIntegrations reads the registrations of the desk, by id.
func (d *Desk) readIntegrations(ctx context.Context) (map[string]Integration, error) {
	documents, err := d.store.Documents(ctx, KindIntegration)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Integration, len(documents))
	for _, doc := range documents {
		one := Integration{ID: doc.ID, Updated: doc.Updated}
		err := json.Unmarshal(doc.Data, &one.integrationFile)
		if err == nil {
			one.Hosts, err = ParseHosts(one.Hosts) // they go into a header, whoever wrote them
		}
		if err != nil {
			d.log.Warn("integration left out", "id", doc.ID, "error", err)
			continue
		}
		all[doc.ID] = one
	}
	return all, nil
}

// PostIntegration keeps a registration under a new id.
func (d *Desk) PostIntegration(c echo.Context) error {
	return d.saveIntegration(c, strings.ToLower(rand.Text()), http.StatusCreated)
}

// PutIntegration replaces a registration: its name, its hosts.
func (d *Desk) PutIntegration(c echo.Context) error {
	return d.saveIntegration(c, c.Param("id"), http.StatusOK)
}

func (d *Desk) saveIntegration(c echo.Context, id string, status int) error {
	file, err := readIntegration(c.Request())
	if err != nil {
		return err
	}
	return d.write(c, func(ctx context.Context) error {
		if status != http.StatusCreated {
			if err := d.integrationThere(ctx, id); err != nil {
				return err
			}
		}
		data, err := json.Marshal(file)
		if err != nil {
			return fmt.Errorf("save an integration: %w", err)
		}
		if err := d.store.PutDocument(ctx, KindIntegration, id, data); err != nil {
			return err
		}
		one := Integration{id, file, time.Now().UTC().Format(time.RFC3339)}
		d.knowIntegration(id, &one)
		return c.JSON(status, one)
	})
}

// DeleteIntegration forgets a registration.
func (d *Desk) DeleteIntegration(c echo.Context) error {
	id := c.Param("id")
	return d.write(c, func(ctx context.Context) error {
		if err := d.integrationThere(ctx, id); err != nil {
			return err
		}
		if err := d.store.DeleteDocument(ctx, KindIntegration, id); err != nil {
			return err
		}
		d.knowIntegration(id, nil)
		return c.NoContent(http.StatusNoContent)
	})
}

func (d *Desk) integrationThere(ctx context.Context, id string) error {
	_, err := d.store.Document(ctx, KindIntegration, id)
	if errors.Is(err, ErrNoDocument) {
		return problem.New(problem.NotFound, noIntegration)
	}
	return err
}

const noIntegration = "Cette intégration n'existe pas, ou a été supprimée ; son identifiant est celui que son enregistrement a donné."

// knowIntegration makes a change hold on this server at once; others learn of it when
// they refresh. nil: it was deleted.
func (d *Desk) knowIntegration(id string, one *Integration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := maps.Clone(d.known.integrations) // readers hold the one before
	if all == nil {
		all = map[string]Integration{}
	}
	if one == nil {
		delete(all, id)
	} else {
		all[id] = *one
	}
	d.known.integrations = all
}

// HostsOf lists the hosts whose pages may show an embed: those of the registration that
// it names, or without one those of the server's configuration.
func (d *Desk) HostsOf(id string) ([]string, error) {
	if id == "" {
		return d.hosts, nil
	}
	one, ok := d.Seen().integrations[id]
	if !ok {
		return nil, problem.New(problem.NotFound, noIntegration)
	}
	return one.Hosts, nil
}

// CountEmbed counts a view of an embed, under the host that shows it when that is one
// that may; those of the server's own pages are not counted.
func (d *Desk) CountEmbed(referer, base string, hosts []string) {
	from, _ := url.Parse(referer) // nil, or without a host: not told
	own, _ := url.Parse(base)
	switch {
	case from == nil || from.Host == "":
		d.Count("integration")
	case own != nil && from.Host == own.Host:
	case slices.Contains(hosts, strings.ToLower(from.Host)):
		d.Count("integration:" + strings.ToLower(from.Host))
	default:
		d.Count("integration")
	}
}
