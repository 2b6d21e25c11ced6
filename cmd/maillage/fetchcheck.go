package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/source/fetch"
)

// checkTime bounds a check of all addresses.
const checkTime = 55 * time.Second

// checkedJSON is what an address says.
type checkedJSON struct {
	Dataset   string `json:"dataset"`
	Optional  bool   `json:"optional"`
	File      string `json:"file"`
	Rank      int    `json:"rank"` // among the addresses of the file, from 1
	URL       string `json:"url"`
	Final     string `json:"final,omitempty"`
	OK        bool   `json:"ok"`
	Bytes     *int64 `json:"bytes,omitempty"`
	Date      string `json:"date,omitempty"`
	Millesime string `json:"millesime,omitempty"`
	Error     string `json:"error,omitempty"`
}

// check asks every address of the datasets that are not left out.
func (c *fetchCmd) check(s *session, catalogue *fetch.Catalogue, f *fetch.Fetcher, rows []fetchedJSON) error {
	var targets []fetch.Target
	of := map[string]fetchedJSON{} // by file
	for _, row := range rows {
		if row.Skipped != "" {
			continue
		}
		for _, t := range row.wanted.Targets {
			targets, of[t.Name] = append(targets, t), row
		}
	}
	ctx, cancel := context.WithTimeout(s.ctx, checkTime)
	defer cancel()
	answers := f.Check(ctx, targets)
	if err := s.ctx.Err(); err != nil {
		return err
	}
	all := make([]checkedJSON, 0, len(answers))
	answered, rank := map[string]bool{}, map[string]int{}
	for _, a := range answers {
		row := of[a.Target]
		rank[a.Target]++
		one := checkedJSON{Dataset: row.Name, Optional: row.Optional, File: a.Target, Rank: rank[a.Target], URL: a.Address.At(), OK: a.OK, Date: a.Date, Millesime: a.Address.Millesime, Error: a.Reason}
		if a.OK {
			one.Final, answered[a.Target] = a.Final, true
		}
		if a.OK && a.Bytes >= 0 {
			one.Bytes = &a.Bytes
		}
		all = append(all, one)
	}
	var needed, optional []string
	for _, t := range targets {
		switch row := of[t.Name]; {
		case answered[t.Name]:
		case row.Optional:
			optional = append(optional, row.Name)
		default:
			needed = append(needed, row.Name)
		}
	}
	needed, optional = slices.Compact(needed), slices.Compact(optional)
	if err := c.printCheck(s, catalogue, all, needed, optional, rows); err != nil {
		return err
	}
	switch {
	case len(needed) > 0:
		return fmt.Errorf("aucune adresse ne répond pour : %s, et rien ne se calcule sans", strings.Join(needed, ", "))
	case c.Strict && len(optional) > 0:
		return fmt.Errorf("aucune adresse ne répond pour des jeux facultatifs (--strict) : %s", strings.Join(optional, ", "))
	}
	return nil
}

func (c *fetchCmd) printCheck(s *session, catalogue *fetch.Catalogue, all []checkedJSON, needed, optional []string, rows []fetchedJSON) error {
	if c.JSON {
		return writeJSON(s.stdout, map[string]any{"departement": c.Departement, "catalogue": catalogue.Version, "addresses": all,
			"missing": append([]string{}, needed...), "missing_optional": append([]string{}, optional...)})
	}
	t := newTable("fichier", "adresse", "répond", "octets", "date", "où, ou pourquoi")
	for _, a := range all {
		yes, size, date, where := "non", unknownText, unknownText, a.Error
		if a.OK {
			yes, where = "oui", a.Final
		}
		if a.Bytes != nil {
			size = fmt.Sprint(*a.Bytes)
		}
		if a.Date != "" {
			date = a.Date
		}
		if !a.OK {
			where = a.URL + " : " + where
		}
		t.add(a.File, fmt.Sprint(a.Rank), yes, size, date, where)
	}
	if err := t.write(s.stdout); err != nil {
		return err
	}
	for _, row := range rows {
		if slices.Contains(optional, row.Name) {
			without(s.stdout, row)
		}
	}
	return nil
}
