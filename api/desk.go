package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// Desk is what a server keeps beside the edition it serves: what is known of other
// editions, small documents, counts of visits. Its methods may fail, or be slow: reads
// of an edition never wait for them. Methods are safe for concurrent use.
type Desk interface {
	// Editions lists the editions, newest first.
	Editions(ctx context.Context) ([]EditionInfo, error)
	// Documents lists the documents of a kind, by id. Document answers an error that
	// wraps [ErrNoDocument] for one that is not there.
	Documents(ctx context.Context, kind string) ([]Document, error)
	Document(ctx context.Context, kind, id string) (Document, error)
	PutDocument(ctx context.Context, kind, id string, data []byte) error
	DeleteDocument(ctx context.Context, kind, id string) error
	// AddVisits adds to the counts of visits; Visits lists them by day and page.
	AddVisits(ctx context.Context, visits []Visits) error
	Visits(ctx context.Context) ([]Visits, error)
	// Jobs lists the jobs of the store, newest first; nil when it has no queue. Compute
	// asks for the edition of what the store holds now, Cancel stops a job: they answer
	// errors that wrap [ErrNoQueue] and [ErrNoJob].
	Jobs(ctx context.Context) ([]Job, error)
	Compute(ctx context.Context) (Job, error)
	Cancel(ctx context.Context, id int64) (Job, error)
}

// Document is a small text.
type Document struct {
	ID      string
	Data    []byte
	Updated string // RFC 3339, UTC
}

// Visits is how often a page was looked at in a day (UTC).
type Visits struct {
	Day   string `json:"day"`
	Page  string `json:"page"`
	Count int64  `json:"count"`
}

// Job is one piece of work of the queue, and how far it is.
type Job struct {
	ID       int64   `json:"id"`
	Kind     string  `json:"kind"`
	State    string  `json:"state"` // of River: available, running, retryable, completed, cancelled, discarded, scheduled
	Store    string  `json:"store,omitempty"`
	Attempt  int     `json:"attempt"`
	Created  string  `json:"created"` // RFC 3339, UTC
	Finished string  `json:"finished,omitempty"`
	Step     string  `json:"step,omitempty"` // French
	Done     float64 `json:"done"`           // of the step, 0 to 1
	Error    string  `json:"error,omitempty"`
}

// ErrNoDocument is wrapped by what Document returns for a document that is not there.
var ErrNoDocument = errors.New("no such document")

// Why a queue does not do what is asked.
var (
	ErrNoQueue = errors.New("the store has no queue")
	ErrNoJob   = errors.New("no such job")
)

// Kinds of documents.
const (
	KindRecord = "record" // of an edition, by its id: an [edition.Record]
	KindToken  = "token"  // by the SHA-256 of the token: a [Token]
	// A scenario, by an id that cannot be guessed: the file of [scenario.Parse].
	KindScenario = "scenario"
	// A registration of who may show embeds, by an id that is no secret.
	KindIntegration = "integration"
)

// DocumentKinds lists the kinds of documents, for whoever copies them all.
func DocumentKinds() []string { return []string{KindRecord, KindToken, KindScenario, KindIntegration} }

// Token is what is kept of a token: not the token.
type Token struct {
	Name    string `json:"name"`
	Created string `json:"created"` // RFC 3339, UTC
}

// TokenID is the id of the document of a token.
func TokenID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// known is what was last read of the desk. Reads look here: when the store is down,
// they still have what it said last.
type known struct {
	editions []EditionInfo
	records  []figures.Dated // newest first; also of editions that were deleted since
	visits   []Visits
	jobs     []Job
	// By id. The map is replaced, never changed.
	integrations map[string]integration
}

// deskTimeout is how long a write, or one refreshing, may wait for the store.
const deskTimeout = 5 * time.Second

// visitsEvery is how often counted visits are written down.
const visitsEvery = 30 * time.Second

// desk is the server's side of a Desk.
type desk struct {
	Desk

	mu      sync.Mutex
	known   known
	down    error // what the last refreshing met
	since   time.Time
	visits  map[Visits]int64 // counted and not yet written; Count is 0 in the keys
	flushed time.Time
}

// Refresh reads what the desk knows, and writes down the visits that were counted. It
// is called from time to time, and when an edition is published. Its error is also
// told by /readyz.
func (s *Server) Refresh(ctx context.Context) error {
	if s.desk.Desk == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, deskTimeout)
	defer cancel()
	now, err := s.readDesk(ctx)
	if err == nil {
		err = s.writeVisits(ctx)
	}
	d := &s.desk
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

func (s *Server) readDesk(ctx context.Context) (*known, error) {
	var now known
	var err error
	if now.editions, err = s.desk.Editions(ctx); err != nil {
		return nil, err
	}
	if now.jobs, err = s.desk.Jobs(ctx); err != nil {
		return nil, err
	}
	if now.visits, err = s.desk.Visits(ctx); err != nil {
		return nil, err
	}
	if now.integrations, err = s.readIntegrations(ctx); err != nil {
		return nil, err
	}
	if before := s.seen(); before.records != nil && slices.Equal(before.editions, now.editions) {
		now.records = before.records // a record does not change
		return &now, nil
	}
	documents, err := s.desk.Documents(ctx, KindRecord)
	if err != nil {
		return nil, err
	}
	now.records = make([]figures.Dated, 0, len(documents))
	for _, doc := range documents {
		r, err := edition.DecodeRecord(doc.Data)
		if err != nil {
			s.log.Warn("record left out", "edition", doc.ID, "error", err)
			continue
		}
		now.records = append(now.records, figures.Dated{Record: r, Created: doc.Updated})
	}
	slices.SortStableFunc(now.records, func(a, b figures.Dated) int { return cmp.Compare(b.Created, a.Created) })
	return &now, nil
}

// seen is what was last read of the desk.
func (s *Server) seen() known {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	return s.desk.known
}

// count counts a visit of a page. It never waits for the store.
func (s *Server) count(page string) {
	if s.desk.Desk == nil {
		return
	}
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if s.desk.visits == nil {
		s.desk.visits = map[Visits]int64{}
	}
	s.desk.visits[Visits{Day: time.Now().UTC().Format(time.DateOnly), Page: page}]++
}

func (s *Server) writeVisits(ctx context.Context) error {
	d := &s.desk
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
	err := s.desk.AddVisits(ctx, list)
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
func (s *Server) write(c echo.Context, do func(ctx context.Context) error) error {
	if s.desk.Desk == nil {
		return problem.New(problem.NotFound, "Ce serveur n'enregistre rien : il sert une édition sans magasin.")
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), deskTimeout)
	defer cancel()
	err := s.authorize(ctx, c)
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
func (s *Server) authorize(ctx context.Context, c echo.Context) error {
	scheme, token, _ := strings.Cut(c.Request().Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return problem.New(problem.Token, "Écrire demande un jeton : ajoutez l'en-tête « Authorization: Bearer … » ; un jeton se crée par « maillage token create ».")
	}
	_, err := s.desk.Document(ctx, KindToken, TokenID(token))
	if errors.Is(err, ErrNoDocument) {
		return problem.New(problem.Token, "Ce jeton n'est pas connu, ou a été révoqué.")
	}
	return err
}
