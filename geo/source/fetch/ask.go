package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// locate finds the address of a dataset and the checksum its publisher states.
func (f *Fetcher) locate(ctx context.Context, a Address) (string, checksum, error) {
	if a.DataGouv != nil {
		return f.dataGouv(ctx, *a.DataGouv)
	}
	if a.Checksum == "" {
		return a.URL, checksum{}, nil
	}
	text, err := f.small(ctx, a.Checksum)
	if err != nil {
		return "", checksum{}, err
	}
	fields := strings.Fields(string(text))
	if len(fields) == 0 {
		return "", checksum{}, fmt.Errorf("%s : fichier de contrôle vide", a.Checksum)
	}
	sum, err := parseChecksum("", fields[0])
	if err != nil {
		return "", checksum{}, fmt.Errorf("%s : %w", a.Checksum, err)
	}
	return a.URL, sum, nil
}

// dataGouv asks the data.gouv.fr API for the newest resource that matches.
func (f *Fetcher) dataGouv(ctx context.Context, g DataGouv) (string, checksum, error) {
	text, err := f.small(ctx, g.API)
	if err != nil {
		return "", checksum{}, err
	}
	var answer struct {
		Resources []struct {
			Title        string `json:"title"`
			URL          string `json:"url"`
			LastModified string `json:"last_modified"`
			Checksum     *struct {
				Type  string `json:"type"`
				Value string `json:"value"`
			} `json:"checksum"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(bytes.TrimSpace(text), &answer); err != nil {
		return "", checksum{}, fmt.Errorf("%s : réponse illisible : %w", g.API, err)
	}
	best := -1
	for i, r := range answer.Resources {
		if !g.Pattern.MatchString(r.Title) && !g.Pattern.MatchString(r.URL) {
			continue
		}
		if best < 0 || r.LastModified > answer.Resources[best].LastModified {
			best = i
		}
	}
	if best < 0 {
		return "", checksum{}, permanent{&PatternError{fmt.Sprintf("aucune ressource du jeu ne correspond à %s", g.Match)}}
	}
	r := answer.Resources[best]
	to, err := url.Parse(r.URL)
	if err != nil {
		return "", checksum{}, permanent{fmt.Errorf("adresse %q de la ressource : %w", r.URL, err)}
	}
	from, err := url.Parse(g.API)
	if err == nil {
		err = onward(from, to)
	}
	if err != nil {
		return "", checksum{}, err
	}
	var sum checksum
	if r.Checksum != nil {
		// A kind of checksum that we do not know is not a reason to refuse the file.
		sum, _ = parseChecksum(r.Checksum.Type, r.Checksum.Value)
	}
	return r.URL, sum, nil
}

// small gets a small text whole.
func (f *Fetcher) small(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := newRequest(ctx, http.MethodGet, address)
	if err != nil {
		return nil, permanent{err}
	}
	watch := f.watch(cancel)
	defer watch.Stop()
	resp, err := f.send(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		err := fmt.Errorf("%s : %s", address, resp.Status)
		if resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests {
			return nil, err
		}
		return nil, permanent{err}
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxSmall+1))
	if err != nil {
		return nil, cause(ctx, err)
	}
	if len(text) > maxSmall {
		return nil, permanent{fmt.Errorf("%s : réponse de plus de %d octets", address, maxSmall)}
	}
	return text, nil
}
