package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
)

// visitor receives what the files hold, in one of several passes. What is handed over
// is its own until it returns. Functions that are nil are not called, and what is for
// them alone is passed over unread.
type visitor struct {
	anyNode   func() // instead of the next two: there is a node
	wantsNode func(id int64) bool
	node      func(*osmNode) // one that is wanted, or has an address

	wantsID  func(id int64) bool // of ways that are worth looking at; nil: all
	wantsWay func(*head, uses) bool
	way      func(*osmWay) error

	relation func(*osmRelation)
	bad      func(at source.Address, field, value, reason string) error // a road that cannot be read
}

// head is what every object has.
type head struct {
	at      source.Address // the line of XML, or the rank among the roads of a PBF file
	id      int64
	stamp   stamp
	deleted bool
}

type osmNode struct {
	head
	p    geo.LonLat
	bad  *source.Fault // what is wrong with the position
	tags tagList       // those that matter on nodes
}

type osmWay struct {
	head
	nodes []int64
	uses  uses
	tags  tagList // those that matter on what it is
}

type osmRelation struct {
	head
	tags    tagList
	members []member
	broken  bool // has members whose ids are not numbers
}

type member struct {
	kind byte // n, w or r
	id   int64
	role string
}

// stamp orders the copies of one object: by version, then those that an editor changed
// and has not sent yet, then by time in seconds. What is not known comes first. Never 0.
type stamp uint64

func newStamp(version int64, edited bool, seconds int64) stamp {
	const versionBits, timeBits = 24, 38 // 16 million versions; time until the year 10 000
	s := stamp(min(max(version, 0), 1<<versionBits-1)) << 1
	if edited {
		s |= 1
	}
	return s<<(timeBits+1) | stamp(min(max(seconds, 0), 1<<timeBits-1))<<1 | 1
}

// tagList is the tags of one object, in the order of the file.
type tagList []tag

type tag struct{ key, value string }

// get is the value of a key, "" when there is none.
func (l tagList) get(key string) string {
	for _, t := range l {
		if t.key == key {
			return t.value
		}
	}
	return ""
}

// only is the tags of some keys.
func (l tagList) only(kept func(key string) bool) map[string]string {
	tags := map[string]string{}
	for _, t := range l {
		if kept(t.key) {
			tags[t.key] = t.value
		}
	}
	return tags
}

// uses is a set: of what a way is to us, and of objects on which a key matters.
type uses uint8

const (
	isRoad     uses = 1 << iota
	isBuilding      // or may be one
	isHousing       // land where people live
	onRoad          // of a key: it is kept on roads
	onArea          // on buildings and land
	onNode          // on nodes of roads
	onAddress       // on nodes that may be an address
	tells           // makes a way something to us, by its value
)

const ofWay = isRoad | isBuilding | isHousing

// usesOf is what a tag makes of its way.
func usesOf(key, value string) uses {
	switch {
	case key == "highway" && value != "", key == "route" && value == "ferry":
		return isRoad
	case key == "building" && value != "" && value != "no":
		return isBuilding
	case key == "landuse" && value == "residential":
		return isHousing
	}
	return 0
}

// keyUses is where a key matters.
func keyUses(key string) (u uses) {
	switch key {
	case "highway", "route", "building", "landuse":
		u = tells
	}
	if street.IsRoadTag(key) {
		u |= onRoad
	}
	if areaTags[key] {
		u |= onArea
	}
	if street.IsMarkTag(key) {
		u |= onNode
	}
	if key == "addr:housenumber" || poiKeys[key] {
		u |= onAddress
	}
	return u
}

// keptOn are the uses of the keys that are kept on a way.
func (u uses) keptOn() (kept uses) {
	if u&isRoad != 0 {
		kept |= onRoad
	}
	if u&isBuilding != 0 {
		kept |= onArea
	}
	return kept
}

// osmFormat names the format of an OpenStreetMap file, "inconnu" when it has none.
func osmFormat(head []byte) string {
	switch {
	case source.IsPBF(head):
		return "OSM PBF"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "OSM XML (gzip)"
	case bytes.HasPrefix(head, []byte("BZh")):
		return "OSM XML (bzip2)"
	case source.Foreign(head) == "du XML":
		return "OSM XML"
	}
	return "inconnu"
}

// scanOSM makes one pass over a file.
func scanOSM(f source.File, kept *blobCache, v visitor) error {
	format := osmFormat(f.Head)
	if format == "inconnu" {
		what := source.Foreign(f.Head)
		if what == "" {
			what = "un fichier d'un autre format"
		}
		return source.FailAt(f.Name, 0, "c'est %s ; attendu un fichier OpenStreetMap (.osm, .osm.gz, .osm.bz2 ou .osm.pbf)", what)
	}
	s, err := f.Open()
	if err != nil {
		return err
	}
	defer s.Close()
	switch format {
	case "OSM PBF":
		err = scanPBF(f.Context(), f.Name, s, kept, v)
	case "OSM XML":
		err = scanXML(f.Name, s, v)
	case "OSM XML (bzip2)":
		err = scanXML(f.Name, f.Interruptible(bzip2.NewReader(bufio.NewReader(s))), v)
	case "OSM XML (gzip)":
		z, zerr := gzip.NewReader(s)
		if zerr != nil {
			return source.FailAt(f.Name, 0, "fichier compressé illisible ; téléchargez-le de nouveau")
		}
		err = scanXML(f.Name, f.Interruptible(z), v)
	}
	if err != nil {
		return err
	}
	return s.Verify()
}

// wordSet is a set of words written as one text.
func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
