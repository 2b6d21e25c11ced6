// Package gate decides who computes next, and how many bytes are held for whom, so that
// clients who ask much do not keep those who ask little waiting. It knows nothing of HTTP
// or of what is computed.
//
// A [Gate] has turns. The client that has used least of them is next, so one that asks
// for the first time waits for no queue, only for a turn to end; and light computations
// do not wait for heavy ones. A [Memo] keeps what was
// computed and computes each thing once, in a turn. A [Budget] bounds bytes.
package gate

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// ErrBusy is what is answered instead of a turn that would come too late.
var ErrBusy = errors.New("too much is asked at once")

// Class is what a computation costs.
type Class uint8

const (
	Light Class = iota // some tens of milliseconds
	Heavy              // may take seconds; never has every turn
)

// Limits bound a Gate.
type Limits struct {
	Turns     int           // computations at once, two at least
	Heavy     int           // heavy ones among them, fewer than Turns
	Waiting   int           // computations that wait, for all clients
	PerClient int           // and for one, of each class
	Patience  time.Duration // how long a client waits for a turn
}

// Gate gives turns. It is safe for concurrent use.
type Gate struct {
	limits Limits

	mu       sync.Mutex
	lines    [Heavy + 1]line
	waiting  int // tickets
	sequence uint64
}

// line is those who want computations of one class.
type line struct {
	clients map[string]*client
	running map[*ticket]struct{}
	// least is what the client that had the last turn had used: who comes, or comes
	// back, starts with credit less, and so before all who never stop asking.
	least time.Duration
}

// credit is how much more than its share a client may have at once: what a page asks.
const credit = 250 * time.Millisecond

// client is who has used turns lately, waits for some or has some.
type client struct {
	used    time.Duration
	tickets []*ticket // that wait, in order
	running int
}

// ticket is one computation that waits for a turn, or has it.
type ticket struct {
	class  Class
	number uint64         // in order
	wanted map[string]int // by whom, and how often
	ready  chan struct{}  // closed when the turn comes
	by     string         // client whose turn it is
	since  time.Time      // when it came; zero: it waits
}

// New makes a gate.
func New(l Limits) *Gate {
	l.Turns = max(l.Turns, 2)
	l.Heavy = min(max(l.Heavy, 1), l.Turns-1)
	g := &Gate{limits: l}
	for class := range g.lines {
		g.lines[class] = line{clients: map[string]*client{}, running: map[*ticket]struct{}{}}
	}
	return g
}

// Busy tells how many computations run, and how many wait for a turn.
func (g *Gate) Busy() (running, waiting int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running(), g.waiting
}

func (g *Gate) running() int { return len(g.lines[Light].running) + len(g.lines[Heavy].running) }

type clientKey struct{}

// As is a context in which a client asks.
func As(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, clientKey{}, name)
}

// Client is who asks in a context; empty where nobody said.
func Client(ctx context.Context) string {
	name, _ := ctx.Value(clientKey{}).(string)
	return name
}

// Do computes in a turn. It gives ErrBusy where none comes in time, and the error of ctx
// to a client that leaves before; its place is then free.
func (g *Gate) Do(ctx context.Context, class Class, compute func(context.Context) error) error {
	t, err := g.queue(class, Client(ctx))
	if err != nil {
		return err
	}
	if err := g.await(ctx, t, Client(ctx)); err != nil {
		return err
	}
	h := &held{gate: g, ticket: t}
	defer h.end()
	return compute(context.WithValue(ctx, heldKey{}, h))
}

// queue takes a place for a client.
func (g *Gate) queue(class Class, name string) (*ticket, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c := g.lines[class].clients[name]; g.waiting >= g.limits.Waiting || c != nil && len(c.tickets) >= g.limits.PerClient {
		return nil, ErrBusy
	}
	g.sequence++
	t := &ticket{class: class, number: g.sequence, wanted: map[string]int{}, ready: make(chan struct{})}
	g.waiting++
	g.want(t, name)
	g.next()
	return t, nil
}

// join makes another client, or the same again, want what waits already: it comes when
// the turn of any of them does.
func (g *Gate) join(t *ticket, name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.want(t, name)
	g.next()
}

func (g *Gate) want(t *ticket, name string) {
	if !t.since.IsZero() {
		return
	}
	if t.wanted[name]++; t.wanted[name] > 1 {
		return
	}
	l := &g.lines[t.class]
	c := l.clients[name]
	if c == nil {
		c = &client{}
		l.clients[name] = c
	}
	if len(c.tickets) == 0 && c.running == 0 {
		c.used = max(c.used, l.least-credit)
	}
	at, _ := slices.BinarySearchFunc(c.tickets, t.number, func(t *ticket, number uint64) int { return int(t.number) - int(number) })
	c.tickets = slices.Insert(c.tickets, at, t)
}

// leave is said by a client that no longer waits. A ticket that nobody wants is gone.
func (g *Gate) leave(t *ticket, name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !t.since.IsZero() {
		return
	}
	if t.wanted[name]--; t.wanted[name] > 0 {
		return
	}
	delete(t.wanted, name)
	g.lines[t.class].drop(t, name)
	if len(t.wanted) == 0 {
		g.waiting--
	}
}

// drop takes a ticket out of what a client waits for.
func (l *line) drop(t *ticket, name string) {
	c := l.clients[name]
	c.tickets = slices.DeleteFunc(c.tickets, func(other *ticket) bool { return other == t })
	l.forget(name, c)
}

// forget lets go of a client that is no worse off than one that was never seen.
func (l *line) forget(name string, c *client) {
	if len(c.tickets) == 0 && c.running == 0 && c.used <= l.least-credit {
		delete(l.clients, name)
	}
}

// await waits until a ticket has its turn.
func (g *Gate) await(ctx context.Context, t *ticket, name string) error {
	patience := time.NewTimer(g.limits.Patience)
	defer patience.Stop()
	var err error
	select {
	case <-t.ready:
		return nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-patience.C:
		err = ErrBusy
	}
	g.leave(t, name)
	if t.came() {
		return nil
	}
	return err
}

// came is whether the turn has come.
func (t *ticket) came() bool {
	select {
	case <-t.ready:
		return true
	default:
		return false
	}
}

// next gives the turns that are free: to light computations first, but for one turn
// that is that of heavy ones when any wait.
func (g *Gate) next() {
	light, heavy := &g.lines[Light], &g.lines[Heavy]
	for g.running() < g.limits.Turns {
		now := time.Now()
		switch {
		case len(heavy.running) == 0 && heavy.start(now):
		case light.start(now):
		case len(heavy.running) < g.limits.Heavy && heavy.start(now):
		default:
			return
		}
		g.waiting--
	}
}

// start gives a turn to the client that has used least, and among equals to what waits
// longest; false when nothing waits.
func (l *line) start(now time.Time) bool {
	spent := map[string]time.Duration{} // in turns that have not ended
	for t := range l.running {
		spent[t.by] += now.Sub(t.since)
	}
	var t *ticket
	var by string
	var least time.Duration
	for name, c := range l.clients {
		if len(c.tickets) == 0 {
			continue
		}
		used := c.used + spent[name]
		if t == nil || used < least || used == least && c.tickets[0].number < t.number {
			t, by, least = c.tickets[0], name, used
		}
	}
	if t == nil {
		return false
	}
	l.least = max(l.least, least)
	t.by, t.since = by, now
	l.clients[by].running++
	l.running[t] = struct{}{}
	for name := range t.wanted {
		l.drop(t, name)
	}
	close(t.ready)
	return true
}

// most is how many clients that want nothing any more are remembered.
const most = 1024

// end gives a turn back, and charges it.
func (g *Gate) end(t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := &g.lines[t.class]
	delete(l.running, t)
	c := l.clients[t.by]
	c.running--
	c.used += time.Since(t.since)
	l.forget(t.by, c)
	if len(l.clients) > most {
		maps.DeleteFunc(l.clients, func(_ string, c *client) bool { return len(c.tickets) == 0 && c.running == 0 })
	}
	g.next()
}

// held is the turn in which a computation runs.
type held struct {
	gate   *Gate
	ticket *ticket // nil: given back
}

type heldKey struct{}

func (h *held) end() {
	if h.ticket != nil {
		h.gate.end(h.ticket)
	}
	h.ticket = nil
}

// without waits for others, and gives the turn back meanwhile.
func (h *held) without(ctx context.Context, wait func() error) error {
	g, t := h.gate, h.ticket
	h.end()
	if err := wait(); err != nil {
		return err
	}
	again := &ticket{class: t.class, number: t.number, wanted: map[string]int{}, ready: make(chan struct{})}
	g.mu.Lock()
	g.waiting++
	g.want(again, t.by)
	g.next()
	g.mu.Unlock()
	select { // it has been let in before: only its end is waited for
	case <-again.ready:
	case <-ctx.Done():
		if g.leave(again, t.by); !again.came() {
			return ctx.Err()
		}
	}
	h.ticket = again
	return nil
}
