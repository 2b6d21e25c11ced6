package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/tiles"
)

// kind is why a request has no reply.
type kind uint8

const (
	kindInternal kind = iota
	kindParameter
	kindTile
	kindNotFound
	kindLayer
	kindTerritoire
	kindMethod
	kindLength
	kindProtocol
	kindNotReady
	kindAbandoned
	kindToken
	kindStore
)

// kinds is the one table from kinds to what the person gets.
var kinds = [...]struct {
	status      int
	slug, title string
}{
	kindInternal:   {http.StatusInternalServerError, "interne", "Erreur interne"},
	kindParameter:  {http.StatusBadRequest, "parametre", "Paramètre refusé"},
	kindTile:       {http.StatusBadRequest, "tuile", "Tuile hors des limites"},
	kindNotFound:   {http.StatusNotFound, "introuvable", "Introuvable"},
	kindLayer:      {http.StatusNotFound, "couche", "Couche inconnue"},
	kindTerritoire: {http.StatusNotFound, "territoire", "Territoire inconnu"},
	kindMethod:     {http.StatusMethodNotAllowed, "methode", "Méthode refusée"},
	kindLength:     {http.StatusBadRequest, "longueur", "Adresse trop longue"},
	kindProtocol:   {http.StatusBadRequest, "protocole", "Demande illisible"},
	kindNotReady:   {http.StatusServiceUnavailable, "pas-pret", "Pas encore prêt"},
	kindAbandoned:  {http.StatusServiceUnavailable, "abandon", "Demande abandonnée"},
	kindToken:      {http.StatusUnauthorized, "jeton", "Jeton demandé"},
	kindStore:      {http.StatusServiceUnavailable, "magasin", "Magasin injoignable"},
}

// fault is an error with a sentence for the person. The cause goes to the log only.
type fault struct {
	kind   kind
	detail string // French, a whole sentence
	cause  error
}

func (f *fault) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s: %v", kinds[f.kind].slug, f.cause)
	}
	return fmt.Sprintf("%s: %s", kinds[f.kind].slug, f.detail)
}

func (f *fault) Unwrap() error { return f.cause }

// faultf makes a fault whose sentence says it all.
func faultf(k kind, format string, args ...any) *fault {
	return &fault{kind: k, detail: fmt.Sprintf(format, args...)}
}

const internalSentence = "Le serveur a rencontré une erreur inattendue ; indiquez l'identifiant de cette réponse à la personne qui l'administre."

// faultOf finds the kind and the sentence of any error.
func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	if f := faultOfOGC(err); f != nil {
		return f
	}
	var unknown *edition.UnknownTerritoireError
	if errors.As(err, &unknown) {
		return &fault{kindTerritoire, fmt.Sprintf("Le territoire « %s » n'existe pas dans cette édition.", quotable(unknown.Ref.String())), err}
	}
	var routing *echo.HTTPError
	if errors.As(err, &routing) {
		switch routing.Code {
		case http.StatusNotFound:
			return &fault{kindNotFound, notFoundSentence, err}
		case http.StatusMethodNotAllowed:
			return &fault{kindMethod, "Cette adresse se lit seulement : utilisez GET ou HEAD.", err}
		}
	}
	switch {
	case errors.Is(err, tiles.ErrUnknownLayer):
		return &fault{kindLayer, "Cette couche de tuiles n'existe pas ; les couches sont cells, zones, epci, communes, roads et lieux.", err}
	case errors.Is(err, tiles.ErrOutOfRange):
		return &fault{kindTile, "Cette tuile n'existe pas : z, x ou y est hors des limites.", err}
	case errors.Is(err, tiles.ErrBadQuery):
		return &fault{kindParameter, "Cette édition ne peut pas répondre à cette question ; vérifiez service, mode, cutoff et min_hours.", err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &fault{kindAbandoned, "La demande a été abandonnée avant la réponse.", err}
	}
	return &fault{kindInternal, internalSentence, err}
}

const notFoundSentence = "Il n'y a rien à cette adresse ; les adresses sont décrites dans /openapi.json."

// problem is the body of an error (RFC 9457).
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`
	ID       string `json:"id"`
}

// newProblem says a fault, under an id of its own; instance is the path that was asked for.
func newProblem(f *fault, instance string) problem {
	k := kinds[f.kind]
	return problem{Type: "urn:maillage:probleme:" + k.slug, Title: k.title, Status: k.status, Detail: f.detail, Instance: instance, ID: newID()}
}

const problemType = "application/problem+json"

// fail answers an error, and logs it under the id that the person sees.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		s.log.Error("reply interrupted", "path", c.Request().URL.Path, "error", err)
		return
	}
	f := faultOf(err)
	p := newProblem(f, c.Request().URL.EscapedPath())
	log := s.log.Debug
	if p.Status == http.StatusInternalServerError {
		log = s.log.Error
	}
	log("request refused", "id", p.ID, "status", p.Status, "method", c.Request().Method, "path", p.Instance, "error", f.Error())
	body, err := json.Marshal(p)
	if err != nil {
		s.log.Error("problem not encoded", "id", p.ID, "error", err)
	}
	h := c.Response().Header()
	for _, name := range []string{"ETag", "Vary", "Content-Encoding", "Content-Length"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	switch f.kind {
	case kindNotReady:
		h.Set("Retry-After", "5")
	case kindStore:
		h.Set("Retry-After", "60")
	case kindToken:
		h.Set("WWW-Authenticate", `Bearer realm="maillage"`)
	}
	if c.Request().Method == http.MethodHead {
		h.Set("Content-Type", problemType)
		err = c.NoContent(p.Status)
	} else {
		err = c.Blob(p.Status, problemType, body)
	}
	if err != nil {
		s.log.Debug("problem not sent", "id", p.ID, "error", err)
	}
}

// newID is a random identifier for one error.
func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// quotable makes what a client sent fit to be quoted in a sentence: at most 60
// characters, all printable.
func quotable(text string) string {
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
