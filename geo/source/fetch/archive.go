package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// unpack takes the file that is wanted out of the archive that was downloaded. The file
// of last time stays until the new one is whole. Limits are those of [source.Archive].
func (f *Fetcher) unpack(ctx context.Context, a Address, target string, r *Result) error {
	archive := r.Path
	note := archive + ".source.json"
	known, _ := readOrigin(note)
	r.Path = target
	if !r.Fresh && exists(target) && known.Unzip == a.Unzip {
		return nil
	}
	file, err := source.Inspect(ctx, source.FromPath(archive))
	if err != nil {
		return permanent{err}
	}
	opened, err := source.OpenArchive(file)
	if err != nil {
		return permanent{err}
	}
	defer opened.Close()
	var names []string
	var found []*source.Member
	for _, m := range opened.Files {
		if m.IsAside() {
			continue
		}
		names = append(names, path.Base(m.Name))
		// The pattern was checked with the catalogue.
		if ok, _ := path.Match(strings.ToLower(a.Unzip), strings.ToLower(path.Base(m.Name))); ok {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return permanent{&PatternError{fmt.Sprintf("aucun fichier %s dans l'archive, qui contient : %s", a.Unzip, source.Shorten(strings.Join(names, ", ")))}}
	case 1:
	default:
		return permanent{&PatternError{fmt.Sprintf("%d fichiers %s dans l'archive, comme %s et %s ; attendu un seul", len(found), a.Unzip, found[0].Name, found[1].Name)}}
	}
	if err := extract(opened, found[0], target); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return permanent{err}
	}
	if err := checkContent(Address{Format: a.Format}, target+".part"); err != nil {
		removeAll(target + ".part")
		return err
	}
	if err := os.Rename(target+".part", target); err != nil {
		return permanent{err}
	}
	known.Unzip = a.Unzip
	return writeOrigin(note, known)
}

// extract writes a file of an archive beside the target.
func extract(a *source.Archive, m *source.Member, target string) (err error) {
	in, err := a.Open(m)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(target + ".part")
	if err != nil {
		return onDisk(err)
	}
	defer func() {
		if err != nil {
			removeAll(target + ".part")
		}
	}()
	n, err := io.Copy(out, in)
	if err == nil && uint64(n) != m.Size() {
		err = errors.New("taille différente de celle qu'annonce l'archive")
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("%s : %s : %w", filepath.Base(target), path.Base(m.Name), onDisk(err))
	}
	return nil
}
