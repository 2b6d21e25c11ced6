package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// causes say, for a kind of error, what it is and what a person can do about it.
var causes = []struct {
	is       error
	sentence string
}{
	{gpkg.ErrNotStore, "ce GeoPackage vient d'un autre programme. Choisissez un autre fichier avec --store."},
	{gpkg.ErrNotGeoPackage, "ce n'est pas un GeoPackage. Choisissez un fichier .gpkg avec --store, ou un nom de fichier qui n'existe pas encore."},
	{gpkg.ErrNewer, "ce fichier vient d'une version plus récente. Mettez maillage à jour pour le lire."},
	{gpkg.ErrDamaged, "le fichier est abîmé. Reprenez une sauvegarde, ou réimportez les données dans un nouveau fichier."},
	{gpkg.ErrBusy, "un autre programme écrit dans ce fichier (QGIS ?). Fermez-le puis recommencez."},
	{gpkg.ErrReadOnly, "le fichier ne peut pas être modifié. Vérifiez les droits sur ce fichier."},
	{edition.ErrDamaged, "l'édition est abîmée. Recalculez-la : maillage compute."},
	{store.ErrNotFound, "aucune édition de ce nom. Calculez-en une : maillage compute."},
	{fs.ErrPermission, "accès refusé. Vérifiez les droits sur ce fichier et son dossier."},
	{fs.ErrNotExist, "ce fichier ou son dossier n'existe pas. Vérifiez le chemin."},
}

// storeError is an error of the store at a path.
type storeError struct {
	path string
	err  error
}

func (e *storeError) Error() string { return "magasin " + e.path + " : " + e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// kindNames are the kinds as a person writes them.
var kindNames = map[store.Kind]string{store.Communes: "communes", store.EPCI: "EPCI", store.Lieux: "lieux", store.Roads: "routes"}

// explain adds to an error what the person can do next.
func explain(err error) string {
	var missing *edition.MissingError
	if errors.As(err, &missing) {
		return fmt.Sprintf("le magasin ne contient pas encore de %s. Importez-les d'abord : maillage import %s FICHIER", kindNames[missing.Kind], missing.Kind)
	}
	var unknown *edition.UnknownTerritoireError
	if errors.As(err, &unknown) {
		return fmt.Sprintf("territoire %s : absent de cette édition. La liste : maillage gaps --level %s", unknown.Ref, unknown.Ref.Type)
	}
	var refused *scenario.Error
	if errors.As(err, &refused) {
		return refused.Error()
	}
	for _, c := range causes {
		if !errors.Is(err, c.is) {
			continue
		}
		var at *storeError
		var file *fs.PathError
		switch {
		case errors.As(err, &at):
			return "magasin " + at.path + " : " + c.sentence
		case errors.As(err, &file):
			return file.Path + " : " + c.sentence
		}
		return c.sentence
	}
	return err.Error()
}
