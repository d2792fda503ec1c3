# Pliego: `make run` and `make test` need Python 3.11+ and make, and install the rest here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-stamp
DEV := $(VENV)/.dev-stamp
export PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_ROOT_USER_ACTION=ignore
# What was compiled once is read by every process that begins later.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Pliego needs Python 3.11 or later; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
		echo "This Python cannot make virtual environments; trying the system's package manager."; \
		./deploy/system-packages venv && $(PYTHON) -m venv $(VENV); }

$(RUN): requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Pliego needs (hash-locked)…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "Installing what its tests need (hash-locked)…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(DEV)  ## make the environment, once

run: $(RUN)  ## database, demo country, server and worker; prints a sign-in link for each of the cast
	@exec $(BIN)/pliego run

test: $(DEV)  ## every test, browser tests included
	@./deploy/system-packages chromium || true
	@./deploy/system-packages age || true
	@$(BIN)/pliego messages compile
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

check: $(DEV)  ## style, types, layers, templates, migrations, catalogue, generated pages
	@$(MAKE) --no-print-directory -j2 types rules

types: $(DEV)
	@$(BIN)/python -m mypy pliego

rules: $(DEV)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/djlint pliego --lint --quiet
	@$(BIN)/python -m tests.checks
	@$(BIN)/pliego messages check

messages: $(DEV)  ## bring the catalogues up to date with the code
	@$(BIN)/pliego messages extract

docs: $(DEV)  ## write docs/generated from the tables
	@DATABASE_URL=postgresql://none@127.0.0.1/none $(BIN)/pliego docs generate

lock:  ## lock the requirements anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml --group build -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml --group build --group dev -c requirements/run.txt -o requirements/dev.txt

clean:  ## remove the environment and everything this installation keeps
	rm -rf $(VENV) var

.PHONY: help setup run test check types rules messages docs lock clean
