package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/aisne-numerique/maillage/api/problem"
)

// wireListener gives connections on which what net/http refuses by itself, before any
// handler sees it, is refused as the rest is: 400, with a sentence.
type wireListener struct {
	net.Listener
	log *slog.Logger
}

func (l wireListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &wire{conn, l.log}, nil
}

type wire struct {
	net.Conn
	log *slog.Logger
}

// What net/http writes in one piece when it cannot or will not read a request. No reply of
// a handler starts so: their fields are sorted, and they say how long they are.
const rawFields = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

// Write sends the bytes of a reply; instead of a refusal of net/http, ours.
func (w *wire) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(p, []byte("HTTP/1.1 4")) {
		return w.Conn.Write(p)
	}
	line, _, _ := bytes.Cut(p, []byte("\r"))
	raw := bytes.HasPrefix(p[len(line):], []byte(rawFields))
	var f *problem.Error
	switch {
	case !raw:
		return w.Conn.Write(p)
	case bytes.HasPrefix(line, []byte("HTTP/1.1 431 ")):
		f = problem.New(problem.Length, "L'adresse et les en-têtes de la demande font plus de %d octets ; une adresse en fait au plus %d.", maxHeaderBytes, maxAddress)
	case bytes.HasPrefix(line, []byte("HTTP/1.1 400 ")):
		f = problem.New(problem.Protocol, "Cette demande n'est pas écrite comme HTTP/1.1 le veut ; un navigateur ou curl l'écrit bien.")
	default:
		return w.Conn.Write(p)
	}
	w.drain()
	details := f.Details("")
	w.log.Debug("request refused unread", "id", details.ID, "status", details.Status, "error", string(line))
	body, err := json.Marshal(details)
	if err != nil {
		return 0, err
	}
	if _, err := fmt.Fprintf(w.Conn, "HTTP/1.1 400 Bad Request\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: %d\r\nContent-Type: %s\r\nX-Content-Type-Options: nosniff\r\n\r\n%s", len(body), problem.ContentType, body); err != nil {
		return 0, err
	}
	return len(p), nil
}

// How much of a request that was refused is still taken, so that who sends it can read
// why: a connection closed on unread bytes is reset, and the reply lost. None is kept.
const (
	drainBytes   = 64 << 20
	drainTime    = 3 * time.Second
	drainSilence = 200 * time.Millisecond
)

// drain reads on until the client is silent.
func (w *wire) drain() {
	buf := make([]byte, 16<<10)
	for end, n := time.Now().Add(drainTime), 0; n < drainBytes && time.Now().Before(end); {
		if err := w.SetReadDeadline(time.Now().Add(drainSilence)); err != nil {
			return
		}
		read, err := w.Read(buf)
		n += read
		if err != nil {
			return
		}
	}
}

// CloseWrite says that no more is sent, as net/http does before it waits for the client to
// have read a refusal.
func (w *wire) CloseWrite() error {
	if half, ok := w.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return io.ErrClosedPipe
}
