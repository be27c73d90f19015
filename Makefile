# Every verb of the house; `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
BIN := .venv/bin
PORT ?= 8000
TEDORI_HOME ?= $(CURDIR)/var
export TEDORI_HOME
export TZ := Asia/Tokyo

.PHONY: help run install demo serve test test-fast check fix bench lock screenshots traceability clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: install ## Install, build the demo world, serve it on http://localhost:8000
	@$(BIN)/tedori demo --if-missing
	@$(BIN)/tedori serve --port $(PORT)

install: .venv/installed ## Install everything into .venv

.venv/installed: requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m tedori.kernel.texts compile
	@touch $@

demo: install ## Build the demo world anew in TEDORI_HOME
	$(BIN)/tedori demo --fresh

serve: install ## Serve what is in TEDORI_HOME
	$(BIN)/tedori serve --port $(PORT)

test: install ## Run every test (browser tests need Chromium: apt-get install chromium)
	$(BIN)/python -m pytest -n auto --dist loadgroup

test-fast: install ## Run the tests without the browser journeys
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not browser"

check: install ## Lint, laws and shape
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests -m "not browser and not whole"

fix: install ## Mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Measure beside our peers (ONLY=id for one figure)
	$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

lock: ## Resolve requirements/*.in anew into hashed lock files
	uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/run.in -o requirements/run.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements/run.txt requirements/dev.in -o requirements/dev.txt

screenshots: install ## Take the README's pictures from the demo world
	$(BIN)/python docs/screenshots.py

traceability: install ## Write docs/requirements.md anew
	$(BIN)/python docs/traceability.py

clean: ## Remove the environment and the data folder
	rm -rf .venv var
