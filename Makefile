# Two commands matter: `make run` and `make test`. Each sets up what it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := tests/peers/node_modules/.ready

.PHONY: run test chaos bench browser peers lint lock clean

run: $(VENV)/.ready
	@$(BIN)/levelhead run

test: $(VENV)/.ready-test
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache
	@echo "LEFT OUT: real parts that Python's package index does not carry (a browser, a Redis of Debian's where there is"
	@echo "none, aimock, Bluesky's network). 'make peers' tries them, and says what it needs."
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser"

chaos: $(VENV)/.ready-test
	@LEVELHEAD_CHAOS_KILLS=200 $(BIN)/python -m pytest -m chaos --timeout 1800

bench: $(VENV)/.ready-test
	@$(BIN)/python -m bench

browser: $(VENV)/.ready-browser $(PEERS)
	@LEVELHEAD_PEERS=required $(BIN)/python -m pytest -m browser

# The real parts that Python's package index does not carry: Debian's redis-server, Chromium, and from npm a model's
# server, Bluesky's own network, a test client of Teams, and the judges of what Slack and Teams are sent.
peers: $(VENV)/.ready-browser $(PEERS)
	@LEVELHEAD_PEERS=required $(BIN)/python -m pytest -m peer
	@LEVELHEAD_PEERS=required $(BIN)/python -m pytest -m browser

lint: $(VENV)/.ready-types
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pyright

lock: $(VENV)/.ready-test
	@sh .ci/lock

clean:
	rm -rf $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Levelhead needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1). Try: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up (once): a Python environment in $(VENV), about a minute."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready requirements-test.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

$(VENV)/.ready-browser: $(VENV)/.ready-test requirements-browser.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.lock
	@touch $@

$(PEERS): tests/peers/package-lock.json tests/peers/install.sh
	@echo "Setting up (once): what npm carries of the peers, about two minutes."
	@sh tests/peers/install.sh

$(VENV)/.ready-types: $(VENV)/.ready-test requirements-types.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-types.lock
	@touch $@
