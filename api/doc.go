// Package api serves editions over HTTP: the server, what every request goes through, and
// the table of addresses (routes.go). It reads the edition that [Server.Publish] gives it
// and nothing else: no store, no file, no query per request. What is answered is made in
// the packages below, whose arrows point one way:
//
//	problem   why there is no reply          params    what a request asks
//	gate      turns to compute               client    who asks
//	reply     a body, and how it is sent     snapshot  an edition and its caches
//	desk      what is written                data      JSON, columns, files
//	page      HTML and SVG                   collections, ogc   OGC API
//
// A request reads the current snapshot once, at its start, and keeps it: whatever
// is published meanwhile, header, body and ETag are of one edition.
package api
