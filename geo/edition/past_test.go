package edition_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// testdata/edition-0.5.bin is a small territory as version 0.5 encoded it, before there were
// territoires of any type: a store that was updated holds such editions.
func TestEditionsOfVersion05StayReadable(t *testing.T) {
	data, err := os.ReadFile("testdata/edition-0.5.bin")
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
	params := edition.DefaultParams()
	params.Resolution = 8
	again, _, err := edition.Build(context.Background(), editiontest.Small(rand.New(rand.NewPCG(5, 5))), params, nil)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := again.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again.ID != e.ID || !bytes.Equal(encoded, data) {
		t.Errorf("the same inputs give edition %s of %d bytes; version 0.5 gave %s of %d", again.ID, len(encoded), e.ID, len(data))
	}
}
