package edition_test

import (
	"os"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo/edition"
)

// testdata/edition-0.5.bin is a small territory as version 0.5 encoded it, before there were
// territoires of any type and sites of doubt: a store that was updated holds such editions,
// which say what they lack. edition-0.6.bin is another, before roads knew who may pass;
// edition-0.7.bin a third, before variables had levels.
func TestEditionsOfThePastStayReadable(t *testing.T) {
	if said := past(t, "testdata/edition-0.5.bin"); len(said) == 0 || said[len(said)-1] != edition.BeforeDoubt {
		t.Errorf("modelled: %q; want it to say at last that unknown lieux count as absent", said)
	}
	for _, file := range []string{"testdata/edition-0.6.bin", "testdata/edition-0.7.bin"} {
		if said := past(t, file); slices.Contains(said, edition.BeforeDoubt) {
			t.Errorf("%s: modelled: %q; want nothing of unknown lieux", file, said)
		}
	}
}

// decoded is an edition as it is kept, read again.
func decoded(t *testing.T, e *edition.Edition) *edition.Edition {
	t.Helper()
	data, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := edition.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// past reads an edition, asks it the first question, and gives what it says is modelled.
func past(t *testing.T, file string) []string {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e, err := edition.Decode(data)
	if err != nil {
		t.Fatalf("Decode: %v; want the edition", err)
	}
	answer := e.Answer(e.Params.Query())
	for _, level := range e.Levels() {
		report, err := e.Gaps(answer, edition.Scope{Level: level})
		if err != nil {
			t.Fatalf("Gaps by %s: %v", level, err)
		}
		for _, row := range report.Territoires {
			c := row.Classes
			if sum := c.Couverte + c.Grise + c.Blanche + c.Inconnue; sum != row.Population {
				t.Errorf("%s %s: classes of %d people; want %d", level, row.Code, sum, row.Population)
			}
		}
	}
	return e.ModelledSentences()
}
