package fetch

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
)

// checksum is what a publisher states of a file; the zero value states nothing.
type checksum struct {
	make func() hash.Hash
	want string
}

func parseChecksum(kind, value string) (checksum, error) {
	value = strings.ToLower(strings.TrimSpace(value))
	if _, err := hex.DecodeString(value); err != nil {
		return checksum{}, fmt.Errorf("somme de contrôle %q : attendu des chiffres hexadécimaux", value)
	}
	switch len(value) {
	case 2 * md5.Size:
		return checksum{md5.New, value}, nil
	case 2 * sha1.Size:
		return checksum{sha1.New, value}, nil
	case 2 * sha256.Size:
		return checksum{sha256.New, value}, nil
	}
	return checksum{}, fmt.Errorf("somme de contrôle %q %q : attendu MD5, SHA-1 ou SHA-256", kind, value)
}

// verify reads a file, compares it with what was stated, and gives its SHA-256.
func (c checksum) verify(path string) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	own := sha256.New()
	out := io.Writer(own)
	var stated hash.Hash
	if c.make != nil {
		stated = c.make()
		out = io.MultiWriter(own, stated)
	}
	if _, err := io.Copy(out, in); err != nil {
		return "", err
	}
	if stated != nil {
		if got := hex.EncodeToString(stated.Sum(nil)); got != c.want {
			return "", fmt.Errorf("somme de contrôle %s, le producteur annonce %s", got, c.want)
		}
	}
	return hex.EncodeToString(own.Sum(nil)), nil
}
