# The only commands to remember: dev, run, test, bench. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
DATA ?= var
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WITHOUT_DATABASE := $(addprefix tests/,core golden lives columns conformance houserules packaging __pycache__)
PYTEST := PYTHONHASHSEED=0 HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-ci} $(BIN)/python -m pytest

.PHONY: help dev run test lint types format servers test-sqlite test-postgres bench docs wheel lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

dev: $(VENV)/.dev ## set up .venv with everything a developer needs
	@echo "Ready. Next: make run, or make test."

run: $(VENV)/.runtime ## serve on loopback; PORT= and DATA= change where; an empty DATA gets a demonstration company
	@mkdir -p "$(DATA)"
	@if [ -z "$$(ls -A "$(DATA)")" ]; then \
	  echo "Making the demonstration company in $(DATA) ..."; \
	  $(BIN)/gbese --data "$(DATA)" demo >/dev/null; \
	fi
	@GBESE_LOG_LEVEL=$${GBESE_LOG_LEVEL:-WARNING} exec $(BIN)/gbese --data "$(DATA)" serve --port $(PORT) --sign-in-link

test: lint types servers test-postgres test-sqlite ## everything that CI runs; ends with pytest's summary

lint: $(VENV)/.dev ## format, style, import contracts, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

format: $(VENV)/.dev ## let the tools write what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

servers: $(VENV)/.dev ## find PostgreSQL and Chromium for the tests; as root, install them
	@$(BIN)/python -m tests.servers

test-postgres: $(VENV)/.dev ## the tests that touch the database, on PostgreSQL
	GBESE_TEST_DATABASE=postgres $(PYTEST) -q -n $(WORKERS) --dist loadfile -m "not browser" \
	  $(filter-out $(WITHOUT_DATABASE),$(patsubst %/,%,$(wildcard tests/*/)))

test-sqlite: $(VENV)/.dev ## all tests, on SQLite
	GBESE_TEST_DATABASE=sqlite $(PYTEST) -q -n $(WORKERS) --dist loadfile tests

bench: $(VENV)/.dev ## measure; prints what and on which machine
	$(BIN)/python -m bench

docs: $(VENV)/.dev ## write the pages the code already knows (errors, limits)
	$(BIN)/python -m tools.write_docs

wheel: $(VENV)/.dev ## build dist/*.whl, what Windows and macOS install
	rm -rf dist
	$(BIN)/python -m build --no-isolation --wheel

lock: $(VENV)/.dev ## resolve the requirements again (needs uv on the PATH)
	for extra in runtime: postgres:postgres dev:dev bench:bench; do \
	  name=$${extra%%:*}; option=$${extra#*:}; \
	  uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	    $${option:+--extra $$option} pyproject.toml --output-file requirements/$$name.lock; \
	done
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  requirements/build.in --output-file requirements/build.lock

clean: ## remove what tools left behind; the data stay
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests bench -name __pycache__ -type d -exec rm -rf {} +

# The environment ------------------------------------------------------------------------------
# One .venv: what runs the product first, a developer's tools on top. Nothing is taken that does
# not match a hash of the lock. A stamp says what is done, so that the second time is quick.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Gbese needs Python 3.11 or newer; set PYTHON=/path/to/python3." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.lock requirements/build.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Gbese runs on into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements/build.lock -r requirements/runtime.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.runtime
	@echo "Installing the developer's tools into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@
