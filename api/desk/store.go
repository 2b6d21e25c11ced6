package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// Store is what a server keeps beside the edition it serves: what is known of other
// editions, small documents, counts of visits. Its methods may fail, or be slow: reads
// of an edition never wait for them. Methods are safe for concurrent use.
type Store interface {
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

// EditionInfo is one edition of the history. Created is when it was stored
// (RFC 3339, UTC); empty: unknown.
type EditionInfo struct {
	ID      string `json:"id"`
	Created string `json:"created,omitempty"`
}
