package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// connections attack memory.
const connections = 120

// stops sends scenarios of 40 000 stops.
func (a *attack) stops(ctx context.Context) error {
	a.Title("%d connections that send scenarios of 40 000 stops: memory", connections)
	tour := `{"do":"add_tournee","services":["tous"],"stops":[` + strings.Repeat(`{"lon":3,"lat":49},`, 199) + `{"lon":3,"lat":49}]}`
	body := []byte(`{"name":"n","actions":[` + strings.Repeat(tour+",", 199) + tour + "]}")
	return a.serve(ctx, func(ctx context.Context, s *server) error {
		ctx, stop := context.WithTimeout(ctx, time.Duration(a.seconds)*time.Second)
		defer stop()
		var c counts
		var all sync.WaitGroup
		for i := range connections {
			client := as(fmt.Sprintf("127.0.1.%d", i+1))
			all.Go(func() {
				for ctx.Err() == nil {
					request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+"/api/v1/simulation", bytes.NewReader(body))
					if err != nil {
						panic(err) // ours
					}
					response, err := client.Do(request)
					if err != nil {
						c.failed.Add(1)
						continue
					}
					_, _ = io.Copy(io.Discard, response.Body) // only its status counts
					response.Body.Close()
					c.refused.Add(1)
				}
			})
		}
		all.Wait()
		a.Figure("refused", "%d, each of %d bytes", c.refused.Load(), len(body))
		return a.memory(s, "most memory")
	})
}

// readers ask for large pages of /ogc, each another, and do not read them.
func (a *attack) readers(ctx context.Context) error {
	a.Title("%d connections that ask for large pages of /ogc and do not read them: memory", connections)
	for _, apart := range []bool{false, true} {
		if err := a.serve(ctx, func(ctx context.Context, s *server) error { return a.slow(ctx, s, apart) }); err != nil {
			return err
		}
	}
	return nil
}

func (a *attack) slow(ctx context.Context, s *server, apart bool) error {
	var open []net.Conn
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	where, address := "one address", "127.0.0.2"
	for i := range connections {
		if apart {
			where, address = "an address each", fmt.Sprintf("127.0.1.%d", i+1)
		}
		from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}, Timeout: 10 * time.Second, Control: small}
		conn, err := from.DialContext(ctx, "tcp", s.address)
		if err != nil {
			return err
		}
		open = append(open, conn)
		// Each page is another reply, of about the same size.
		if _, err := fmt.Fprintf(conn, "GET /ogc/collections/cells/items?limit=%d HTTP/1.1\r\nHost: %s\r\n\r\n", 10_000-i, s.address); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(a.seconds) * time.Second):
	}
	var visitor counts
	took, ok := visitor.ask(ctx, as("127.0.0.3"), "http://"+s.address+"/ogc/collections/communes/items?limit=1000")
	a.Target(ok, "a visitor's page, beside "+where, "%d ms; %v", took.Milliseconds(), &visitor)
	return a.memory(s, "most memory, "+where)
}
