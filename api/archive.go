package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

// archived is an open archive of tiles, served under a name.
func (s *Server) archived(name string) (*pmtiles.Archive, error) {
	if a := s.options.Archives[name]; a != nil {
		return a, nil
	}
	return nil, problem.New(problem.NotFound, "Aucune archive de tuiles ne s'appelle « %s » ici.", problem.Quotable(name))
}

// getArchive answers /pmtiles/{archive}.json, a TileJSON.
func (s *Server) getArchive(c echo.Context) error {
	name, ok := strings.CutSuffix(unescaped(c, "file"), ".json")
	if !ok {
		return problem.New(problem.NotFound, problem.NotFoundSentence)
	}
	a, err := s.archived(name)
	if err != nil {
		return err
	}
	if err := params.Nothing(c.Request().URL.RawQuery); err != nil {
		return err
	}
	metadata, err := a.Metadata()
	if err != nil {
		return err
	}
	doc := map[string]any{}
	if err := json.Unmarshal(metadata, &doc); err != nil {
		return fmt.Errorf("metadata of the archive %s: %w", name, err)
	}
	lowest, highest := a.Zooms()
	doc["tilejson"], doc["minzoom"], doc["maxzoom"] = "3.0.0", lowest, highest
	doc["tiles"] = []string{root(c) + "/pmtiles/" + name + "/{z}/{x}/{y}.mvt"}
	r, err := reply.JSON(reply.TypeJSON, doc)
	if err != nil {
		return err
	}
	return reply.Send(c, r)
}

// getArchivedTile answers one tile of an archive, as it is in it.
func (s *Server) getArchivedTile(c echo.Context) error {
	a, err := s.archived(unescaped(c, "archive"))
	if err != nil {
		return err
	}
	at, err := tileAddress(func(name string) string { return unescaped(c, name) })
	if err != nil {
		return err
	}
	if err := params.Nothing(c.Request().URL.RawQuery); err != nil {
		return err
	}
	lowest, highest := a.Zooms()
	if at[0] < lowest || at[0] > highest || at[1]>>at[0] != 0 || at[2]>>at[0] != 0 {
		return problem.New(problem.Tile, "La tuile %d/%d/%d n'existe pas ; cette archive va du zoom %d au zoom %d, x et y vont de 0 à 2^z - 1.", at[0], at[1], at[2], lowest, highest)
	}
	zipped, err := a.Tile(at[0], at[1], at[2])
	if err != nil {
		return err
	}
	r := &reply.Reply{ContentType: reply.TypeTile, Cache: reply.CacheEdition}
	if zipped != nil {
		sum := sha256.Sum256(zipped)
		r.Tag, r.Gzip = `"`+hex.EncodeToString(sum[:12])+`"`, zipped
		if r.Body, err = unzipped(zipped); err != nil {
			return fmt.Errorf("tile %v: %w", at, err)
		}
	}
	return reply.Send(c, r)
}

func unzipped(b []byte) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	const most = 64 << 20
	out, err := io.ReadAll(io.LimitReader(zr, most+1))
	if len(out) > most {
		return nil, errors.New("more than 64 MiB")
	}
	return out, err
}
