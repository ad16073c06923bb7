# Two commands do everything a new user needs: `make brief` (the main job) and `make test`.
# A fresh Debian 12 with git, make and python3 (venv, pip) is enough; nothing is installed outside .venv.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export SIXPARTY_HOME ?= $(CURDIR)/.sixparty
# processes side by side would each start as many threads of linear algebra as there are cores, and wait for each other
export OPENBLAS_NUM_THREADS ?= 1
PIP_COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help brief test test-slow test-browser check check-package check-anchors rivals check-rivals reference benchmarks wheelhouse
.PHONY: lock clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

brief: .venv/.run ## Make the weekly brief into out/ (the main job)
	$(BIN)/sixparty brief --out out

test: .venv/.dev ## Run the everyday tests
	$(BIN)/python -m pytest -q -n 2 --dist loadscope -m "not slow"

test-slow: .venv/.dev ## Run the long statistical tests
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m slow

test-browser: .venv/.run .venv/.browser ## Read the pages in a real browser: Debian's chromium and fonts-noto-cjk, from apt
	.venv/browser/bin/python -m pytest -q -c tests/browser/pytest.ini tests/browser

check: .venv/.dev ## Check format, lint, types and that generated pages are fresh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sixparty data validate
	$(BIN)/python docs/make_reference.py --check

check-package: .venv/.frictionless ## Check the data package with the public validator, in an environment of its own
	.venv/frictionless/bin/frictionless validate src/sixparty/data/datapackage.json

check-anchors: .venv/.dev .venv/.tick ## Check the exact likelihood against tick, in an environment of its own
	$(BIN)/python -m pytest -q tests/replication/test_hawkes_tick.py

rivals: .venv/.rivals ## Install the optional rivals of the backtest, in an environment of its own: .venv/rivals

check-rivals: .venv/.rivals ## Test the optional rivals with their libraries
	.venv/rivals/bin/python -m pytest -q -k optional tests/unit/forecast/test_optional_rivals.py tests/unit/service

reference: .venv/.dev ## Write the generated pages and the data package's passport anew
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/make_completeness.py
	$(BIN)/python docs/make_second_coding.py
	$(BIN)/python docs/make_ledger.py
	$(BIN)/python docs/make_model_checks.py
	$(BIN)/python docs/make_evidence.py --run
	$(BIN)/python docs/make_schemas.py

benchmarks: .venv/.dev ## Time the jobs that have a budget
	$(BIN)/python benchmarks/run_all.py

wheelhouse: .venv/.bootstrap ## Gather all that installs without a network into wheelhouse/
	rm -rf wheelhouse
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
		-r requirements/run.txt -d wheelhouse
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w wheelhouse .
	cp requirements/run.txt wheelhouse/requirements.txt
	cd wheelhouse && sha256sum *.whl requirements.txt > SHA256SUMS

lock: .venv/.bootstrap ## Choose versions anew and pin them with hashes
	cd requirements && for name in bootstrap run dev frictionless tick rivals browser; do ../$(PIP_COMPILE) $$name.in -o $$name.txt; done

clean: ## Remove what was made
	rm -rf .venv out wheelhouse .sixparty .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/.bootstrap: requirements/bootstrap.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	touch $@

.venv/.run: .venv/.bootstrap requirements/run.txt pyproject.toml
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	touch $@

.venv/.frictionless: .venv/.bootstrap requirements/frictionless.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/frictionless
	$(BIN)/uv pip install --quiet --python .venv/frictionless/bin/python --require-hashes -r requirements/frictionless.txt
	touch $@

.venv/.tick: .venv/.bootstrap requirements/tick.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/tick
	$(BIN)/uv pip install --quiet --python .venv/tick/bin/python --require-hashes -r requirements/tick.txt
	touch $@

.venv/.rivals: .venv/.dev requirements/rivals.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/rivals
	$(BIN)/uv pip install --quiet --compile-bytecode --python .venv/rivals/bin/python --require-hashes \
		-r requirements/bootstrap.txt -r requirements/run.txt -r requirements/dev.txt -r requirements/rivals.txt
	$(BIN)/uv pip install --quiet --python .venv/rivals/bin/python --no-deps --no-build-isolation -e .
	touch $@

.venv/.browser: .venv/.bootstrap requirements/browser.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/browser
	$(BIN)/uv pip install --quiet --compile-bytecode --python .venv/browser/bin/python --require-hashes -r requirements/browser.txt
	touch $@
