package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Limits of what a server can make us do.
const (
	// MaxBytes is the largest file accepted: France's roads are 5 GB.
	MaxBytes = 16 << 30
	// maxSmall bounds API answers and checksum files.
	maxSmall = 16 << 20
	// maxRatio is how many times larger than what was sent a file may be.
	maxRatio = 200

	agent = "maillage (https://github.com/aisne-numerique/maillage)"
)

// Fetcher downloads datasets into a folder, one file at a time. The zero value of the other fields is
// ready to use.
type Fetcher struct {
	Dir      string
	Client   *http.Client  // see [Client]; nil: one that no catalogue names private machines to
	Attempts int           // per address; 0: 5
	Pause    time.Duration // before the second attempt, doubled each time; 0: 1 s
	Stall    time.Duration // longest silence of a server; 0: 60 s
	Progress func(name string, done, total int64)

	down map[string]bool // servers that every attempt failed with: the next file is asked for once
}

// Result says what became of a file.
type Result struct {
	Address Address // the one that gave it
	Path    string
	Bytes   int64
	SHA256  string
	Fresh   bool     // false: the file of last time is still the publisher's
	Date    string   // day of the file, as the publisher says; empty: it does not
	Missed  []string // what was wrong with the addresses before
}

// Fetch downloads one file, from the first of its addresses that gives it. On error, the
// file of last time is as it was, and what was received of the new one waits to be resumed.
func (f *Fetcher) Fetch(ctx context.Context, t Target) (*Result, error) {
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("téléchargement %s : %w", t.Name, onDisk(err))
	}
	var missed []string
	var pattern *PatternError
	for _, a := range t.Addresses {
		r, err := f.fetch(ctx, t, a)
		if err == nil {
			r.Missed = missed
			return r, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		pattern = firstPattern(pattern, err)
		missed = append(missed, fmt.Sprintf("%s : %v", a.At(), err))
	}
	why := strings.Join(missed, " ; puis ")
	if pattern != nil {
		return nil, fmt.Errorf("téléchargement %s : %w", t.Name, &PatternError{why})
	}
	return nil, fmt.Errorf("téléchargement %s : %s", t.Name, why)
}

func firstPattern(known *PatternError, err error) *PatternError {
	var p *PatternError
	if known == nil && errors.As(err, &p) {
		return p
	}
	return known
}

// fetch tries one address, again and again while that may help.
func (f *Fetcher) fetch(ctx context.Context, t Target, a Address) (*Result, error) {
	attempts, pause, server := f.Attempts, f.Pause, serverOf(a)
	if attempts == 0 {
		attempts = 5
	}
	if f.down[server] {
		attempts = 1
	}
	if pause == 0 {
		pause = time.Second
	}
	var last error
	for n := range attempts {
		if n > 0 {
			// Up to half as much again, so that many clients do not come back together.
			wait := pause<<(n-1) + time.Duration(rand.Int64N(int64(pause)/2+1))
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		r, err := f.try(ctx, t, a)
		if err == nil && a.Unzip != "" {
			err = f.unpack(ctx, a, filepath.Join(f.Dir, t.file(a)), r)
		}
		if err == nil {
			delete(f.down, server)
			return r, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		last = err
		var stop permanent
		if errors.As(err, &stop) {
			return nil, err
		}
	}
	if errors.As(last, &unanswered{}) {
		if f.down == nil {
			f.down = map[string]bool{}
		}
		f.down[server] = true
	}
	if attempts == 1 {
		return nil, last
	}
	return nil, fmt.Errorf("%w (%d essais)", last, attempts)
}

func (f *Fetcher) try(ctx context.Context, t Target, a Address) (*Result, error) {
	address, sum, err := f.locate(ctx, a)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(f.Dir, t.download(a))
	part, note := path+".part", path+".part.json"
	known, _ := readOrigin(path + ".source.json")
	if known.URL != address || !exists(path) {
		known = origin{}
	}
	started, _ := readOrigin(note)
	have := int64(0)
	if info, err := os.Stat(part); err == nil && started.URL == address && started.validator() != "" {
		have = info.Size()
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := newRequest(ctx, http.MethodGet, address)
	if err != nil {
		return nil, permanent{err}
	}
	req.Header.Set("Accept-Encoding", "identity") // lengths and ranges are of the file itself
	switch {
	case have > 0:
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		req.Header.Set("If-Range", started.validator())
	case known.ETag != "":
		req.Header.Set("If-None-Match", known.ETag)
	case known.LastModified != "":
		req.Header.Set("If-Modified-Since", known.LastModified)
	}
	watch := f.watch(cancel)
	defer watch.Stop()
	resp, err := f.send(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()

	switch code := resp.StatusCode; {
	case code == http.StatusNotModified:
		return &Result{Address: a, Path: path, Bytes: known.Bytes, SHA256: known.SHA256, Date: dayOf(known.LastModified)}, nil
	case code == http.StatusPartialContent && have > 0 && rangeStart(resp) == have:
	case code == http.StatusOK:
		have = 0
	case code == http.StatusRequestedRangeNotSatisfiable || code == http.StatusPartialContent:
		// What we hold is not a beginning of what they have.
		removeAll(part, note)
		return nil, fmt.Errorf("la reprise a été refusée (%s)", resp.Status)
	case code == http.StatusTooManyRequests || code >= 500:
		return nil, unanswered{errors.New(resp.Status)}
	default:
		return nil, permanent{errors.New(resp.Status)}
	}
	now := origin{URL: address, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified")}
	total := int64(-1)
	if resp.ContentLength >= 0 {
		total = have + resp.ContentLength
	}
	if total > MaxBytes {
		return nil, permanent{fmt.Errorf("%d octets annoncés, plus que les %d admis", total, int64(MaxBytes))}
	}
	body := io.Reader(resp.Body)
	if resp.Header.Get("Content-Encoding") == "gzip" { // though it was asked for as it is
		if body, err = inflated(resp.Body); err != nil {
			removeAll(part, note)
			return nil, err
		}
		have, total = 0, -1
		removeAll(note) // what comes is no beginning of what is sent
	} else if err := writeOrigin(note, now); err != nil {
		return nil, permanent{onDisk(err)}
	}
	size, err := f.receive(ctx, t.Name, part, have, total, body, watch)
	if err != nil {
		return nil, cause(ctx, err)
	}
	if total >= 0 && size != total {
		return nil, fmt.Errorf("%d octets reçus sur %d", size, total)
	}
	if err := checkContent(a, part); err != nil {
		removeAll(part, note)
		return nil, err
	}
	now.Bytes = size
	if now.SHA256, err = sum.verify(part); err != nil {
		removeAll(part, note)
		return nil, err
	}
	// The note after the file: a stop in between only costs a download.
	if err := os.Rename(part, path); err != nil {
		return nil, permanent{err}
	}
	removeAll(note)
	if err := writeOrigin(path+".source.json", now); err != nil {
		return nil, permanent{err}
	}
	return &Result{Address: a, Path: path, Bytes: size, SHA256: now.SHA256, Fresh: true, Date: dayOf(now.LastModified)}, nil
}

// receive appends the body to the part, from byte have on, and flushes it to the
// disk.
func (f *Fetcher) receive(ctx context.Context, name, part string, have, total int64, body io.Reader, watch *watchdog) (size int64, err error) {
	flags := os.O_CREATE | os.O_WRONLY
	if have == 0 {
		flags |= os.O_TRUNC
	}
	out, err := os.OpenFile(part, flags, 0o644)
	if err != nil {
		return 0, permanent{err}
	}
	defer func() {
		if cerr := out.Close(); err == nil && cerr != nil {
			err = permanent{cerr}
		}
	}()
	if _, err := out.Seek(have, io.SeekStart); err != nil {
		return 0, permanent{err}
	}
	size = have
	buf := make([]byte, 128<<10)
	for {
		n, rerr := body.Read(buf)
		if n > 0 {
			watch.Feed()
			if size += int64(n); size > MaxBytes {
				return size, permanent{fmt.Errorf("plus de %d octets reçus", int64(MaxBytes))}
			}
			if _, err := out.Write(buf[:n]); err != nil {
				return size, onDisk(permanent{err})
			}
			if f.Progress != nil {
				f.Progress(name, size, total)
			}
		}
		if rerr == io.EOF {
			return size, onDisk(out.Sync())
		}
		if rerr != nil {
			// What came is kept for the next attempt.
			return size, rerr
		}
		if err := ctx.Err(); err != nil {
			return size, err
		}
	}
}

// send sends a request. An error is [unanswered], of its context's cause.
func (f *Fetcher) send(req *http.Request) (*http.Response, error) {
	resp, err := f.client().Do(req)
	if err != nil {
		return nil, unanswered{cause(req.Context(), inFrench(err))}
	}
	return resp, nil
}

func (f *Fetcher) client() *http.Client {
	if f.Client != nil {
		return f.Client
	}
	return Client(nil, nil)
}

// rangeStart is the first byte of a partial answer, -1 when it does not say.
func rangeStart(resp *http.Response) int64 {
	text, ok := strings.CutPrefix(resp.Header.Get("Content-Range"), "bytes ")
	if !ok {
		return -1
	}
	first, _, _ := strings.Cut(text, "-")
	n, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// onDisk puts an error of the disk in words.
func onDisk(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return permanent{errors.New("plus de place sur le disque ; faites-en, puis relancez")}
	}
	return err
}

// dayOf is the day of an HTTP date; "" when it is none.
func dayOf(date string) string {
	t, err := http.ParseTime(date)
	if err != nil {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
