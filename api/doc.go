// Package api serves an edition over HTTP: JSON, columns of values, vector tiles
// and the embedded map. It reads the edition that [Server.Publish] gives it and
// nothing else: no store, no file, no query per request.
//
//	Server    routes, and the current snapshot behind an atomic pointer
//	snapshot  one edition with all that is computed once for it; immutable but for
//	          its bounded caches
//	reply     a body with its strong ETag, compressed at most once
//
// What an endpoint is asked is a small type of its own (see [params]), which is also the
// key of its replies. Why there is no reply is a [problem.Error].
//
// A request reads the current snapshot once, at its start, and keeps it: whatever
// is published meanwhile, header, body and ETag are of one edition.
//
// Minutes, hours a week and people are plain numbers. A figure that is unknown is
// absent from JSON, and is the largest value of its type in a column.
package api
