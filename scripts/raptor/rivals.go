package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/aisne-numerique/maillage/scripts/rider"
	"github.com/aisne-numerique/maillage/scripts/rival"
)

// rivals are the npm packages.
var rivals = []string{"minotor", "raptor-journey-planner"}

// running is a running program that has a feed.
type running struct{ *rival.Program }

// startRival starts the script beside this program, in whose folder the packages are.
func startRival(node, script, name, feed string) (*running, error) {
	process := exec.Command(node, script, name, feed)
	process.Env = append(os.Environ(), "TZ=UTC") // both take dates by the clock of the machine
	program, err := rival.Start(process, name)
	return &running{program}, err
}

// answers are those of one date.
type answers struct {
	arrive       []int32
	again        [][]int32 // by ways to mend the program; none where there are none
	prepare, ask time.Duration
}

// ask asks the questions of a date.
func (r *running) ask(date string, questions []question) (a answers, err error) {
	var said struct {
		Prepare, Ask float64
		Arrivals     []*int32
		Again        [][]*int32
	}
	var list [][3]any
	for _, q := range questions {
		list = append(list, [3]any{id("s", q.from), id("s", q.to), q.leave})
	}
	if err := json.NewEncoder(r.In).Encode(map[string]any{"date": date, "questions": list}); err != nil {
		return a, err
	}
	line, err := r.Out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	if err == nil && len(said.Arrivals) != len(questions) {
		err = fmt.Errorf("%d answers to %d questions", len(said.Arrivals), len(questions))
	}
	if err != nil {
		return a, fmt.Errorf("%s: %w", date, err)
	}
	within := func(all []*int32) (out []int32) {
		for i, at := range all {
			out = append(out, rider.Never)
			if at != nil && *at-rider.ChangeSeconds <= questions[i].leave+hour {
				out[i] = *at - rider.ChangeSeconds
			}
		}
		return out
	}
	milliseconds := func(f float64) time.Duration { return time.Duration(f * float64(time.Millisecond)) }
	a = answers{arrive: within(said.Arrivals), prepare: milliseconds(said.Prepare), ask: milliseconds(said.Ask)}
	for _, mended := range said.Again {
		a.again = append(a.again, within(mended))
	}
	return a, nil
}
