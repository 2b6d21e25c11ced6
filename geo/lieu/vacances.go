package lieu

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Vacances are school holidays of some zones.
type Vacances struct {
	Annee      int    // the first of the school year's two
	Zones      []Zone // to which they are common
	Nom        string
	Debut, Fin time.Time // the first and the last day off, at midnight UTC
}

// vacancesCSV are facts, with their source and vintage in its first lines: a calendar may be
// made of others.
//
//go:embed vacances.csv
var vacancesCSV string

// PublishedVacances are the school holidays that the product knows by itself.
func PublishedVacances() ([]Vacances, error) { return ParseVacances(strings.NewReader(vacancesCSV)) }

var vacancesColumns = []string{"annee", "zone", "nom", "debut", "fin"}

// ParseVacances reads a table of school holidays: columns annee (2026-2027), zone (A, B, C, or
// several: ABC), nom, debut and fin (first and last day off, AAAA-MM-JJ), separated by commas,
// with a header; lines that begin with # are remarks. An error says the line, the value and
// what was expected, in French.
func ParseVacances(r io.Reader) ([]Vacances, error) {
	table := csv.NewReader(r)
	table.Comment, table.FieldsPerRecord = '#', len(vacancesColumns)
	header, err := table.Read()
	if err != nil {
		return nil, vacancesError(err)
	}
	for i, want := range vacancesColumns {
		if got := strings.TrimSpace(strings.TrimPrefix(header[i], "\ufeff")); got != want {
			return nil, fmt.Errorf("ligne 1 : colonne « %s » ; attendu les colonnes %s", got, strings.Join(vacancesColumns, ", "))
		}
	}
	var out []Vacances
	for {
		fields, err := table.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, vacancesError(err)
		}
		v, err := readVacances(fields)
		if err != nil {
			line, _ := table.FieldPos(0)
			return nil, fmt.Errorf("ligne %d : %w", line, err)
		}
		out = append(out, v)
	}
}

func vacancesError(err error) error {
	var fault *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("fichier vide ; attendu les colonnes %s", strings.Join(vacancesColumns, ", "))
	case errors.As(err, &fault) && errors.Is(err, csv.ErrFieldCount):
		return fmt.Errorf("ligne %d : attendu %d colonnes : %s", fault.Line, len(vacancesColumns), strings.Join(vacancesColumns, ", "))
	case errors.As(err, &fault):
		return fmt.Errorf("ligne %d : guillemets mal placés", fault.Line)
	}
	return err
}

// longestVacances is more than any summer; longer ones are a slip of the pen.
const longestVacances = 120 * 24 * time.Hour

func readVacances(fields []string) (v Vacances, err error) {
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	first, second, _ := strings.Cut(fields[0], "-")
	v.Annee, err = strconv.Atoi(first)
	if next, _ := strconv.Atoi(second); err != nil || next != v.Annee+1 {
		return v, fmt.Errorf("annee « %s » ; attendu une année scolaire, comme 2026-2027", fields[0])
	}
	for _, letter := range fields[1] {
		zone := Zone(letter)
		if zone < ZoneA || zone > ZoneC {
			return v, fmt.Errorf("zone « %s » ; attendu A, B, C ou plusieurs d'entre elles, comme ABC", fields[1])
		}
		v.Zones = append(v.Zones, zone)
	}
	if v.Zones == nil {
		return v, errors.New("zone vide ; attendu A, B, C ou plusieurs d'entre elles, comme ABC")
	}
	if v.Nom = fields[2]; v.Nom == "" {
		return v, errors.New("nom vide ; attendu celui des vacances, comme Toussaint")
	}
	for i, day := range []*time.Time{&v.Debut, &v.Fin} {
		if *day, err = time.Parse(time.DateOnly, fields[3+i]); err != nil {
			return v, fmt.Errorf("%s « %s » ; attendu une date AAAA-MM-JJ", vacancesColumns[3+i], fields[3+i])
		}
	}
	switch {
	case v.Fin.Before(v.Debut):
		return v, fmt.Errorf("fin « %s » avant le début « %s »", fields[4], fields[3])
	case v.Fin.Sub(v.Debut) > longestVacances:
		return v, fmt.Errorf("des vacances du %s au %s, de plus de %d jours", fields[3], fields[4], longestVacances/24/time.Hour)
	case schoolYear(v.Debut) != v.Annee:
		return v, fmt.Errorf("debut « %s » hors de l'année scolaire %s", fields[3], fields[0])
	}
	return v, nil
}
