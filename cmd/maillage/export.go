package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/api"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
	"github.com/aisne-numerique/maillage/tiles"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

type exportCmd struct {
	Format       string `arg:"" enum:"pmtiles,gpkg,kml,geojson,csv,xlsx,site" help:"pmtiles (toutes les tuiles), gpkg (couches avec leurs styles), kml (territoires, zones blanches et lieux, pour Google Earth et My Maps ; compressé si le fichier s'appelle .kmz ; My Maps prend 5 Mo), xlsx (écarts), ou un dossier : geojson et csv, un fichier par couche ; site, la carte entière pour un hébergement de fichiers, sans serveur."`
	Out          string `arg:"" type:"path" help:"Fichier à écrire, ou dossier pour geojson, csv et site ; un export précédent est remplacé, d'un coup."`
	Edition      string `placeholder:"ID" help:"Édition à lire (début de l'identifiant) ; par défaut la plus récente."`
	DecimalComma bool   `help:"Avec csv : virgule décimale et points-virgules, comme les tableurs français les attendent."`
	Queue        bool   `help:"Confie l'export aux « maillage worker » de la base, qui doivent pouvoir écrire à cet endroit, et rend la main."`
	JSON         bool   `name:"json" help:"Écrit le résumé en JSON."`
}

// exported is what export prints.
type exported struct {
	Edition  string          `json:"edition"`
	Format   string          `json:"format"`
	Out      string          `json:"out"`
	Bytes    int64           `json:"bytes"` // of all files
	Files    int             `json:"files"`
	Tiles    *pmtiles.Counts `json:"tiles,omitempty"`
	Modelled []string        `json:"modelled"`
	Seconds  float64         `json:"seconds"`
}

func (c *exportCmd) Run(s *session) (err error) {
	if c.DecimalComma && c.Format != "csv" {
		return usagef("--decimal-comma : attendu avec csv")
	}
	if sameStore(c.Out, s.store()) {
		return usagef("export %s : %s est le magasin lui-même ; choisissez un autre fichier", c.Format, c.Out)
	}
	if c.Queue {
		return s.queueExport(c)
	}
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	m := newMeter(s.stderr)
	sum, err := c.export(s.ctx, st, m.show)
	m.done()
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(s.stdout, sum)
	}
	_, err = fmt.Fprintf(s.stdout, "%s : édition %s, %s, %s Mio, %s s\n", sum.Out, sum.Edition, plural(sum.Files, "fichier", "fichiers"),
		decimal(float64(sum.Bytes)/(1<<20), 1), decimal(sum.Seconds, 1))
	for _, sentence := range sum.Modelled {
		if err == nil {
			_, err = fmt.Fprintln(s.stdout, "  modélisé :", sentence)
		}
	}
	return err
}

// export reads the edition from a store and writes it.
func (c *exportCmd) export(ctx context.Context, st store.Store, progress edition.Progress) (*exported, error) {
	start := time.Now()
	e, info, err := loadEdition(ctx, st, c.Edition)
	if err != nil {
		return nil, err
	}
	sum := &exported{Edition: e.ID, Format: c.Format, Out: c.Out, Modelled: e.ModelledSentences()}
	step := func(n, of int) { progress("export "+c.Format, n, of) }
	step(0, 0)
	switch c.Format {
	case "pmtiles":
		err = replaceFile(c.Out, func(tmp string) (err error) { sum.Tiles, err = writeArchive(ctx, tmp, e, step); return err })
	case "gpkg":
		err = c.geoPackage(ctx, e, info)
	case "xlsx":
		err = c.document(e, (*export.Results).XLSX)
	case "kml":
		write := (*export.Results).KML
		if strings.EqualFold(filepath.Ext(c.Out), ".kmz") {
			write = (*export.Results).KMZ
		}
		err = c.document(e, write)
	case "site":
		err = replaceFolder(c.Out, func(tmp string) (err error) { sum.Tiles, err = writeSite(ctx, tmp, e, step); return err })
	default:
		err = c.folder(ctx, e, step)
	}
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(c.Out, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum.Bytes += info.Size()
			sum.Files++
		}
		return err
	})
	sum.Seconds = float64(time.Since(start).Milliseconds()) / 1000
	return sum, err
}

// writeArchive writes the tiles, and reads back what was written.
func writeArchive(ctx context.Context, path string, e *edition.Edition, progress func(n, of int)) (_ *pmtiles.Counts, err error) {
	set, err := tiles.New(e)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer closing(f, &err)
	counts, err := set.Archive(ctx, f, filepath.Dir(path), e.Params.Query(), export.AboutOf(e), progress)
	if err != nil {
		return nil, err
	}
	archive, err := pmtiles.Open(f, counts.Bytes)
	if err == nil {
		err = archive.Check()
	}
	return &counts, err
}

// writeSite writes the map as files: its page, the answers to the edition's own question,
// and the archive of tiles.
func writeSite(ctx context.Context, dir string, e *edition.Edition, progress func(n, of int)) (*pmtiles.Counts, error) {
	server := api.New(api.Options{Version: edition.Program})
	if err := publish(server, e); err != nil {
		return nil, err
	}
	write := func(name string, body []byte) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, body, 0o644); err != nil {
			return err
		}
		return flush(path)
	}
	err := server.Site(ctx, write)
	if err != nil {
		return nil, err
	}
	about, err := json.MarshalIndent(export.AboutOf(e), "", "  ")
	if err != nil {
		return nil, err
	}
	const archive = "maillage.pmtiles"
	if err := errors.Join(write(export.AboutFile, append(about, '\n')), write(archive, nil)); err != nil {
		return nil, err
	}
	counts, err := writeArchive(ctx, filepath.Join(dir, archive), e, progress)
	if err != nil {
		return nil, err
	}
	return counts, flush(filepath.Join(dir, archive))
}

func (c *exportCmd) geoPackage(ctx context.Context, e *edition.Edition, info store.EditionInfo) error {
	r, err := export.Of(e)
	if err != nil {
		return err
	}
	changed, err := time.Parse(time.RFC3339, info.Created) // the store's date of these results
	if err != nil {
		changed = time.Unix(0, 0)
	}
	return replaceFile(c.Out, func(tmp string) error {
		return gpkg.WriteResults(ctx, tmp, gpkg.Results{Layers: r.Layers, Styles: export.Styles(r.Layers...), About: r.About.Sentences(), Changed: changed})
	})
}

// document writes all tables into one file.
func (c *exportCmd) document(e *edition.Edition, write func(*export.Results, io.Writer) error) error {
	r, err := export.Of(e)
	if err != nil {
		return err
	}
	return replaceFile(c.Out, func(tmp string) (err error) {
		f, err := createFile(tmp)
		if err != nil {
			return err
		}
		defer closing(f, &err)
		return write(r, f)
	})
}

func (c *exportCmd) folder(ctx context.Context, e *edition.Edition, progress func(n, of int)) error {
	r, err := export.Of(e)
	if err != nil {
		return err
	}
	return replaceFolder(c.Out, func(tmp string) error {
		write := r.FolderGeoJSON
		if c.Format == "csv" {
			write = func(dir string, p export.Progress) error { return r.FolderCSV(dir, c.DecimalComma, p) }
		}
		return errors.Join(write(tmp, progress), ctx.Err())
	})
}

// replaceFile puts a file in its place once it is whole and on the disk: readers see the
// one before, or the new one. A store is not replaced.
func replaceFile(path string, write func(tmp string) error) (err error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s est un dossier : donnez un nom de fichier", path)
	}
	if st, err := gpkg.Open(context.Background(), path, gpkg.ReadOnly()); err == nil {
		return errors.Join(fmt.Errorf("%s est un magasin de maillage : un export ne le remplace pas ; choisissez un autre fichier", path), st.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	tmp := f.Name()
	defer os.Remove(tmp) // it is gone once it is in its place
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	if err := write(tmp); err != nil {
		return err
	}
	if err := flush(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return flush(filepath.Dir(path))
}

// replaceFolder does the same for a folder, but for a moment between two renames when it
// takes the place of an earlier export. No other folder that holds something is touched.
func replaceFolder(path string, write func(tmp string) error) (err error) {
	held, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(filepath.Join(path, export.AboutFile)); len(held) > 0 && err != nil {
		return fmt.Errorf("%s contient autre chose qu'un export : choisissez un autre dossier", path)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	next, before := filepath.Join(tmp, "export"), filepath.Join(tmp, "avant")
	if err := os.Mkdir(next, 0o755); err != nil {
		return err
	}
	if err := write(next); err != nil {
		return err
	}
	err = filepath.WalkDir(next, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return flush(path)
	})
	if err != nil {
		return err
	}
	if err := os.Rename(path, before); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return errors.Join(err, os.Rename(before, path))
	}
	return flush(filepath.Dir(path))
}

// flush waits until a file, or the names in a folder, are on the disk.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
