package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// besideShape are the ends of the names of the files that make a shapefile with its .shp.
var besideShape = []string{".dbf", ".prj", ".cpg", ".shx"}

// partOfShape reports whether a name is that of a file that goes with a .shp, and gives
// what both names have in common.
func partOfShape(name string) (stem string, ok bool) {
	ext := filepath.Ext(name)
	return strings.ToLower(strings.TrimSuffix(name, ext)), slices.Contains(besideShape, strings.ToLower(ext))
}

// gathered puts the files of a shapefile with its .shp, those that are given as well as
// those that lie beside it on this machine. The others stay as they are.
func gathered(in []Input) []Input {
	shapes := map[string]int{} // by stem, position in all
	var all []Input
	for _, input := range in {
		if ext := filepath.Ext(input.Name); strings.EqualFold(ext, ".shp") {
			shapes[strings.ToLower(strings.TrimSuffix(input.Name, ext))] = len(all)
			all = append(all, lyingBeside(input))
		} else if _, part := partOfShape(input.Name); !part {
			all = append(all, input)
		}
	}
	for _, input := range in {
		stem, part := partOfShape(input.Name)
		if !part {
			continue
		}
		i, of := shapes[stem]
		switch {
		case !of:
			all = append(all, input)
		case !slices.ContainsFunc(all[i].Beside, func(b Input) bool { return strings.EqualFold(b.Name, input.Name) }):
			all[i].Beside = append(slices.Clip(all[i].Beside), input)
		}
	}
	return all
}

// lyingBeside adds to a .shp of this machine the files of its folder that go with it.
func lyingBeside(shape Input) Input {
	if shape.Path == "" {
		return shape
	}
	entries, err := os.ReadDir(filepath.Dir(shape.Path))
	if err != nil {
		return shape // opening the file will say so
	}
	want := strings.ToLower(strings.TrimSuffix(shape.Name, filepath.Ext(shape.Name)))
	for _, e := range entries {
		if stem, part := partOfShape(e.Name()); part && stem == want && e.Type().IsRegular() {
			shape.Beside = append(shape.Beside, FromPath(filepath.Join(filepath.Dir(shape.Path), e.Name())))
		}
	}
	return shape
}
