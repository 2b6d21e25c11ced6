// Package desk is what is written beside editions: saved scenarios, registrations of who
// may show embeds, tokens, counts of visits, jobs that are asked for. A [Store] keeps it;
// reads look at what a [Desk] last read of it, so that they go on when it is down.
package desk

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// Known is what was last read of the store. Reads look here: when it is down,
// they still have what it said last.
type Known struct {
	Editions []EditionInfo   // nil: nothing was read yet
	Records  []figures.Dated // newest first; also of editions that were deleted since
	Visits   []Visits
	Jobs     []Job
	// By id. The map is replaced, never changed.
	integrations map[string]Integration
}

// Timeout is how long a write, or one refreshing, may wait for the store.
const Timeout = 5 * time.Second

// visitsEvery is how often counted visits are written down.
const visitsEvery = 30 * time.Second

// Desk is the server's side of a Store. It is safe for concurrent use.
type Desk struct {
	store Store // nil: nothing is kept
	log   *slog.Logger
	hosts []string // of embeds that name no registration

	mu      sync.Mutex
	known   Known
	down    error // what the last refreshing met
	since   time.Time
	visits  map[Visits]int64 // counted and not yet written; Count is 0 in the keys
	flushed time.Time
}

// New makes a desk of a store, nil where nothing is kept. hosts are those whose pages may
// show embeds that name no registration, as [ParseHosts] gives them.
func New(store Store, log *slog.Logger, hosts []string) *Desk {
	return &Desk{store: store, log: log, hosts: hosts}
}

// Refresh reads what the store knows, and writes down the visits that were counted. It
// is called from time to time, and when an edition is published. Its error is also
// told by [Desk.Down].
func (d *Desk) Refresh(ctx context.Context) error {
	if d.store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	now, err := d.readDesk(ctx)
	if err == nil {
		err = d.writeVisits(ctx)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err == nil:
		d.known, d.down, d.since = *now, nil, time.Time{}
	case d.down == nil:
		d.since = time.Now()
		fallthrough
	default:
		d.down = err
	}
	return err
}

func (d *Desk) readDesk(ctx context.Context) (*Known, error) {
	var now Known
	var err error
	if now.Editions, err = d.store.Editions(ctx); err != nil {
		return nil, err
	}
	if now.Jobs, err = d.store.Jobs(ctx); err != nil {
		return nil, err
	}
	if now.Visits, err = d.store.Visits(ctx); err != nil {
		return nil, err
	}
	if now.integrations, err = d.readIntegrations(ctx); err != nil {
		return nil, err
	}
	if before := d.Seen(); before.Records != nil && slices.Equal(before.Editions, now.Editions) {
		now.Records = before.Records // a record does not change
		return &now, nil
	}
	documents, err := d.store.Documents(ctx, KindRecord)
	if err != nil {
		return nil, err
	}
	now.Records = make([]figures.Dated, 0, len(documents))
	for _, doc := range documents {
		r, err := edition.DecodeRecord(doc.Data)
		if err != nil {
			d.log.Warn("record left out", "edition", doc.ID, "error", err)
			continue
		}
		now.Records = append(now.Records, figures.Dated{Record: r, Created: doc.Updated})
	}
	slices.SortStableFunc(now.Records, func(a, b figures.Dated) int { return cmp.Compare(b.Created, a.Created) })
	return &now, nil
}

// Seen is what was last read of the store.
func (d *Desk) Seen() Known {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.known
}

// Down tells since when the store does not answer.
func (d *Desk) Down() (since time.Time, down bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.since, d.down != nil
}

// Count counts a visit of a page. It never waits for the store.
func (d *Desk) Count(page string) {
	if d.store == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.visits == nil {
		d.visits = map[Visits]int64{}
	}
	d.visits[Visits{Day: time.Now().UTC().Format(time.DateOnly), Page: page}]++
}

func (d *Desk) writeVisits(ctx context.Context) error {
	d.mu.Lock()
	counted := d.visits
	if len(counted) == 0 || time.Since(d.flushed) < visitsEvery {
		d.mu.Unlock()
		return nil
	}
	d.visits, d.flushed = nil, time.Now()
	d.mu.Unlock()
	list := make([]Visits, 0, len(counted))
	for v, n := range counted {
		v.Count = n
		list = append(list, v)
	}
	err := d.store.AddVisits(ctx, list)
	if err == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.visits == nil {
		d.visits = map[Visits]int64{}
	}
	for v, n := range counted { // they are counted still
		d.visits[v] += n
	}
	return err
}

// write runs a write to the desk by whoever holds a token. Errors of the store become
// a 503 that says what to do.
func (d *Desk) write(c echo.Context, do func(ctx context.Context) error) error {
	if d.store == nil {
		return problem.New(problem.NotFound, "Ce serveur n'enregistre rien : il sert une édition sans magasin.")
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), Timeout)
	defer cancel()
	err := d.authorize(ctx, c)
	if err == nil {
		err = do(ctx)
	}
	var f *problem.Error
	if err == nil || errors.As(err, &f) {
		return err
	}
	return problem.Wrap(problem.Store, "L'enregistrement est impossible pour l'instant : le magasin ne répond pas. Rien n'a été changé ; réessayez dans une minute.", err)
}

// authorize wants the bearer token of a request to be one that was created.
func (d *Desk) authorize(ctx context.Context, c echo.Context) error {
	scheme, token, _ := strings.Cut(c.Request().Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return problem.New(problem.Token, "Écrire demande un jeton : ajoutez l'en-tête « Authorization: Bearer … » ; un jeton se crée par « maillage token create ».")
	}
	_, err := d.store.Document(ctx, KindToken, TokenID(token))
	if errors.Is(err, ErrNoDocument) {
		return problem.New(problem.Token, "Ce jeton n'est pas connu, ou a été révoqué.")
	}
	return err
}
