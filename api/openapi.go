package api

import _ "embed"

// openapiDocument describes every address, in OpenAPI 3.0. A test walks the
// routes and checks replies against it, so it says what is.
//
//go:embed openapi.json
var openapiDocument []byte
