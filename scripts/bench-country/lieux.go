package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/graph/graphtest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// hours measures who reaches each lieu within 15 minutes, and the weekly hours of
// every node.
func (b *bench) hours(in graph.Rows) {
	const limit = 15 * geo.Minute
	r := rand.New(rand.NewPCG(b.seed, 3))
	sites := make([]lieu.Site, b.lieux)
	for i := range sites {
		h := &sites[i].Horaires
		if h.Known = r.IntN(10) > 0; h.Known {
			for day := range 28 {
				if r.IntN(2) == 0 {
					first := day*24*lieu.SlotsPerHour + 4*(8+r.IntN(3))
					for slot := first; slot < first+4*(2+r.IntN(7)); slot++ {
						h.Slots.Add(slot)
					}
				}
			}
		}
		sites[i].Services = lieu.Services(0).With(lieu.Demarches)
	}
	seeds := graphtest.Seeds(in.Nodes(), b.lieux, b.seed)
	start := time.Now()
	within, err := access.Gather(context.Background(), in.Nodes(), b.lieux, func() func(site int, emit network.Emit) {
		search := graph.NewBounded(in)
		return func(site int, emit network.Emit) {
			search.Search(seeds[site:site+1], limit, func(node int32, cost geo.Cost) { emit(node, cost, cost, nil) })
		}
	}, nil)
	if err != nil {
		fmt.Fprintln(b.out, " ", err)
		b.missed++
		return
	}
	reached := time.Since(start)
	table := &access.Table{Within: within}
	found := table.Sets(sites, lieu.Demarches, false, limit).Hours(sites)
	total := time.Since(start)
	open := 0
	for v := range found.Slots {
		if _, known := found.WeeklyHours(int32(v)); known && found.Slots[v] > 0 {
			open++
		}
	}
	fmt.Fprintf(b.out, "  %d lieux, %d pairs within 15 min (%.1f a node), %.1f bytes a node; %d nodes with open hours\n",
		b.lieux, len(within.Site), float64(len(within.Site))/float64(in.Nodes()), float64(within.Bytes())/float64(in.Nodes()), open)
	fmt.Fprintf(b.out, "  reach %.1f s, weekly hours %.1f s\n", reached.Seconds(), (total - reached).Seconds())
	b.target("reach and weekly hours", total.Seconds(), true, 60, "s")
	b.target("memory", memory()/(1<<30), true, 2, "GiB")
}
