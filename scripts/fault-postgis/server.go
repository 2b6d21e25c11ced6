package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aisne-numerique/maillage/scripts/crew"
)

// server is one maillage serve.
type server struct{ *crew.Server }

// open makes the database of a part, which holds the demonstration.
func (t *trial) open(ctx context.Context, name string) (err error) {
	t.db, err = t.crew.Database(ctx, name, demo)
	return err
}

// start is how long a process may take until it is at work.
const start = time.Minute

func (t *trial) serve(ctx context.Context, name string) (*server, error) {
	s, err := t.crew.Serve(ctx, name, t.db)
	if err != nil {
		return nil, err
	}
	return &server{s}, nil
}

func (t *trial) worker(ctx context.Context, name string) (*crew.Process, error) {
	p, err := t.crew.Start(name, "worker", "--concurrency", "1", "--store", t.db)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, start)
	defer cancel()
	_, err = p.Await(ctx, "River client started")
	return p, err
}

// ready is what /readyz answers.
type ready struct {
	Edition, Status, Store string
	code                   int
}

func (s *server) ready(ctx context.Context) (r ready, err error) {
	status, _, body, err := request(ctx, http.MethodGet, s.Address+"/readyz", "")
	if err == nil {
		r.code = status
		err = json.Unmarshal(body, &r)
	}
	return r, err
}

// until looks at /readyz until it is as wanted, and gives how long that took.
func (s *server) until(ctx context.Context, within time.Duration, what string, ok func(ready) bool) (time.Duration, error) {
	begin := time.Now()
	var last ready
	for time.Since(begin) < within {
		r, err := s.ready(ctx)
		if err != nil {
			return 0, err
		}
		if last = r; ok(r) {
			return time.Since(begin), nil
		}
		sleep(ctx, 20*time.Millisecond)
	}
	return 0, fmt.Errorf("%s is not %s after %v: %+v", s.Name(), what, within, last)
}

// ask asks for a computation, and gives the answer and how long it took.
func (s *server) ask(ctx context.Context, token string) (status int, header http.Header, body []byte, took time.Duration, err error) {
	begin := time.Now()
	status, header, body, err = request(ctx, http.MethodPost, s.Address+"/api/v1/travaux", token)
	return status, header, body, time.Since(begin), err
}

// client is for what is not a reader's; it waits longer than any answer may take.
var client = &http.Client{Timeout: 30 * time.Second}

func request(ctx context.Context, method, address, token string) (status int, header http.Header, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	rsp, err := client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer rsp.Body.Close()
	body, err = io.ReadAll(rsp.Body)
	return rsp.StatusCode, rsp.Header, bytes.TrimSpace(body), err
}

// job is a job as maillage jobs --json tells it.
type job struct {
	ID      int64
	State   string
	Attempt int
	Error   string
}

// queue asks for a computation from the command line.
func (t *trial) queue(ctx context.Context, args ...string) (job, error) {
	said, err := t.crew.Run(ctx, append([]string{"compute", "--queue", "--json", "--store", t.db}, args...)...)
	if err != nil {
		return job{}, err
	}
	var added []job
	if err := json.Unmarshal([]byte(said), &added); err != nil || len(added) != 1 {
		return job{}, fmt.Errorf("compute --queue --json: %v: %s", err, said)
	}
	return added[0], nil
}

func (t *trial) job(ctx context.Context, id int64) (job, error) {
	said, err := t.crew.Run(ctx, "jobs", "--json", "--store", t.db)
	if err != nil {
		return job{}, err
	}
	var all []job
	if err := json.Unmarshal([]byte(said), &all); err != nil {
		return job{}, fmt.Errorf("jobs --json: %w: %s", err, said)
	}
	for _, j := range all {
		if j.ID == id {
			return j, nil
		}
	}
	return job{}, fmt.Errorf("job %d is not in the list: %s", id, said)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
