package homes

import (
	"cmp"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/hectare"
)

// Spot is a position in 10⁻⁷ degrees, as OpenStreetMap has them.
type Spot struct{ Lon, Lat int32 }

// Unplaced is no spot on Earth.
var Unplaced = Spot{math.MinInt32, math.MinInt32}

// At is the spot of a position.
func At(p geo.LonLat) Spot {
	return Spot{int32(math.Round(p.Lon * 1e7)), int32(math.Round(p.Lat * 1e7))}
}

func (s Spot) degrees() geo.LonLat { return inDegrees(float64(s.Lon), float64(s.Lat)) }

func (s Spot) compare(t Spot) int {
	return cmp.Or(cmp.Compare(s.Lat, t.Lat), cmp.Compare(s.Lon, t.Lon))
}

// inDegrees is a position of 10⁻⁷ degrees, rounded to them.
func inDegrees(lon, lat float64) geo.LonLat {
	return geo.LonLat{Lon: max(-180, min(180, math.Round(lon)/1e7)), Lat: max(-90, min(90, math.Round(lat)/1e7))}
}

func (s Spot) cell() hectare.Cell { return hectare.Of(s.Lon, s.Lat) }
