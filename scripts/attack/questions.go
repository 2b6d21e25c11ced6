package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/scripts/crew"
)

// question is one that nobody has asked: of a million. By streets there are more of them, since
// timetables have few cut-offs.
func question(random *rand.Rand) string {
	return fmt.Sprintf("cutoff=%.1f&min_hours=%.2f&mode=%v", 1+59*random.Float64(), 168*random.Float64(), street.Modes[random.IntN(street.NumModes)].Travel())
}

// kinds of what attackers ask.
var kinds = []struct {
	name  string
	paths []string
}{
	{"columns", []string{"/api/v1/acces?"}},
	{"gains", []string{"/api/v1/gains?"}},
	{"of everything", []string{"/api/v1/acces?", "/api/v1/gaps?level=commune&", "/api/v1/gains?", "/api/v1/zones-blanches?", "/territoires/departement:02?", "/carte.svg?", "/api/v1/acces?mesure=heures&"}},
}

// questions has attackers ask new questions, from one address and from one each, and a
// visitor ask for a new column now and then.
func (a *attack) questions(ctx context.Context) error {
	a.Title("attackers that never stop asking new questions: a visitor's new column")
	for _, kind := range kinds {
		for _, crowd := range a.crowds {
			for _, apart := range []bool{false, true} {
				if err := a.serve(ctx, func(ctx context.Context, s *server) error {
					return a.crowd(ctx, s, kind.name, kind.paths, crowd, apart)
				}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (a *attack) crowd(ctx context.Context, s *server, name string, paths []string, crowd int, apart bool) error {
	ctx, stop := context.WithTimeout(ctx, time.Duration(a.seconds)*time.Second)
	defer stop()
	var attackers, visitor counts
	var all sync.WaitGroup
	one := as("127.0.0.2")
	for i := range crowd {
		client := one
		if apart {
			client = as(fmt.Sprintf("127.0.1.%d", i+1))
		}
		random := rand.New(rand.NewPCG(a.seed, uint64(i)))
		all.Go(func() {
			for ctx.Err() == nil {
				attackers.ask(ctx, client, "http://"+s.address+paths[random.IntN(len(paths))]+question(random))
			}
		})
	}
	from, random := as("127.0.0.3"), rand.New(rand.NewPCG(a.seed, 1<<32))
	var times []time.Duration
	select { // they have begun
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
	for ctx.Err() == nil {
		if took, ok := visitor.ask(ctx, from, "http://"+s.address+"/api/v1/acces?"+question(random)); ok {
			times = append(times, took)
		}
		select { // a slider that is moved
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	all.Wait()
	where := "one address"
	if apart {
		where = "an address each"
	}
	p95 := crew.Quantile(times, 0.95)
	a.Target(len(times) > 0 && visitor.refused.Load()+visitor.failed.Load() == 0 && p95 <= mostColumn, fmt.Sprintf("%d connections, %s, %s", crowd, where, name),
		"p50 %4d  p95 %4d  worst %4d ms of %d; attackers: %v", crew.Median(times).Milliseconds(), p95.Milliseconds(), crew.Quantile(times, 1).Milliseconds(), len(times), &attackers)
	return nil
}

// together has two clients ask for one slow answer by many connections, and a visitor
// for what has nothing to do with it.
func (a *attack) together(ctx context.Context) error {
	a.Title("two clients that ask for one slow answer together: an unrelated answer")
	for _, crowd := range a.crowds {
		if err := a.serve(ctx, func(ctx context.Context, s *server) error {
			var attackers, visitor counts
			var all sync.WaitGroup
			stop, cancel := context.WithTimeout(ctx, time.Duration(a.seconds)*time.Second)
			defer cancel()
			for i := range crowd {
				client := as(fmt.Sprintf("127.0.0.%d", 10+i%2))
				all.Go(func() {
					random := rand.New(rand.NewPCG(a.seed, 7)) // all ask the same in the same order
					for stop.Err() == nil {
						attackers.ask(stop, client, "http://"+s.address+"/api/v1/gains?"+question(random))
					}
				})
			}
			from, random := as("127.0.0.3"), rand.New(rand.NewPCG(a.seed, 1<<32))
			var times []time.Duration
			for stop.Err() == nil {
				if took, ok := visitor.ask(stop, from, fmt.Sprintf("http://%s/api/v1/zones-blanches?cutoff=%.1f", s.address, 1+59*random.Float64())); ok {
					times = append(times, took)
				}
				select {
				case <-stop.Done():
				case <-time.After(100 * time.Millisecond):
				}
			}
			all.Wait()
			p95 := crew.Quantile(times, 0.95)
			a.Target(len(times) > 0 && visitor.refused.Load()+visitor.failed.Load() == 0 && p95 <= mostUnrelated, fmt.Sprintf("%d connections", crowd),
				"p50 %4d  p95 %4d  worst %4d ms of %d; attackers: %v", crew.Median(times).Milliseconds(), p95.Milliseconds(), crew.Quantile(times, 1).Milliseconds(), len(times), &attackers)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
