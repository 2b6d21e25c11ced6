package fetch

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxRatio is how many times larger than its archive a file may be: text compresses
// ten times, and what claims more than two hundred is made to fill a disk.
const maxRatio = 200

// unzip takes the dataset's file out of the archive that was downloaded. The file
// of last time stays until the new one is whole.
func (f *Fetcher) unzip(d Dataset, r *Result) error {
	target := filepath.Join(f.Dir, d.File())
	archive := r.Path
	r.Path = target
	if !r.Fresh && exists(target) {
		return nil
	}
	zr, err := zip.OpenReader(archive)
	if err != nil {
		return permanent{fmt.Errorf("%s : %w", filepath.Base(archive), err)}
	}
	defer zr.Close()
	var names []string
	for _, member := range zr.File {
		name := path.Base(strings.ReplaceAll(member.Name, `\`, "/"))
		names = append(names, name)
		// Match was checked with the catalogue.
		if ok, _ := path.Match(d.Unzip, name); !ok || member.FileInfo().IsDir() {
			continue
		}
		if err := extract(member, target, r.Bytes); err != nil {
			return permanent{fmt.Errorf("%s : %s : %w", filepath.Base(archive), name, err)}
		}
		return nil
	}
	return permanent{fmt.Errorf("%s : aucun fichier %s dans l'archive, qui contient : %s", filepath.Base(archive), d.Unzip, strings.Join(names, ", "))}
}

func extract(member *zip.File, target string, archived int64) (err error) {
	limit := min(int64(MaxBytes), maxRatio*max(archived, 1))
	in, err := member.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	part := target + ".part"
	out, err := os.Create(part)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	n, err := io.Copy(out, io.LimitReader(in, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("plus de %d octets une fois décompressé, pour une archive de %d", limit, archived)
	}
	if err == nil {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	return os.Rename(part, target)
}
