package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
)

// Site gives the files of the map of the edition served, for a host that serves files alone:
// the page and its scripts, and the answers to the edition's own question, under the names
// that the page looks for. Tiles are not among them: they are in the archive maillage.pmtiles
// beside. put gets slash paths, in an order that is always the same.
func (s *Server) Site(ctx context.Context, put func(name string, body []byte) error) error {
	snap := s.current.Load()
	if snap == nil {
		return notReady()
	}
	if _, built := s.static["favicon.svg"]; !built {
		return errors.New("la carte n'a pas été construite dans ce programme : lancez « make web », puis « make build »")
	}
	for _, name := range slices.Sorted(maps.Keys(s.static)) {
		body := s.static[name].Body
		if slices.Contains(homes, name) {
			home, err := s.home(ctx, snap, name)
			if err != nil {
				return err
			}
			// What says to the page that it has no server.
			body = bytes.Replace(home.Body, []byte(`id="premieres">{`), []byte(`id="premieres">{"site":true,`), 1)
		}
		if err := put(name, body); err != nil {
			return err
		}
	}
	for _, address := range siteAddresses(snap) {
		body, err := s.read(ctx, address)
		if err != nil {
			return err
		}
		if err := put(siteFile(address), body); err != nil {
			return err
		}
	}
	return nil
}

// siteAddresses are the requests that the page makes for the edition's own question, and for the
// same by timetable, their parameters in its order.
func siteAddresses(s *snapshot.Snapshot) []string {
	out := []string{"carte.svg", "api/v1/edition", "api/v1/config", "api/v1/lieux", "api/v1/acces?mesure=personnes", "api/v1/acces?mesure=ifn",
		"api/v1/ifn/points?level=commune", "api/v1/ifn/points?level=epci", "api/v1/ifn/completude?level=commune", "api/v1/ifn/completude?level=epci"}
	levels := s.Levels() // commune, EPCI, sets, département, which is above
	levels = slices.Concat(levels[1:len(levels)-1], levels[:1])
	for _, level := range levels {
		out = append(out, "api/v1/territoires?type="+string(level))
		for _, t := range s.Division.Territoires(level) {
			if level != admin.TypeCommune && level != admin.TypeEPCI { // these are drawn by their tiles
				out = append(out, "api/v1/territoires/"+t.Ref.String()+"/contour")
			}
		}
	}
	out = append(out, questionAddresses(s, s.DefaultQuery(), levels)...)
	if q := s.TimetableQuery(); s.HasMode(q.Mode) {
		out = append(out, questionAddresses(s, q, levels)...)
	}
	return out
}

// questionAddresses are those of one question.
func questionAddresses(s *snapshot.Snapshot, q coverage.Query, levels []admin.Type) []string {
	lieu := fmt.Sprintf("service=%s&mode=%s", q.Service, q.Mode)
	within := fmt.Sprintf("%s&cutoff=%g", lieu, q.Cutoff.Minutes())
	question := fmt.Sprintf("%s&min_hours=%g", within, q.MinHours)
	minutes := lieu
	if q.Mode == geo.Transit { // there the cut-off says which journeys count
		minutes = within
	}
	out := []string{"api/v1/zones-blanches?" + within, "api/v1/acces?" + question + "&mesure=classe", "api/v1/acces?" + minutes + "&mesure=minutes",
		"api/v1/acces?" + within + "&mesure=heures", "api/v1/acces?" + question + "&mesure=agir", "api/v1/repartition?" + within, "api/v1/gaps?" + question + "&level=departement"}
	for _, level := range levels {
		out = append(out, "api/v1/gaps?"+question+"&level="+string(level))
		for _, t := range s.Division.Territoires(level) {
			out = append(out, "api/v1/territoires/"+t.Ref.String()+"?"+question)
			if level == admin.TypeEPCI {
				out = append(out, "api/v1/gaps?"+question+"&level=commune&territoire="+url.QueryEscape(t.Ref.String()))
			}
		}
	}
	return out
}

// siteFile is the file of the answer to a request; the page names it the same way (api.ts).
func siteFile(address string) string {
	if !strings.HasPrefix(address, "api/") {
		return address
	}
	name := strings.NewReplacer("?", "/", "&", "_", ":", "-", "=", "-", "%3A", "-").Replace(address)
	if strings.HasPrefix(address, "api/v1/acces?") {
		return name + ".bin"
	}
	return name + ".json"
}

// read gives the body of the answer to a request, as it is served.
func (s *Server) read(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/"+address, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	request.RequestURI = request.URL.RequestURI()
	w := &kept{header: http.Header{}}
	s.handler.ServeHTTP(w, request)
	if w.status != http.StatusOK {
		var p problem.Details
		_ = json.Unmarshal(w.body.Bytes(), &p) // a body that is no problem has no sentence
		return nil, fmt.Errorf("%s: %d %s", address, w.status, p.Detail)
	}
	return w.body.Bytes(), nil
}

// kept is a response kept in memory.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
