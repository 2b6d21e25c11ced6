package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	together     = 16               // addresses that are asked at a time
	checkPatient = 12 * time.Second // for one answer
)

// Answer is what an address says of its file, which is not downloaded.
type Answer struct {
	Target  string
	Address Address
	OK      bool
	Final   string // address where the file is in the end
	Bytes   int64  // -1: it does not say
	Date    string // day of the file; empty: it does not say
	Reason  string // French: why it is not OK
}

// Check asks every address of the targets, several at a time, and gives the answers in
// their order. Those that have not answered when ctx ends are not OK.
func (f *Fetcher) Check(ctx context.Context, targets []Target) []Answer {
	var all []Answer
	for _, t := range targets {
		for _, a := range t.Addresses {
			all = append(all, Answer{Target: t.Name, Address: a, Bytes: -1})
		}
	}
	// Each writes its own answer; a refusal is one of them, and ends nothing.
	var group errgroup.Group
	group.SetLimit(together)
	for i := range all {
		group.Go(func() error {
			if err := f.ask(ctx, &all[i]); err != nil {
				all[i].Reason = err.Error()
				if ctx.Err() != nil {
					all[i].Reason = "pas de réponse à temps"
				}
			}
			all[i].OK = all[i].Reason == ""
			return nil
		})
	}
	_ = group.Wait() // never fails
	return all
}

// ask asks one address: by HEAD, else for the first bytes.
func (f *Fetcher) ask(ctx context.Context, to *Answer) error {
	ctx, cancel := context.WithTimeout(ctx, 2*checkPatient)
	defer cancel()
	address, _, err := f.locate(ctx, Address{URL: to.Address.URL, DataGouv: to.Address.DataGouv}) // a checksum is for the file
	if err != nil {
		return err
	}
	to.Final = address
	brief, done := context.WithTimeout(ctx, checkPatient)
	defer done()
	if resp, err := f.request(brief, http.MethodHead, address); err == nil {
		resp.Body.Close()
		web := strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html")
		if resp.StatusCode == http.StatusOK && !web {
			to.told(resp, resp.ContentLength)
			return nil
		}
	}
	// Many servers do not know HEAD, or answer it otherwise.
	resp, err := f.request(ctx, http.MethodGet, address)
	if err != nil {
		return inFrench(err)
	}
	defer resp.Body.Close()
	size := resp.ContentLength
	switch resp.StatusCode {
	case http.StatusPartialContent:
		size = -1
		if _, whole, ok := strings.Cut(resp.Header.Get("Content-Range"), "/"); ok {
			if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
				size = n
			}
		}
	case http.StatusOK:
	default:
		return errors.New(resp.Status)
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, headBytes))
	if err != nil {
		return inFrench(err)
	}
	if resp.Header.Get("Content-Encoding") == "" {
		if fault := contentFault(to.Address, head); fault != "" {
			return errors.New(fault)
		}
	}
	to.told(resp, size)
	return nil
}

func (f *Fetcher) request(ctx context.Context, method, address string) (*http.Response, error) {
	req, err := newRequest(ctx, method, address)
	if err != nil {
		return nil, fmt.Errorf("adresse %q : %w", address, err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	if method == http.MethodGet {
		req.Header.Set("Range", fmt.Sprintf("bytes=0-%d", headBytes-1))
	}
	return f.client().Do(req)
}

// told keeps what a response says.
func (a *Answer) told(resp *http.Response, size int64) {
	a.Final, a.Bytes, a.Date = resp.Request.URL.String(), size, dayOf(resp.Header.Get("Last-Modified"))
}
