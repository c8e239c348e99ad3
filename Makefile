# One place for every command. `make` alone lists them.
SUPPORTED := import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do $$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
STAMP := $(VENV)/.installed

.PHONY: help setup demo test check lock clean bench
help:           ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

setup: $(STAMP) ## make .venv with everything in it (locked versions)

$(STAMP): $(VENV)/.packages pyproject.toml
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.packages: requirements.lock
	@$(or $(PYTHON),false) -c '$(SUPPORTED)' 2>/dev/null || { echo "Clearline needs Python 3.11 or 3.12 with its venv module (the SIP library has wheels for these two). Install it (Debian, Ubuntu: python3 and python3-venv), or name one: make setup PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up .venv (the first time takes a few minutes: about 600 MB of packages)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes --progress-bar on -r requirements.lock
	@touch $@

demo: setup     ## ring the line, talk to an agent, see the call scored (no phone needed)
	@$(BIN)/python -m demo

test: setup     ## all tests that this machine can run; names each peer that is missing
	@$(BIN)/python -m pytest $(ARGS)

check: setup    ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

BENCHES := line many_calls silent_target fuzz kills soak_calls analysis prompts live flow flow_tests spoken judgement conflict spoken_conflict conditions exchange judging soak channels diarization excerpts third_voice
bench: setup    ## the benchmarks that docs/benchmarks.md prints (hours; the line's needs SIPp)
	@for b in $(BENCHES); do echo "== $$b"; $(BIN)/python -m benchmarks.$$b || exit 1; done

lock:           ## resolve pyproject.toml into requirements.lock (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-header pyproject.toml -o requirements.lock

clean:          ## remove what make made
	rm -rf $(VENV) .cache build dist
