package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// reader reads what a server prints.
type reader struct{ buffered *bufio.Reader }

// address waits for the line that says where it listens.
func (r *reader) address(out *os.File) (string, error) {
	r.buffered = bufio.NewReader(out)
	var all strings.Builder
	for {
		line, err := r.buffered.ReadString('\n')
		if err != nil {
			return "", fmt.Errorf("the server ended: %s", all.String())
		}
		all.WriteString(line)
		if _, after, ok := strings.Cut(line, " sur http://"); ok {
			address, _, _ := strings.Cut(after, "/")
			return address, nil
		}
	}
}

func (r *reader) rest(*os.File) { _, _ = io.Copy(io.Discard, r.buffered) }

// as is a client with an address of its own on this machine, and as many connections as
// it asks at once. Replies come compressed, as browsers ask for.
func as(address string) *http.Client {
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}, Timeout: 10 * time.Second}
	return &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{DialContext: from.DialContext, MaxIdleConnsPerHost: 100}}
}

// counts are what attackers were answered.
type counts struct {
	answered, refused, failed atomic.Int64
	once                      sync.Once
	first                     error
}

func (c *counts) String() string {
	text := fmt.Sprintf("%d answered, %d refused, %d failed", c.answered.Load(), c.refused.Load(), c.failed.Load())
	if c.first != nil {
		text += fmt.Sprintf(", as %v", c.first)
	}
	return text
}

// ask reads a reply whole, and counts it.
func (c *counts) ask(ctx context.Context, client *http.Client, url string) (time.Duration, bool) {
	start := time.Now()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		panic(err) // ours
	}
	response, err := client.Do(request)
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	switch {
	case ctx.Err() != nil:
		return 0, false
	case err != nil:
		c.once.Do(func() { c.first = err })
		c.failed.Add(1)
	case response.StatusCode == http.StatusOK:
		c.answered.Add(1)
		return time.Since(start), true
	case response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != "":
		c.refused.Add(1)
		select { // an attacker that is refused asks again soon, though not at once: it would only attack itself
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	default:
		c.once.Do(func() { c.first = fmt.Errorf("%s: %s", url, response.Status) })
		c.failed.Add(1)
	}
	return time.Since(start), false
}
