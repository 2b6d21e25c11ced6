package api

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/aisne-numerique/maillage/api/params"
)

var update = flag.Bool("update", false, "write what is made from tables into openapi.json")

// TestParametersAreThoseOfTheTable: the parameters of openapi.json are made from the table
// that reads them. After a change there: go test ./api -run TestParametersAreThoseOfTheTable -update.
func TestParametersAreThoseOfTheTable(t *testing.T) {
	want, err := params.Document(openapiDocument)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(want, openapiDocument) {
		return
	}
	if !*update {
		t.Fatal("openapi.json has other parameters than the table; run: go test ./api -run TestParametersAreThoseOfTheTable -update")
	}
	if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
		t.Fatal(err)
	}
}
