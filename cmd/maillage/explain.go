package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
	"github.com/aisne-numerique/maillage/geo/scenario/tour"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
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
	{postgis.ErrURL, "adresse de base de données illisible. Attendu : postgres://utilisateur@serveur:5432/base ; dans un mot de passe, écrivez / @ : ? # % sous la forme %2F %40 %3A %3F %23 %25, ou donnez-le par un fichier PGPASSFILE."},
	{postgis.ErrTLS, "le serveur ne chiffre pas la connexion, ou son certificat n'est pas reconnu. Donnez celui de son autorité dans l'adresse : ?sslmode=verify-full&sslrootcert=autorite.pem"},
	{postgis.ErrPassword, "utilisateur ou mot de passe refusé. Vérifiez-les dans l'adresse, ou dans le fichier PGPASSFILE (~/.pgpass) ; sur le serveur, voyez pg_hba.conf."},
	{postgis.ErrNoDatabase, "cette base n'existe pas sur le serveur. Créez-la (createdb NOM), puis, en superutilisateur : CREATE EXTENSION postgis;"},
	{postgis.ErrNoPostGIS, "l'extension PostGIS manque dans cette base. En superutilisateur : CREATE EXTENSION postgis;"},
	{postgis.ErrUnfit, "ce serveur ne convient pas. Il faut PostgreSQL 14 ou plus récent, PostGIS 3.1 ou plus récent, et une base en UTF8."},
	{postgis.ErrNoStore, "cette base ne contient pas encore de magasin. Importez des données, ou créez-le vide : maillage migrate."},
	{postgis.ErrNotStore, "le schéma « maillage » de cette base vient d'un autre programme. Choisissez une autre base avec --store."},
	{postgis.ErrNewer, "ce magasin vient d'une version plus récente. Mettez maillage à jour pour le lire."},
	{postgis.ErrOutdated, "le schéma de la base n'est pas à jour, et ce rôle n'a pas le droit de le changer. Avec celui qui l'a (maillage_migrate) : maillage migrate --store postgres://maillage_migrate@serveur/base"},
	{postgis.ErrForbidden, "ce rôle n'en a pas le droit. Prenez un autre rôle, ou donnez les droits : scripts/deploy/roles.sql."},
	{postgis.ErrReadOnly, "ce serveur n'accepte pas d'écriture (serveur secondaire ?). Écrivez sur le serveur principal."},
	{postgis.ErrBusy, "un autre programme écrit dans cette base, ou tient une table de résultats ouverte. Recommencez dans un instant."},
	{postgis.ErrDependent, "une vue, ou un autre objet, s'appuie sur une table de résultats (resultat_…), que chaque édition remplace. Supprimez cet objet, ou faites-lui une copie de la table."},
	{postgis.ErrFull, "le serveur n'a plus de place : disque, mémoire ou connexions. Libérez-en, puis recommencez."},
	{postgis.ErrTimeout, "le serveur a arrêté une requête trop longue. Donnez-lui plus de temps dans l'adresse : ?statement_timeout=10min"},
	{postgis.ErrDamaged, "le magasin est abîmé. Reprenez une sauvegarde, ou réimportez les données dans une nouvelle base."},
	{postgis.ErrUnreachable, "aucun serveur PostgreSQL ne répond. Vérifiez qu'il est démarré, puis l'hôte et le port de l'adresse, et le pare-feu."},
	{edition.ErrDamaged, "l'édition est abîmée. Recalculez-la : maillage compute."},
	{store.ErrDiffers, "le magasin garde déjà, sous le nom de cette édition, d'autres résultats des mêmes données et du même programme ; rien n'a été changé. Calculez dans un autre magasin (maillage copy), comparez, et signalez-le."},
	{store.ErrNotFound, "aucune édition de ce nom. Calculez-en une : maillage compute."},
	{fs.ErrPermission, "accès refusé. Vérifiez les droits sur ce fichier et son dossier."},
	{fs.ErrNotExist, "ce fichier ou son dossier n'existe pas. Vérifiez le chemin."},
}

// storeError is an error of a store, named as it can be shown.
type storeError struct {
	name string
	err  error
}

func (e *storeError) Error() string { return "magasin " + e.name + " : " + e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// explain adds to an error what the person can do next.
func explain(err error) string {
	var missing *edition.MissingError
	if errors.As(err, &missing) {
		return fmt.Sprintf("le magasin ne contient pas encore de %s. Importez-les d'abord : maillage import %s FICHIER", missing.Kind.Of().Nom, missing.Kind)
	}
	var wrong *edition.InputError
	if errors.As(err, &wrong) {
		return wrong.Sentence
	}
	var other *dataset.OtherError
	if errors.As(err, &other) {
		return other.Error()
	}
	var unknown *edition.UnknownTerritoireError
	if errors.As(err, &unknown) {
		return fmt.Sprintf("territoire %s : absent de cette édition. La liste : maillage gaps --level %s", unknown.Ref, unknown.Ref.Type)
	}
	var level *edition.UnknownLevelError
	if errors.As(err, &level) {
		return fmt.Sprintf("niveau %s : absent de cette édition, qui a %s. Importez ces territoires (maillage import territoires FICHIER), puis recalculez : maillage compute", level.Level, level.Has())
	}
	var refused *scenario.Error
	if errors.As(err, &refused) {
		return refused.Error()
	}
	var none *siting.NoIndexError
	if errors.As(err, &none) {
		return none.Error()
	}
	var threshold *siting.ThresholdError
	if errors.As(err, &threshold) {
		return threshold.Error()
	}
	var tours *tour.SlotsDifferError
	if errors.As(err, &tours) {
		return tours.Error()
	}
	for _, c := range causes {
		if !errors.Is(err, c.is) {
			continue
		}
		var at *storeError
		var file *fs.PathError
		switch {
		case errors.As(err, &at):
			return "magasin " + at.name + " : " + c.sentence
		case errors.As(err, &file):
			return file.Path + " : " + c.sentence
		}
		return c.sentence
	}
	return err.Error()
}
