package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestSmallLoad(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"--communes", "50", "--lieux", "40", "--cells", "300", "--edition", "2"}, &out, &errs)
	if strings.Contains(errs.String(), "not installed") {
		t.Skip("not tried: " + errs.String())
	}
	if code != 0 || !strings.Contains(out.String(), "reached") || !strings.Contains(out.String(), "300 cells of results") {
		t.Errorf("exit %d\n%s%s", code, &out, &errs)
	}
	if code := run(t.Context(), []string{"--cells", "0"}, &out, &errs); code != 2 {
		t.Errorf("no cells: exit %d; want 2", code)
	}
}
