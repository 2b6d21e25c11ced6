package params

// Request is what an endpoint may look at beside its parameters.
type Request struct {
	Arg  string                   // the path's last parameter, unescaped
	Path func(name string) string // any parameter of the path
	Raw  string                   // the query string
	Root string                   // the address of the root, without a slash at its end
	// referer is the address of the page that asks, as far as it tells; accept is the
	// header of its name.
	Referer, Accept string
}
