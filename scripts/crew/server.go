package crew

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Server is a maillage serve.
type Server struct {
	*Process
	Address string // as http://127.0.0.1:1234
}

// mostStart is how long a server may take until it serves.
const mostStart = time.Minute

// Serve starts a server of a store, on a port of its own, and waits until it serves.
func (c *Crew) Serve(ctx context.Context, name, store string) (*Server, error) {
	p, err := c.Start(name, "serve", "--addr", "127.0.0.1:0", "--store", store)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, mostStart)
	defer cancel()
	line, err := p.Await(ctx, "maillage sert l'édition")
	if err != nil {
		return nil, err
	}
	_, address, _ := strings.Cut(line.Text, " sur ")
	address, _, _ = strings.Cut(address, "/ (")
	return &Server{p, address}, nil
}

// JSON reads what the server answers at a path.
func (s *Server) JSON(ctx context.Context, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Address+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
