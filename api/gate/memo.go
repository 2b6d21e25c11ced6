package gate

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// Memo keeps values by key, within the bounds of its options. A value that is not there
// is made once, however many ask for it, in one turn of the gate; who waits for it has no
// turn. What all have left is given up. It is safe for concurrent use.
type Memo[K comparable, V any] struct {
	gate *Gate
	kept *otter.Cache[K, V]

	mu   sync.Mutex // taken before that of the gate
	made map[K]*making[V]
}

// making is a value that is being made, or that waits for its turn.
type making[V any] struct {
	ticket *ticket            // nil: it is made in the turn of what needs it
	cancel context.CancelFunc // nil: as well
	wanted int
	done   chan struct{} // closed when what follows is there
	value  V
	err    error
	left   bool // err is that nobody waited for it any more
}

// NewMemo makes a Memo.
func NewMemo[K comparable, V any](g *Gate, o *otter.Options[K, V]) (*Memo[K, V], error) {
	kept, err := otter.New(o)
	if err != nil {
		return nil, err
	}
	return &Memo[K, V]{gate: g, kept: kept, made: map[K]*making[V]{}}, nil
}

// Get gives the value of a key. load gets a context that ends when nobody waits for the
// value any more; what it needs of other Memos of the same gate is made in its turn. An
// error is given to all who wait, and is not kept. Get gives ErrBusy where no turn comes
// in time, and the error of ctx to a client that leaves.
func (m *Memo[K, V]) Get(ctx context.Context, class Class, key K, load func(context.Context) (V, error)) (V, error) {
	for {
		if v, ok := m.kept.GetIfPresent(key); ok {
			return v, nil
		}
		v, again, err := m.get(ctx, class, key, load)
		if !again || ctx.Err() != nil {
			return v, err
		}
	}
}

// get is one try; again: it was made by a client that left, and this one did not.
func (m *Memo[K, V]) get(ctx context.Context, class Class, key K, load func(context.Context) (V, error)) (v V, again bool, err error) {
	h, _ := ctx.Value(heldKey{}).(*held)
	m.mu.Lock()
	if v, ok := m.kept.GetIfPresent(key); ok { // since we looked
		m.mu.Unlock()
		return v, false, nil
	}
	one := m.made[key]
	switch {
	case one != nil:
		one.wanted++
		if one.ticket != nil {
			m.gate.join(one.ticket, Client(ctx))
		}
		m.mu.Unlock()
	case h != nil:
		one = &making[V]{wanted: 1, done: make(chan struct{})}
		m.made[key] = one
		m.mu.Unlock()
		m.load(ctx, key, one, load)
		return one.value, false, one.err
	default:
		t, err := m.gate.queue(class, Client(ctx))
		if err != nil {
			m.mu.Unlock()
			return v, false, err
		}
		one = &making[V]{ticket: t, wanted: 1, done: make(chan struct{})}
		var wanted context.Context
		wanted, one.cancel = context.WithCancel(context.WithoutCancel(ctx))
		m.made[key] = one
		m.mu.Unlock()
		go m.loadInTurn(wanted, key, one, load)
	}
	if h == nil {
		err = m.wait(ctx, key, one, m.gate.limits.Patience)
	} else {
		err = h.without(ctx, func() error { return m.wait(ctx, key, one, 0) })
	}
	if err != nil {
		return v, false, err
	}
	return one.value, one.left, one.err
}

// loadInTurn makes a value once its turn comes, unless all who wait leave before.
func (m *Memo[K, V]) loadInTurn(wanted context.Context, key K, one *making[V], load func(context.Context) (V, error)) {
	defer one.cancel()
	select {
	case <-one.ticket.ready:
	case <-wanted.Done():
		if !one.ticket.came() {
			return // the last who left gave the place up
		}
	}
	h := &held{gate: m.gate, ticket: one.ticket}
	defer h.end()
	m.load(context.WithValue(wanted, heldKey{}, h), key, one, load)
}

// load makes a value and gives it to all who wait.
func (m *Memo[K, V]) load(ctx context.Context, key K, one *making[V], load func(context.Context) (V, error)) {
	defer func() {
		if r := recover(); r != nil { // in a goroutine of ours it would end the program
			one.err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		if one.err == nil {
			m.kept.Set(key, one.value)
		}
		one.left = one.err != nil && ctx.Err() != nil
		m.mu.Lock()
		if m.made[key] == one {
			delete(m.made, key)
		}
		m.mu.Unlock()
		close(one.done)
	}()
	one.value, one.err = load(ctx)
}

// wait waits until a value is there: no longer than patience for its turn, unless that is
// zero.
func (m *Memo[K, V]) wait(ctx context.Context, key K, one *making[V], patience time.Duration) error {
	var turn <-chan struct{}
	var late <-chan time.Time
	if one.ticket != nil && patience > 0 {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		turn, late = one.ticket.ready, timer.C
	}
	for {
		var err error
		select {
		case <-one.done:
			return nil
		case <-turn:
			turn, late = nil, nil
			continue
		case <-ctx.Done():
			err = ctx.Err()
		case <-late:
			if one.ticket.came() {
				continue
			}
			err = ErrBusy
		}
		m.leave(key, one, Client(ctx))
		return err
	}
}

// leave is said by a client that no longer waits for a value. One that is made in the
// turn of another is of no concern to it.
func (m *Memo[K, V]) leave(key K, one *making[V], name string) {
	if one.ticket == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gate.leave(one.ticket, name)
	if one.wanted--; one.wanted > 0 {
		return
	}
	one.cancel()
	if m.made[key] == one {
		delete(m.made, key)
	}
}

// Now gives the value of a key, and makes it without a turn where it is not there: for
// what takes less than waiting. Several may make it at once.
func (m *Memo[K, V]) Now(key K, load func() (V, error)) (V, error) {
	if v, ok := m.kept.GetIfPresent(key); ok {
		return v, nil
	}
	v, err := load()
	if err == nil {
		m.kept.Set(key, v)
	}
	return v, err
}
