package outline

import (
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sheet"
	"github.com/aisne-numerique/maillage/geo/store"
)

var secteursColumns = []string{"secteur", "code", "nom"}

// Secteurs reads CSV files with one row per commune: secteur (the name of the
// secteur), code and nom of the commune. The code of a secteur is made from its
// name; names that give the same code are one secteur. Secteurs come in the
// order of their first row, their communes sorted.
//
// Rejected: no secteur, a code that is not a commune's, a commune twice in one
// secteur.
func Secteurs(ctx context.Context, in []source.Input, o source.Options) (*source.Import[admin.Secteur], error) {
	return source.Open(ctx, store.Secteurs, in, o, sheet.Format, func(rec *source.Recorder, files []source.File, emit func(admin.Secteur) error) error {
		return readSecteurs(rec, o.Moves, files, emit)
	})
}

func readSecteurs(rec *source.Recorder, moves *source.Moves, files []source.File, emit func(admin.Secteur) error) error {
	var secteurs []*admin.Secteur
	byCode := map[string]*admin.Secteur{}
	type member struct{ secteur, commune string }
	seen := map[member]source.Address{}
	err := sheet.EachRow(rec, files, secteursColumns, func(r sheet.Row) error {
		reject := func(field, value, reason string) error {
			rec.Reject(r.Table.Name, r.Line, field, value, reason)
			return nil
		}
		name, commune := r.Get("secteur"), r.Get("code")
		code := source.Slug(name)
		if code == "" {
			return reject("secteur", name, "nom de secteur absent ; attendu des lettres ou des chiffres")
		}
		if why := source.CodeFault(commune); why != "" {
			return reject("code", commune, why)
		}
		was := commune
		commune = moves.Now(rec, r.Table.Name, r.Line, "code", commune)
		if first, dup := seen[member{code, commune}]; dup {
			if was != commune || moves.Targets()[commune] { // two that became one
				rec.Merged++
				return nil
			}
			return reject("code", commune, "commune déjà dans ce secteur à "+first.String())
		}
		seen[member{code, commune}] = source.Address{File: r.Table.Name, Row: r.Line}
		s := byCode[code]
		if s == nil {
			s = &admin.Secteur{Code: code, Nom: name}
			byCode[code] = s
			secteurs = append(secteurs, s)
		} else {
			rec.Merged++
		}
		s.Communes = append(s.Communes, commune)
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range secteurs {
		slices.Sort(s.Communes)
		if err := emit(*s); err != nil {
			return err
		}
	}
	return nil
}
