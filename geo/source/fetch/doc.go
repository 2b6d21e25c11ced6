// Package fetch downloads the official open data of a département. What to
// download is data: a [Catalogue], embedded and overridable.
//
// A download is resumed where it stopped when the server still has the same
// file, is retried with growing pauses, checked against the length and checksum
// that the publisher states, and against the format that the catalogue says; it
// replaces the previous file only when it is whole. A file that has not changed
// since is not downloaded again. When an address does not give the file, the next
// of the dataset is tried. Names of files are the catalogue's, never a server's.
//
// A server may send elsewhere at most ten times, never from https to http, and to a
// machine of a private network only when the catalogue itself names it.
//
// # The catalogue
//
// One JSON object:
//
//	{
//	  "version": "2026-12-01",                  the day on which addresses were reviewed
//	  "datasets": [{
//	    "name": "emploi",                       of its file and, for kinds that do not name themselves, of its dataset
//	    "kind": "ifn",                          of maillage import
//	    "title": "…", "source": "…", "licence": "…", "rhythm": "…",
//	    "page": "https://…",                    for people
//	    "format": "csv",                        extension of the file
//	    "unzip": "base-cc-emploi-*.csv",        the address gives a zip or 7z: the one file inside whose name matches, in capitals or not
//	    "millesime": "2022",                    passed to the import; without it, the date of the file, but for kinds whose layouts tell
//	    "addresses": [                          tried in this order; each may have its own format, unzip, millesime
//	      {"url": "https://…", "verified": "…"},
//	      {"datagouv": {"api": "https://www.data.gouv.fr/api/1/datasets/…/", "match": "(?i)\\.csv$"}}
//	    ],
//	    "checksum": "https://….md5",            a file "HEX  NAME"
//	    "each": "geofabrik",                    a zone of several values: one file for each
//	    "import": ["--type", "qpv"],            more flags of maillage import
//	    "optional": true, "without": "…",       what is unknown or modelled without it
//	    "manual": "…"                           why it is not downloaded unless asked for by name
//	  }],
//	  "zones": {"geofabrik": {"02": ["picardie", "ile-de-france"]}}
//	}
//
// A dataset of one address may write it without "addresses". In addresses, checksums and
// patterns {departement} stands for the code, and the name of a zone for its value there (or
// for the value of "each"). An address without value is left out; an optional dataset without
// address does not exist there. "verified" says how an address is known.
package fetch
