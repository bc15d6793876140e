# PeaTMOSS: two commands matter, `make build-db` and `make test`. `make help` lists all.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON  ?= $(firstword $(shell command -v python3.11 python3))
ARCHIVE ?= peatmoss/corpus
DIST    ?= dist
DB      ?= sqlite:///$(abspath $(DIST))/.build/work.sqlite
PORT    ?= 8001
BIN     := .venv/bin
RUN     := PEATMOSS_DB="$(DB)" PEATMOSS_ARCHIVE="$(ARCHIVE)" $(BIN)/peatmoss
EXTRAS  := $(if $(filter postgresql%,$(DB)),[postgres])

.PHONY: build-db test test-all check serve generate pictures help clean

build-db: .venv/.built ## Build a release from the archive: [ARCHIVE=dir] [DB=url] [DIST=dir]
	@$(if $(EXTRAS),$(BIN)/pip install -qq --disable-pip-version-check -c constraints.txt -e '.$(EXTRAS)')
	@mkdir -p "$(DIST)/.build"
	@$(RUN) migrate --quiet
	@$(RUN) load --quiet
	@$(RUN) link --quiet
	@$(RUN) analyze --quiet
	@$(RUN) release --dist "$(DIST)"
	@rm -rf "$(DIST)/.build"

test: .venv/.dev ## Quick tests (under 5 minutes on 2 cores)
	@$(BIN)/pytest -m "not slow" -n 2

test-all: .venv/.dev ## All tests: also kills, PostgreSQL in full, wheels, browser
	@$(BIN)/pytest -n 2

check: .venv/.dev ## Lint, types, and whether generated files are fresh
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m tests.generated --check

generate: .venv/.dev ## Write the generated files anew (schema.sql, parts of README.md)
	@$(BIN)/python -m tests.generated

serve: .venv/.built ## Browse the release in Datasette: [DIST=dir] [PORT=8001]
	@$(BIN)/peatmoss serve --dist "$(DIST)" --port $(PORT)

pictures: .venv/.dev ## Take the README's pictures anew (needs Chromium): [DIST=dir]
	@$(BIN)/python -m tests.browser.pictures "$(DIST)"

clean: ## Remove everything that make created
	@rm -rf .venv "$(DIST)" .mypy_cache .pytest_cache .ruff_cache build

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.venv/bin/pip:
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python has no venv module. Mend it with: apt-get install -y python3.11-venv"; exit 2; }

.venv/.built: pyproject.toml constraints.txt .venv/bin/pip
	@echo "Installing PeaTMOSS into .venv ..."
	@$(BIN)/pip install -qq --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.dev: .venv/.built
	@echo "Installing the development tools into .venv ..."
	@$(BIN)/pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev,postgres,cluster]'
	@touch $@
