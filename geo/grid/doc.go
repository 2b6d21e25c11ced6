// Package grid lays the H3 grid over communes. It is the only importer of h3-go.
//
//	Cell   an H3 index. Its position in a Grid or a Pyramid is what the rest of
//	       the program uses: an index exceeds 2^53, a position does not.
//	Part   cell ∩ commune, the unit that carries people, so that every total adds
//	       up to the commune's population exactly.
//
// Areas are exact for H3: each cell has its own area on the sphere of H3's Earth
// radius (cells of one resolution differ by up to a factor 2), and a part takes
// the share of it that the commune covers in the plane tangent at the cell.
// A commune so narrow that no cell centre falls inside still gets its parts.
package grid
