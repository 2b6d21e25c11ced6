package fetch

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Limits of what a server can make us do.
const (
	// MaxBytes is the largest file accepted: France's roads are 5 GB.
	MaxBytes = 16 << 30
	// maxSmall bounds API answers and checksum files.
	maxSmall = 16 << 20
)

// Fetcher downloads datasets into a folder. The zero value of the other fields is
// ready to use.
type Fetcher struct {
	Dir      string
	Client   *http.Client
	Attempts int           // per file; 0: 5
	Pause    time.Duration // before the second attempt, doubled each time; 0: 1 s
	Stall    time.Duration // longest silence of a server; 0: 60 s
	Progress func(name string, done, total int64)
}

// Result says what became of a dataset.
type Result struct {
	Dataset Dataset
	Path    string
	Bytes   int64
	SHA256  string
	Fresh   bool // false: the file of last time is still the publisher's
}

// permanent is an error that trying again will not mend.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// origin is what is remembered of a download beside it, in NAME.source.json: the
// address, and what says whether it has changed.
type origin struct {
	URL          string `json:"url"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	SHA256       string `json:"sha256,omitempty"`
	Bytes        int64  `json:"bytes,omitempty"`
}

// validator is what identifies this very version of the file, empty when the
// publisher gives nothing.
func (o origin) validator() string {
	if strings.HasPrefix(o.ETag, `"`) {
		return o.ETag // strong: two bytes that differ have two of them
	}
	return o.LastModified
}

// Fetch downloads one dataset. On error, the file of last time is as it was, and
// what was received of the new one waits to be resumed.
func (f *Fetcher) Fetch(ctx context.Context, d Dataset) (*Result, error) {
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("téléchargement %s : %w", d.Name, err)
	}
	attempts, pause := f.Attempts, f.Pause
	if attempts == 0 {
		attempts = 5
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
		r, err := f.try(ctx, d)
		if err == nil && d.Unzip != "" {
			err = f.unzip(d, r)
		}
		if err == nil {
			return r, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		last = err
		var stop permanent
		if errors.As(err, &stop) {
			return nil, fmt.Errorf("téléchargement %s : %w", d.Name, err)
		}
	}
	return nil, fmt.Errorf("téléchargement %s : %w (%d essais)", d.Name, last, attempts)
}

func (f *Fetcher) try(ctx context.Context, d Dataset) (*Result, error) {
	address, sum, err := f.locate(ctx, d)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(f.Dir, d.download())
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
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, permanent{err}
	}
	req.Header.Set("User-Agent", "maillage (https://github.com/aisne-numerique/maillage)")
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
	resp, err := f.client().Do(req)
	if err != nil {
		return nil, cause(ctx, err)
	}
	defer resp.Body.Close()

	switch code := resp.StatusCode; {
	case code == http.StatusNotModified:
		return &Result{Dataset: d, Path: path, Bytes: known.Bytes, SHA256: known.SHA256}, nil
	case code == http.StatusPartialContent && have > 0 && rangeStart(resp) == have:
	case code == http.StatusOK:
		have = 0
	case code == http.StatusRequestedRangeNotSatisfiable || code == http.StatusPartialContent:
		// What we hold is not a beginning of what they have.
		removeAll(part, note)
		return nil, fmt.Errorf("%s : la reprise a été refusée (%s)", address, resp.Status)
	case code == http.StatusTooManyRequests || code >= 500:
		return nil, fmt.Errorf("%s : %s", address, resp.Status)
	default:
		return nil, permanent{fmt.Errorf("%s : %s", address, resp.Status)}
	}
	now := origin{URL: address, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified")}
	total := int64(-1)
	if resp.ContentLength >= 0 {
		total = have + resp.ContentLength
	}
	if total > MaxBytes {
		return nil, permanent{fmt.Errorf("%s : %d octets annoncés, plus que les %d admis", address, total, int64(MaxBytes))}
	}
	if err := writeOrigin(note, now); err != nil {
		return nil, permanent{err}
	}
	size, err := f.receive(ctx, d.Name, part, have, total, resp.Body, watch)
	if err != nil {
		return nil, cause(ctx, err)
	}
	if total >= 0 && size != total {
		return nil, fmt.Errorf("%s : %d octets reçus sur %d", address, size, total)
	}
	now.Bytes = size
	if now.SHA256, err = sum.verify(part); err != nil {
		removeAll(part, note)
		return nil, fmt.Errorf("%s : %w", address, err)
	}
	// The note after the file: a stop in between only costs a download.
	if err := os.Rename(part, path); err != nil {
		return nil, permanent{err}
	}
	removeAll(note)
	if err := writeOrigin(path+".source.json", now); err != nil {
		return nil, permanent{err}
	}
	return &Result{Dataset: d, Path: path, Bytes: size, SHA256: now.SHA256, Fresh: true}, nil
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
				return size, permanent{err}
			}
			if f.Progress != nil {
				f.Progress(name, size, total)
			}
		}
		if rerr == io.EOF {
			return size, out.Sync()
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

// locate finds the address of a dataset and the checksum its publisher states.
func (f *Fetcher) locate(ctx context.Context, d Dataset) (string, checksum, error) {
	if d.DataGouv != nil {
		return f.dataGouv(ctx, *d.DataGouv)
	}
	if d.Checksum == "" {
		return d.URL, checksum{}, nil
	}
	text, err := f.small(ctx, d.Checksum)
	if err != nil {
		return "", checksum{}, err
	}
	fields := strings.Fields(string(text))
	if len(fields) == 0 {
		return "", checksum{}, fmt.Errorf("%s : fichier de contrôle vide", d.Checksum)
	}
	sum, err := parseChecksum("", fields[0])
	if err != nil {
		return "", checksum{}, fmt.Errorf("%s : %w", d.Checksum, err)
	}
	return d.URL, sum, nil
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
	if err := json.Unmarshal(text, &answer); err != nil {
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
		return "", checksum{}, permanent{fmt.Errorf("%s : aucune ressource ne correspond à %s", g.API, g.Match)}
	}
	r := answer.Resources[best]
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
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, permanent{err}
	}
	watch := f.watch(cancel)
	defer watch.Stop()
	resp, err := f.client().Do(req)
	if err != nil {
		return nil, cause(ctx, err)
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

func (f *Fetcher) client() *http.Client {
	if f.Client != nil {
		return f.Client
	}
	return http.DefaultClient
}

// checksum is what a publisher states of a file; the zero value states nothing.
type checksum struct {
	make func() hash.Hash
	want string
}

func parseChecksum(kind, value string) (checksum, error) {
	value = strings.ToLower(strings.TrimSpace(value))
	if _, err := hex.DecodeString(value); err != nil {
		return checksum{}, fmt.Errorf("somme de contrôle %q : attendu des chiffres hexadécimaux", value)
	}
	switch len(value) {
	case 2 * md5.Size:
		return checksum{md5.New, value}, nil
	case 2 * sha1.Size:
		return checksum{sha1.New, value}, nil
	case 2 * sha256.Size:
		return checksum{sha256.New, value}, nil
	}
	return checksum{}, fmt.Errorf("somme de contrôle %q %q : attendu MD5, SHA-1 ou SHA-256", kind, value)
}

// verify reads a file, compares it with what was stated, and gives its SHA-256.
func (c checksum) verify(path string) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	own := sha256.New()
	out := io.Writer(own)
	var stated hash.Hash
	if c.make != nil {
		stated = c.make()
		out = io.MultiWriter(own, stated)
	}
	if _, err := io.Copy(out, in); err != nil {
		return "", err
	}
	if stated != nil {
		if got := hex.EncodeToString(stated.Sum(nil)); got != c.want {
			return "", fmt.Errorf("somme de contrôle %s, le producteur annonce %s", got, c.want)
		}
	}
	return hex.EncodeToString(own.Sum(nil)), nil
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

func readOrigin(path string) (origin, error) {
	var o origin
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	if err != nil {
		return origin{}, err
	}
	return o, nil
}

func writeOrigin(path string, o origin) error {
	data, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func removeAll(paths ...string) {
	for _, p := range paths {
		// A leftover that cannot be removed is overwritten by the next attempt.
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			continue
		}
	}
}
