// Package problem is why a request has no reply: a sentence for the person, a cause for
// the log, and the document of RFC 9457 that is sent.
//
//	Kind     the status, the title and the headers: one table
//	Error    a kind, a French sentence, a cause that is never sent
//	Details  what is sent
package problem

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// Kind is why a request has no reply.
type Kind uint8

const (
	Internal Kind = iota
	Parameter
	Tile
	NotFound
	Layer
	Territoire
	Method
	Length
	NotReady
	Abandoned
	Busy
	Token
	Store
)

// kinds is the one table from kinds to what the person gets. header is one more header
// that the reply needs, with its value.
var kinds = [...]struct {
	status      int
	slug, title string
	header      [2]string
}{
	Internal:   {http.StatusInternalServerError, "interne", "Erreur interne", none},
	Parameter:  {http.StatusBadRequest, "parametre", "Paramètre refusé", none},
	Tile:       {http.StatusBadRequest, "tuile", "Tuile hors des limites", none},
	NotFound:   {http.StatusNotFound, "introuvable", "Introuvable", none},
	Layer:      {http.StatusNotFound, "couche", "Couche inconnue", none},
	Territoire: {http.StatusNotFound, "territoire", "Territoire inconnu", none},
	Method:     {http.StatusMethodNotAllowed, "methode", "Méthode refusée", none},
	Length:     {http.StatusBadRequest, "longueur", "Adresse trop longue", none},
	NotReady:   {http.StatusServiceUnavailable, "pas-pret", "Pas encore prêt", [2]string{"Retry-After", "5"}},
	Abandoned:  {http.StatusServiceUnavailable, "abandon", "Demande abandonnée", none},
	Busy:       {http.StatusServiceUnavailable, "occupe", "Trop de demandes", [2]string{"Retry-After", "5"}},
	Token:      {http.StatusUnauthorized, "jeton", "Jeton demandé", [2]string{"WWW-Authenticate", `Bearer realm="maillage"`}},
	Store:      {http.StatusServiceUnavailable, "magasin", "Magasin injoignable", [2]string{"Retry-After", "60"}},
}

var none [2]string

// Status is the HTTP status.
func (k Kind) Status() int { return kinds[k].status }

// Header gives one more header that the reply needs, if any.
func (k Kind) Header() (name, value string, ok bool) {
	h := kinds[k].header
	return h[0], h[1], h != none
}

// Error is an error with a sentence for the person. The cause goes to the log only.
type Error struct {
	Kind   Kind
	Detail string // French, a whole sentence
	Cause  error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", kinds[e.Kind].slug, e.Cause)
	}
	return fmt.Sprintf("%s: %s", kinds[e.Kind].slug, e.Detail)
}

func (e *Error) Unwrap() error { return e.Cause }

// New makes an error whose sentence says it all.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// Wrap makes an error of a sentence and what caused it.
func Wrap(kind Kind, detail string, cause error) *Error { return &Error{kind, detail, cause} }

// Sentences that several addresses answer.
const (
	InternalSentence = "Le serveur a rencontré une erreur inattendue ; indiquez l'identifiant de cette réponse à la personne qui l'administre."
	NotFoundSentence = "Il n'y a rien à cette adresse ; les adresses sont décrites dans /openapi.json."
	NotReadySentence = "Aucune édition n'est encore chargée ; réessayez dans quelques instants."
)

// ContentType is the media type of [Details] in JSON.
const ContentType = "application/problem+json"

// Details is the body of an error (RFC 9457).
type Details struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`
	ID       string `json:"id"`
}

// Details says an error under an id of its own; instance is the path that was asked for.
func (e *Error) Details(instance string) Details {
	k := kinds[e.Kind]
	return Details{Type: "urn:maillage:probleme:" + k.slug, Title: k.title, Status: k.status, Detail: e.Detail, Instance: instance, ID: newID()}
}

// newID is a random identifier for one error.
func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// Quotable makes what a client sent fit to be quoted in a sentence: at most 60
// characters, all printable.
func Quotable(text string) string {
	const limit = 60
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n == limit {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
