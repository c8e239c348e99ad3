# One place for every command. `make` alone lists them.
PYTHON ?= $(shell command -v python3.12 || command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup demo test check lock clean bench
help:           ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

setup: $(STAMP) ## make .venv with everything in it (locked versions)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v in ((3, 11), (3, 12)) else f"Clearline needs Python 3.11 or 3.12 (the SIP library has wheels for these); found {v[0]}.{v[1]}. Name one with: make setup PYTHON=/path/to/python3.12")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments: install the package python3-venv (Debian, Ubuntu), or name another one with PYTHON=..."; exit 1; }
	@echo "Setting up .venv (first time: about 450 MB to download, one to three minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes --progress-bar on -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup     ## ring the line, talk to an agent, see the call scored (no phone needed)
	@$(BIN)/python -m demo

test: setup     ## all tests that this machine can run; names each peer that is missing
	@$(BIN)/python -m pytest

check: setup    ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: setup    ## every benchmark that this machine can run
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

lock:           ## resolve pyproject.toml into requirements.lock (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-header pyproject.toml -o requirements.lock

clean:          ## remove what make made
	rm -rf $(VENV) .cache build dist
