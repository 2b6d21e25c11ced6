# maillage: who is far from help with digital life, and what would change that.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
GO      ?= go
ADDR    ?= 127.0.0.1:8080
BIN     := bin/maillage
WEB     := api/web
WEB_SRC := api/openapi.json $(wildcard $(WEB)/*.json $(WEB)/types/*.json $(WEB)/*.ts $(WEB)/*.html $(WEB)/public/*) $(shell find $(WEB)/src -type f 2>/dev/null)
# One way to compile for the program, vet and tests: what one has compiled the others find
# (SQLite and H3 are C, and take a minute).
export GOFLAGS := -trimpath
# Node and npm from the system when recent enough, else those that scripts/setup put here.
export PATH := $(CURDIR)/.cache/node/node_modules/.bin:$(PATH)

.PHONY: help demo test web build check bench fixtures picture setup setup-test go-test web-test e2e vet clean

help: ## list what you can do
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: setup web build ## set up, then serve the Aisne demonstration (ADDR=127.0.0.1:8080)
	./$(BIN) demo --addr $(ADDR)

# Packages are fetched and unpacked while the code is looked at.
test: web ## set up what tests need, then run every check and test
	$(MAKE) --no-print-directory --output-sync=target -j2 setup-test vet
	$(MAKE) --no-print-directory go-test web-test e2e

web: setup $(WEB)/static/index.html ## build the map that the binary embeds

build: setup ## build bin/maillage
	$(GO) build -o $(BIN) ./cmd/maillage

setup: ## install what building needs (C compiler, Node)
	@scripts/setup build

setup-test: ## install what tests need (Chromium, GDAL's ogrinfo, PostGIS)
	@scripts/setup test

vet: ## go vet and staticcheck
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	test -z "$$(gofmt -l cmd geo ifn tiles api fixtures scripts | tee /dev/stderr)"

# The race detector makes computations several times as long, and everything is compiled a
# second time for it. Without it: packages that start nothing beside themselves (PLAIN_ALONE),
# and whole computations and long files (PLAIN_LONG), of which a sample is examined with it:
# editions by the tests of the server, scenarios by Anew, roads by Parallel and Contract,
# timetables by Processors and Contract, tiles by small worlds. A new package is examined
# with it.
# The requirements of OGC API are thousands of requests one after the other: without it.
# Vet has looked already. Three packages at a time on two processors: those of databases mostly
# wait, and are begun first.
DATABASES := ./geo/store/postgis/...
PLAIN_ALONE := /api/(client|ogc|page|params|reply|web)$$|maillage/(fixtures|geo)$$|/geo/(admin|decimal|export|hectare|legend|lieu|sheet|sqlite)$$|/geo/source/(homes|layer|outline|sheet)$$|/store/table$$
PLAIN_LONG := /(cmd|scripts)/|/geo/(edition|road|scenario|transit)(/|$$)|/geo/source(/gtfs|/lieux|/stat)?$$|/tiles(/pmtiles)?$$
PLAIN := $(PLAIN_ALONE)|$(PLAIN_LONG)
go-test: ## Go tests, with the race detector where something is concurrent
	$(GO) test -vet=off -race -p 3 -timeout 12m -skip '^TestRequirements$$' $(DATABASES) ./tiles $$($(GO) list ./... | grep -vE '$(PLAIN)')
	$(GO) test -vet=off -race -short -timeout 12m -run 'Anew$$|Parallel|Processors|Contract$$' ./geo/scenario ./geo/road ./geo/transit
	$(GO) test -vet=off -timeout 12m -run '^TestRequirements$$' ./api
	$(GO) test -vet=off -p 3 -timeout 12m $$($(GO) list ./... | grep -E '$(PLAIN)')

$(WEB)/node_modules/.installed: $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-audit --no-fund && touch node_modules/.installed

$(WEB)/static/index.html: $(WEB)/node_modules/.installed $(WEB_SRC)
	(cd $(WEB) && npm run build)
	touch $@

web-test: $(WEB)/node_modules/.installed ## Vitest unit tests of the map
	cd $(WEB) && npm test

e2e: web build ## Playwright in real Chromium against the demonstration
	cd $(WEB) && MAILLAGE_BIN=$(CURDIR)/$(BIN) npm run e2e

picture: e2e ## take the README's picture of the home page
	cp $(WEB)/test-artifacts/accueil.png docs/carte.png

check: vet go-test web-test ## the checks that need no browser

bench: ## benchmarks of the engine, with their own units
	$(GO) test -run '^$$' -bench . -benchtime 1s ./geo/... ./ifn/... ./tiles/...

fixtures: ## rebuild the demonstration data (FACTS=folder of the fact tables)
	$(GO) run ./scripts/fixtures --facts $(FACTS) --out fixtures/aisne

clean: ## remove what was built
	rm -rf bin .cache $(WEB)/node_modules scripts/raptor/node_modules $(WEB)/test-artifacts
	find $(WEB)/static -mindepth 1 ! -name .keep -delete
