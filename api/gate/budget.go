package gate

import "sync"

// Budget bounds the bytes that are held at once, for all clients and for each. What
// several hold together counts once for all, and once for each of them. It is safe for
// concurrent use.
type Budget struct {
	most, share int

	mu      sync.Mutex
	held    int
	holders map[any]int // of a thing
	clients map[string]*share
}

// share is what one client holds.
type share struct {
	held   int
	things map[any]int // how often it holds each
}

// NewBudget makes a budget of most bytes, and of share bytes for one client.
func NewBudget(most, ofClient int) *Budget {
	return &Budget{most: most, share: ofClient, holders: map[any]int{}, clients: map[string]*share{}}
}

// Hold takes the bytes of a thing until release is called. A thing is told from others by
// ==. It gives ErrBusy where they do not fit; what alone is more than a share, or than
// the budget, is held when nothing else is.
func (b *Budget) Hold(name string, thing any, bytes int) (release func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.clients[name]
	if c == nil {
		c = &share{things: map[any]int{}}
	}
	all, own := b.held, c.held
	if b.holders[thing] == 0 {
		all += bytes
	}
	if c.things[thing] == 0 {
		own += bytes
	}
	if all > max(b.most, bytes) || own > max(b.share, bytes) {
		return nil, ErrBusy
	}
	b.held, c.held = all, own
	b.holders[thing]++
	c.things[thing]++
	b.clients[name] = c
	return sync.OnceFunc(func() { b.release(name, c, thing, bytes) }), nil
}

func (b *Budget) release(name string, c *share, thing any, bytes int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.holders[thing]--; b.holders[thing] == 0 {
		delete(b.holders, thing)
		b.held -= bytes
	}
	if c.things[thing]--; c.things[thing] == 0 {
		delete(c.things, thing)
		c.held -= bytes
	}
	if len(c.things) == 0 {
		delete(b.clients, name)
	}
}

// Held is how many bytes are held.
func (b *Budget) Held() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held
}
