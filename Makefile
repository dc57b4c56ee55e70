# Start with `make demo` and `make test`. `make help` lists all targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
READY  := $(VENV)/.ready
COMPILED := $(VENV)/.compiled
KIT    := contract_kit
BENCH  := .build/bench
EXPORT := .build/export
EXPORT_TESTS := contract_tests/tests/export/with_extras
BROWSER := .build/browser
DOCS   := .build/docs
SITE   := .build/site/index.html
OF_SITE := $(shell find *.md openapi.yaml zensical.toml docs benchmarks examples overlay generated \
	contract_tests/bluejay_contract contract_kit -type f -not -name '*.pyc' -not -path '*/tests/*')
LEAGUE := .build/league
CORPUS := .build/corpus
TOOLS  := .build/tools
TOOL_TESTS := $(KIT)/tests/with_tools

# Images often set this variable. With it, every process that a test starts would compile this tree again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint types check-generated public-surface suite coverage test-export test-kit test-node test-tools test-browser docs test-docs mutants findings faults contract-diff upstream upstream-accept contract-live mutate planted fuzz oracle simulate generate bench bench-check hostile league corpus bench-lock export-lock browser-lock docs-lock league-lock corpus-lock tools-lock lock audit sbom test-install test-versions test-extras dist release clean

help: ## List the targets.
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1@\2/p' $(MAKEFILE_LIST) | column -t -s '@'

demo: $(READY) ## Wait until a run of the embedded stub has settled, and decide whether to ship.
	@$(BIN)/python -m bluejay_contract.demo

test: $(READY) ## Run every check that needs only Python; CI also runs the other test targets.
	@$(MAKE) --no-print-directory --output-sync=target -j2 lint types check-generated $(COMPILED) # two at a time
	@$(MAKE) --no-print-directory suite
	@echo "The tests in browsers and of Node.js were left out. To run them: make test-browser test-docs test-node"

test-browser: $(READY) $(BROWSER)/.ready ## Test the pages of both reports in Debian's Chromium.
	@command -v chromium >/dev/null || { echo "Chromium is needed: apt-get install chromium" >&2; exit 1; }
	@$(BIN)/python -m contract_tests.tests.report.pages $(BROWSER)/pages
	@$(BIN)/python -m contract_kit.tests.html_pages $(BROWSER)/pages/kit
	@REPORT_PAGES=$(BROWSER)/pages $(BROWSER)/bin/python -m pytest -q -c /dev/null \
		--rootdir contract_tests/browser -p no:cacheprovider -n 2 contract_tests/browser/test_report.py

docs: $(SITE) ## Build the docs site into .build/site; fail on a warning.

test-docs: $(SITE) $(BROWSER)/.ready ## Test every page of the docs site in Debian's Chromium.
	@command -v chromium >/dev/null || { echo "Chromium is needed: apt-get install chromium" >&2; exit 1; }
	@$(BROWSER)/bin/python -m pytest -q -c /dev/null --rootdir contract_tests/browser -p no:cacheprovider \
		contract_tests/browser/test_site.py

lint: $(READY) ## Lint the code and the workflows, and check the format; write nothing.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/zizmor --offline --quiet --persona pedantic --strict-collection action.yml $(KIT)/action.yml .github/workflows

types: $(READY) ## Type-check with mypy, and examples of users' code with pyright too.
	$(BIN)/mypy
	$(BIN)/basedpyright -p contract_tests/tests/typing

check-generated: $(READY) ## Fail if generated/ is not up to date with openapi.yaml; write nothing.
	@$(BIN)/python codegen/generate.py --check

public-surface: $(READY) ## Write the public names and their parameters to public_surface.txt; review the difference.
	@$(BIN)/python -m contract_tests.tests.structure.surface

suite: $(READY) $(COMPILED) ## Run the contract suite.
	$(BIN)/pytest -n 3 --dist worksteal # three workers, because many tests wait

coverage: $(READY) ## Measure the branches that the suite reaches; fail below the minimum in pyproject.toml.
	@rm -f .build/coverage/data*
	-@$(BIN)/coverage run -m pytest -q -n 2 # tests of memory may fail while every line is traced
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

test-export: $(EXPORT)/.ready ## Test the export with pyarrow, Dask and the libraries that read it.
	$(EXPORT)/bin/pytest -n 2 $(EXPORT_TESTS)

test-node: $(CORPUS)/.ready ## Test the contract kit's worker for Node.js, 20 or newer, and the judge of the corpus.
	@command -v node >/dev/null || { echo "Node.js is needed: apt-get install nodejs" >&2; exit 1; }
	$(BIN)/pytest $(KIT)/tests/with_node contract_tests/tests/benchmarks/with_node

test-kit: $(READY) ## Run the contract kit's tests in a fresh environment of the kit alone.
	@rm -rf .build/kit && $(PYTHON) -m venv .build/kit
	@$(BIN)/uv pip install --quiet --python .build/kit/bin/python --constraint requirements.lock ./$(KIT) \
		--group $(KIT)/pyproject.toml:test
	.build/kit/bin/python -m pytest -q -n 2 $(KIT)/tests

test-tools: $(TOOLS)/.ready $(BROWSER)/.ready ## Test the kit's exports in MSW, and generated clients; needs the network.
	@command -v node >/dev/null || { echo "Node.js is needed: apt-get install nodejs" >&2; exit 1; }
	@command -v chromium >/dev/null || { echo "Chromium is needed: apt-get install chromium" >&2; exit 1; }
	$(BIN)/pytest $(TOOL_TESTS) contract_tests/tests/benchmarks/with_tools

mutants: $(READY) ## Serve every mutant of the contract to our client; fail if it has more than its documented limits.
	@$(BIN)/contract-kit test openapi.yaml --client contract_tests.tests.conformance.our_client:call \
		--refuses bluejay_results:BluejayError --baseline contract_tests/tests/conformance/client_limits.json

findings: $(READY) ## Write the texts that the tests expect of commands, pages, rules and errors; review the difference.
	@$(BIN)/python -m contract_tests.tests.golden
	@$(BIN)/python -m contract_tests.tests.golden.harness
	@$(BIN)/python -m contract_tests.tests.ci.calls
	@$(BIN)/python -m contract_tests.tests.ci.jobs
	@$(BIN)/python -m contract_tests.tests.ci.kit_jobs
	@$(BIN)/python -m contract_tests.tests.knobs.command_line
	@$(BIN)/python -m contract_tests.tests.cli.endings
	@$(BIN)/python -m contract_tests.tests.conformance.limits
	@$(BIN)/python -m contract_kit.tests.derive
	@$(BIN)/python -m contract_kit.tests.golden
	@$(BIN)/python -m contract_kit.tests.matrices
	@! command -v node >/dev/null || $(BIN)/python -m contract_kit.tests.with_node

faults: $(READY) ## Play faults of servers, networks and proxies, and write how each call ended; review the difference.
	@$(BIN)/python -m contract_tests.tests.faults

mutate: SAMPLE = 500
mutate: SEED = 1
mutate: $(READY) $(EXPORT)/.ready ## Try SAMPLE=500 random changes of our own code, chosen by SEED=1; print the share that tests find.
	@$(BIN)/python -m contract_tests.mutation.mutate --sample $(SAMPLE) --seed $(SEED)

planted: $(READY) ## Plant each bug in contract_tests/mutation/bugs/ and check that a test finds it. For some bugs: BUGS="004 017".
	@$(BIN)/python -m contract_tests.mutation.planted $(BUGS)

fuzz: $(READY) ## Give 25,000 hostile bodies to the decoder and the commands.
	HYPOTHESIS_PROFILE=deep $(BIN)/pytest -o faulthandler_timeout=0 contract_tests/tests/fuzz

oracle: SEED = $(shell date +%F)-
oracle: $(READY) ## Compare the product with the oracle on 400 random runs that are new each day.
	ORACLE_SEED=$(SEED) $(BIN)/pytest -n 2 contract_tests/tests/oracle/test_agreement.py -k random_runs

simulate: REPEATS = 1000
simulate: $(READY) ## Check the 95 % intervals in simulated runs; write benchmarks/STATISTICS.md.
	@$(BIN)/python -m benchmarks.simulate --repeats $(REPEATS)

contract-live: $(READY) ## Check a live service with 6 reads: BLUEJAY_API_KEY=... make contract-live RUN=48213
	@test -n "$(RUN)" || { echo "Name a run: make contract-live RUN=48213" >&2; exit 1; }
	@$(BIN)/bluejay-contract live -- "$(RUN)"

contract-diff: $(READY) ## Show changes of openapi.yaml that break our client: make contract-diff BASE=main
	@test -n "$(BASE)" || { echo "Name a commit: make contract-diff BASE=main" >&2; exit 1; }
	@mkdir -p .build
	@git show "$(BASE):openapi.yaml" > .build/openapi.base.yaml
	@$(BIN)/contract-kit diff .build/openapi.base.yaml openapi.yaml \
		--client contract_tests.tests.conformance.our_client:call --refuses bluejay_results:BluejayError

upstream: $(READY) ## List what is new in upstream's document or SDK (a wheel): make upstream FILE=openapi.json
	@test -n "$(FILE)" || { echo "Name a file: make upstream FILE=openapi.json" >&2; exit 1; }
	@$(BIN)/python -m contract_tests.upstream check "$(FILE)"

upstream-accept: $(READY) ## Commit the facts in upstream's document or SDK as accepted: make upstream-accept FILE=openapi.json
	@test -n "$(FILE)" || { echo "Name a file: make upstream-accept FILE=openapi.json" >&2; exit 1; }
	@$(BIN)/python -m contract_tests.upstream accept "$(FILE)"

generate: $(READY) ## Write generated/ from openapi.yaml.
	@$(BIN)/python codegen/generate.py

bench: $(BENCH)/.ready ## Compare our client with others and write benchmarks/RESULTS.md; takes minutes on a quiet machine.
	@$(BENCH_ONCE)
	@$(BENCH)/bin/python -m benchmarks

bench-check: $(BENCH)/.ready ## Measure again; fail if a ratio is over 10 % worse than in benchmarks/results.json.
	@$(BENCH_ONCE)
	@$(BENCH)/bin/python -m benchmarks --check

hostile: $(READY) ## Measure commands with hostile bodies of 7 MB; write benchmarks/HOSTILE.md. For one shape: ONLY="a long text".
	@$(BIN)/python -m benchmarks.hostile $(if $(ONLY),"$(ONLY)")

league: $(LEAGUE)/.ready $(CORPUS)/.ready ## Measure what generated clients do with broken responses; write benchmarks/LEAGUE.md. For one client: ONLY=orval-zod.
	@$(BIN)/python -m benchmarks.league $(ONLY)

corpus: $(CORPUS)/.ready ## Derive mutants from 2,639 public documents; write benchmarks/CORPUS.md. For a tenth: TENTH=3.
	@$(BIN)/python -m benchmarks.corpus $(TENTH:%=--tenth %) $(ONLY)

bench-lock: $(READY) ## Resolve the packages of `make bench` again, into benchmarks/requirements.lock.
	$(BIN)/uv pip compile benchmarks/requirements.in pyproject.toml --extra contract --constraint requirements.lock \
		--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --no-emit-package contract-kit --quiet --upgrade \
		--output-file benchmarks/requirements.lock

export-lock: $(READY) ## Resolve the packages of `make test-export` again, into its requirements.lock.
	$(BIN)/uv pip compile $(EXPORT_TESTS)/requirements.in pyproject.toml --extra contract --extra dask \
		--constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --no-emit-index-url --no-emit-find-links --no-emit-package contract-kit --quiet --upgrade \
		--output-file $(EXPORT_TESTS)/requirements.lock

browser-lock: $(READY) ## Resolve the packages of the browser tests again, into their requirements.lock.
	$(BIN)/uv pip compile contract_tests/browser/requirements.in --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet --upgrade \
		--output-file contract_tests/browser/requirements.lock

docs-lock: $(READY) ## Resolve the packages of `make docs` again, into its requirements.lock.
	$(BIN)/uv pip compile docs/site/requirements.in --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--fork-strategy fewest --quiet --upgrade \
		--output-file docs/site/requirements.lock

league-lock: $(READY) ## Resolve the packages of `make league` again, into its two locks.
	$(BIN)/uv pip compile benchmarks/league/requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet --upgrade \
		--output-file benchmarks/league/requirements.lock
	cd benchmarks/league/node && npm install --package-lock-only --omit-lockfile-registry-resolved \
		--ignore-scripts --no-audit --no-fund

corpus-lock: $(READY) ## Resolve the package of `make corpus` again, into its lock.
	cd benchmarks/corpus/node && npm install --package-lock-only --omit-lockfile-registry-resolved \
		--ignore-scripts --no-audit --no-fund

tools-lock: $(READY) ## Resolve the packages of `make test-tools` again, into its lock.
	cd $(TOOL_TESTS)/node && npm install --package-lock-only --omit-lockfile-registry-resolved \
		--ignore-scripts --no-audit --no-fund

# The extras export and dask are in the lock of `make test-export`, because the plain suite needs neither.
lock: $(READY) ## Resolve the dependencies again, into requirements.lock and the locks of both actions.
	$(BIN)/uv pip compile pyproject.toml --extra contract --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--fork-strategy fewest --no-emit-package contract-kit --quiet --upgrade --output-file requirements.lock
	@rm -f action-requirements.lock $(KIT)/action-requirements.lock # the actions get the versions of the other lock
	$(BIN)/uv pip compile pyproject.toml --extra cli --extra report --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --quiet --output-file action-requirements.lock
	echo hatchling | $(BIN)/uv pip compile - $(KIT)/pyproject.toml --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --quiet --output-file $(KIT)/action-requirements.lock

audit: $(READY) ## Ask an advisory database about every package in the lock; needs the network.
	@$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict --progress-spinner off

sbom: $(READY) ## Write this package's runtime dependencies to .build/sbom.cdx.json, in CycloneDX.
	@mkdir -p .build
	@$(BIN)/python -m contract_tests.tests.supply_chain.sbom > .build/sbom.cdx.json

test-versions: $(READY) ## Use every command with the lowest and newest allowed dependencies and on each installed Python; needs the network.
	@contract_tests/tests/supply_chain/versions.sh

test-install: $(READY) ## Install both wheels with the newest allowed dependencies and use every command; needs the network.
	@$(BIN)/python -m contract_tests.tests.supply_chain.installed highest

test-extras: $(READY) ## Install each extra alone from a wheel and use it; needs the network.
	@contract_tests/tests/supply_chain/extras.sh

dist: $(READY) ## Build the wheels and source distributions of both packages twice in dist/; compare and check them.
	@rm -rf dist .build/dist
	@for place in . $(KIT); do for target in dist .build/dist; do \
		(cd $$place && $(CURDIR)/$(BIN)/python -m hatchling build --directory $(CURDIR)/$$target > /dev/null) || exit; \
	done; done
	@diff --recursive --brief .build/dist dist
	@$(BIN)/twine check --strict dist/*
	@sha256sum dist/*

release: $(READY) ## Check and build a release, but don't upload it: see docs/releasing.md.
	@test -z "$$(git status --porcelain)" || { echo "Some files are changed or new. Commit or remove them." >&2; exit 1; }
	@version=$$($(BIN)/python -c 'import bluejay_results; print(bluejay_results.__version__)'); \
		grep -qF "## [$$version]" CHANGELOG.md || { echo "CHANGELOG.md has no section [$$version]." >&2; exit 1; }
	@$(MAKE) test test-export test-kit test-browser test-docs test-versions test-extras audit sbom dist

clean: ## Remove the environment and every cache.
	rm -rf $(VENV) .build .cache dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# The benchmarks use the packages as users have them: installed from wheels.
BENCH_ONCE := $(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
	--no-build-isolation --force-reinstall ./$(KIT) .

$(BENCH)/.ready: benchmarks/requirements.lock
	$(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Without npm, the report says which clients are missing.
$(LEAGUE)/.ready: benchmarks/league/requirements.lock benchmarks/league/node/package-lock.json | $(READY)
	$(PYTHON) -m venv --clear $(LEAGUE)/env
	$(BIN)/uv pip install --quiet --python $(LEAGUE)/env/bin/python --require-hashes -r $<
	@cp benchmarks/league/node/package*.json $(LEAGUE)
	-cd $(LEAGUE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

$(CORPUS)/.ready: benchmarks/corpus/node/package-lock.json | $(READY)
	@mkdir -p $(CORPUS)
	@cp benchmarks/corpus/node/package*.json $(CORPUS)
	cd $(CORPUS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

$(TOOLS)/.ready: $(TOOL_TESTS)/node/package-lock.json | $(READY)
	@command -v npm >/dev/null || { echo "npm is needed: apt-get install npm" >&2; exit 1; }
	@mkdir -p $(TOOLS)
	@cp $(TOOL_TESTS)/node/package*.json $(TOOLS)
	cd $(TOOLS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

$(EXPORT)/.ready: $(EXPORT_TESTS)/requirements.lock pyproject.toml $(KIT)/pyproject.toml | $(READY)
	$(PYTHON) -m venv --clear $(EXPORT)
	$(BIN)/uv pip install --quiet --python $(EXPORT)/bin/python --require-hashes -r $<
	@$(EXPORT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--editable $(KIT) --editable .
	@touch $@

$(BROWSER)/.ready: contract_tests/browser/requirements.lock | $(READY)
	$(PYTHON) -m venv --clear $(BROWSER)
	$(BIN)/uv pip install --quiet --python $(BROWSER)/bin/python --require-hashes -r $<
	@touch $@

$(SITE): $(OF_SITE) $(DOCS)/.ready
	@$(BIN)/python docs/site/stage.py .build/pages
	@$(DOCS)/bin/zensical build --strict --clean
	@touch $@

$(DOCS)/.ready: docs/site/requirements.lock | $(READY)
	$(PYTHON) -m venv --clear $(DOCS)
	$(BIN)/uv pip install --quiet --python $(DOCS)/bin/python --require-hashes -r $<
	@touch $@

# Compile first: otherwise, each worker of the suite would compile every package and test in a new environment.
$(COMPILED): $(READY)
	-@$(BIN)/pytest --collect-only -qq >/dev/null
	@touch $@

# A changed lock or pyproject.toml needs a new environment, so that no leftover package hides a missing dependency.
$(READY): requirements.lock pyproject.toml $(KIT)/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	$(PIP) --require-hashes -r $(VENV)/uv.lock
	@# uv takes a fifth of pip's time, but doesn't read pip's settings, which may name another index.
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock \
		|| $(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable $(KIT) --editable .
	@touch $@
