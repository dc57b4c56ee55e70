# `make demo` and `make test` do everything; `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
READY  := $(VENV)/.ready
COMPILED := $(VENV)/.compiled
GUIDE  := .build/fuzz
BENCH  := .build/bench
EXPORT := .build/export
EXPORT_TESTS := contract_tests/tests/export/with_extras
BROWSER := .build/browser
DOCS   := .build/docs
SITE   := .build/site/index.html
OF_SITE := $(shell find *.md openapi.yaml zensical.toml docs benchmarks examples overlay generated \
	contract_tests/bluejay_contract contract_tests/contract_kit -type f -not -name '*.pyc')
LEAGUE := .build/league

# Images often set it. Every process that a test starts would compile this tree again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint types check-generated public-surface suite coverage test-httpx2 test-export test-node test-browser docs test-docs mutants findings faults contract-diff contract-live mutate fuzz simulate soak load generate bench bench-check peers league bench-lock export-lock browser-lock docs-lock league-lock lock audit licences sbom test-versions test-extras dist release clean

help: ## List the targets.
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1@\2/p' $(MAKEFILE_LIST) | column -t -s '@'

demo: $(READY) ## Wait until a run of the embedded stub has settled, and decide whether to ship.
	@$(BIN)/python -m bluejay_contract.demo

test: $(READY) ## Everything that needs only Python; CI also runs the other test targets.
	@$(MAKE) --no-print-directory --output-sync=target -j2 lint types check-generated $(COMPILED) # on a core each
	@$(MAKE) --no-print-directory suite
	@echo "The tests in browsers and of Node.js were left out. To run them: make test-browser test-docs test-node"

test-browser: $(READY) $(BROWSER)/.ready ## Open the report's pages in Debian's Chromium.
	@command -v chromium >/dev/null || { echo "Chromium is needed: apt-get install chromium" >&2; exit 1; }
	@$(BIN)/python -m contract_tests.tests.report.pages $(BROWSER)/pages
	@REPORT_PAGES=$(BROWSER)/pages $(BROWSER)/bin/python -m pytest -q -c /dev/null \
		--rootdir contract_tests/browser -p no:cacheprovider contract_tests/browser/test_report.py

docs: $(SITE) ## Build the docs site into .build/site; fail on a warning.

test-docs: $(SITE) $(BROWSER)/.ready ## Open every page of the docs site in Debian's Chromium.
	@command -v chromium >/dev/null || { echo "Chromium is needed: apt-get install chromium" >&2; exit 1; }
	@$(BROWSER)/bin/python -m pytest -q -c /dev/null --rootdir contract_tests/browser -p no:cacheprovider \
		contract_tests/browser/test_site.py

lint: $(READY) ## Lint, also the workflows, and check the format; writes nothing.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/zizmor --offline --quiet --persona pedantic --strict-collection action.yml .github/workflows

types: $(READY) ## Type-check strictly, and what users write by pyright too.
	$(BIN)/mypy
	$(BIN)/basedpyright -p contract_tests/tests/typing

check-generated: $(READY) ## Fail if generated/ is not what openapi.yaml generates; writes nothing.
	@$(BIN)/python codegen/generate.py --check

public-surface: $(READY) ## Write what users import, with parameters, into the tests; read what has changed.
	@$(BIN)/python -m contract_tests.tests.structure.surface

suite: $(READY) $(COMPILED) ## Run the contract suite.
	$(BIN)/pytest -n 3 --dist worksteal # many tests wait: two workers leave cores idle

test-httpx2: $(READY) ## Run the tests of faults, secrets and clients with clients of httpx2 passed in.
	PASS_CLIENTS_OF=httpx2 $(BIN)/pytest -n 2 $(addprefix contract_tests/tests/,faults secrets overlay)

coverage: $(READY) ## Measure the branches that the suite reaches; fail below the minimum in pyproject.toml.
	@rm -f .build/coverage/data*
	-@$(BIN)/coverage run -m pytest -q -n 2 # tests of memory may fail while every line is traced
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

test-export: $(EXPORT)/.ready ## Test the export with pyarrow, S3, Dask and the libraries that read it.
	$(EXPORT)/bin/pytest -n 2 $(EXPORT_TESTS)

test-node: $(READY) ## Test the contract kit's worker for Node.js, 20 or newer.
	@command -v node >/dev/null || { echo "Node.js is needed: apt-get install nodejs" >&2; exit 1; }
	$(BIN)/pytest contract_tests/tests/kit/with_node

mutants: $(READY) ## Serve every mutant of the contract, judge it, and write .build/ and CONTRACT.md.
	@$(BIN)/python -m bluejay_contract.kill_report --report CONTRACT.md

findings: $(READY) ## Write the texts that the tests expect of rules, mutants and pages; read what has changed.
	@$(BIN)/python -m contract_tests.tests.harness.findings
	@$(BIN)/python -m contract_tests.tests.harness.test_small_matrix
	@$(BIN)/python -m contract_tests.tests.cli.test_outputs
	@$(BIN)/python -m contract_tests.tests.cli.test_terminal_text
	@$(BIN)/python -m contract_tests.tests.kit.test_breaking
	@$(BIN)/python -m contract_tests.tests.report.test_page_text

faults: $(READY) ## Meet every fault of server, network and proxy that we know, and print what became of it.
	@$(BIN)/python -m contract_tests.tests.faults

mutate: MINUTES = 20
mutate: $(READY) ## Mutate our own code and see its tests fail, for MINUTES=20; goes on where the last run ended.
	@$(BIN)/python contract_tests/mutation/mutate.py --minutes $(MINUTES) $(ONLY)

fuzz: SECONDS = 60
fuzz: $(GUIDE)/atheris ## Give hostile bodies to decoder and commands for SECONDS=60, BODIES=1000000 at most.
	@PYTHONPATH=$(GUIDE) $(BIN)/python -m contract_tests.tests.fuzz --seconds $(SECONDS) $(BODIES:%=--bodies %)

# Where there is none for this platform or Python, the fuzzer says so and goes on without a guide.
$(GUIDE)/atheris: contract_tests/tests/fuzz/requirements.txt $(READY)
	@rm -rf $(GUIDE)
	-@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		--only-binary :all: --target $(GUIDE) -r $<

simulate: REPEATS = 1000
simulate: $(READY) ## Prove gate's and compare's statistics on runs whose truth is known; writes benchmarks/STATISTICS.md.
	@$(BIN)/python -m contract_tests.tests.statistics --repeats $(REPEATS)

soak: MINUTES = 20
soak: $(READY) ## Wait and read for MINUTES=20 against a stub that flaps; fail where memory or handles grow.
	@$(BIN)/python -m contract_tests.tests.endurance --minutes $(MINUTES)

load: SECONDS = 5
load: $(READY) ## Measure for SECONDS=5 how many requests a second the stub holds; fail below 1,000.
	@$(BIN)/python -m contract_tests.tests.endurance.load --seconds $(SECONDS)

contract-live: $(READY) ## Check a live service, 5 reads: BLUEJAY_API_KEY=... make contract-live RUN=48213
	@test -n "$(RUN)" || { echo "Name a run: make contract-live RUN=48213" >&2; exit 1; }
	@$(BIN)/bluejay-contract live -- "$(RUN)"

contract-diff: $(READY) ## Show changes of openapi.yaml that break our client: make contract-diff BASE=main
	@test -n "$(BASE)" || { echo "Name a commit: make contract-diff BASE=main" >&2; exit 1; }
	@mkdir -p .build
	@git show "$(BASE):openapi.yaml" > .build/openapi.base.yaml
	@$(BIN)/contract-kit diff .build/openapi.base.yaml openapi.yaml \
		--client contract_tests.tests.conformance.our_client:call --refuses bluejay_results:BluejayError

generate: $(READY) ## Write generated/ from openapi.yaml.
	@$(BIN)/python codegen/generate.py

bench: $(BENCH)/.ready ## Measure ours beside the others and write benchmarks/RESULTS.md; in minutes, on a quiet machine.
	@$(BENCH_ONCE)
	@$(BENCH)/bin/python -m benchmarks

bench-check: $(BENCH)/.ready ## Measure again and fail on a ratio over 10 % worse than in benchmarks/results.json.
	@$(BENCH_ONCE)
	@$(BENCH)/bin/python -m benchmarks --check

peers: $(BENCH)/.ready ## Serve the mutants of our contract to other clients too and write benchmarks/PEERS.md.
	@$(BENCH_ONCE)
	@$(BENCH)/bin/python -m benchmarks.peers

league: $(LEAGUE)/.ready ## Measure what generated clients believe and write benchmarks/LEAGUE.md; one client: ONLY=orval-zod.
	@$(BIN)/python -m benchmarks.league $(ONLY)

bench-lock: $(READY) ## Resolve what benchmarks need anew into benchmarks/requirements.lock.
	$(BIN)/uv pip compile benchmarks/requirements.in pyproject.toml --extra contract --constraint requirements.lock \
		--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --quiet --upgrade --output-file benchmarks/requirements.lock

export-lock: $(READY) ## Resolve what `make test-export` needs anew into its requirements.lock.
	$(BIN)/uv pip compile $(EXPORT_TESTS)/requirements.in pyproject.toml --extra contract --extra dask \
		--constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --no-emit-index-url --no-emit-find-links --quiet --upgrade \
		--output-file $(EXPORT_TESTS)/requirements.lock

browser-lock: $(READY) ## Resolve what the browser tests need anew into their lock.
	$(BIN)/uv pip compile contract_tests/browser/requirements.in --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet --upgrade \
		--output-file contract_tests/browser/requirements.lock

docs-lock: $(READY) ## Resolve what `make docs` needs anew into its requirements.lock.
	$(BIN)/uv pip compile docs/site/requirements.in --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--fork-strategy fewest --quiet --upgrade \
		--output-file docs/site/requirements.lock

league-lock: $(READY) ## Resolve what the generators of `make league` need anew into their two locks.
	$(BIN)/uv pip compile benchmarks/league/requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet --upgrade \
		--output-file benchmarks/league/requirements.lock
	cd benchmarks/league/node && npm install --package-lock-only --omit-lockfile-registry-resolved \
		--ignore-scripts --no-audit --no-fund

# The extras export and dask are in the lock of `make test-export`: the plain suite installs neither.
lock: $(READY) ## Resolve the dependencies anew into requirements.lock and action-requirements.lock.
	$(BIN)/uv pip compile pyproject.toml --extra contract --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--fork-strategy fewest --quiet --upgrade --output-file requirements.lock
	@rm -f action-requirements.lock # the action's versions are those of the other lock
	$(BIN)/uv pip compile pyproject.toml --extra cli --extra report --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --quiet --output-file action-requirements.lock

audit: $(READY) ## Ask an advisory database about every package in the lock; needs the network.
	@$(BIN)/python -m contract_tests.tests.supply_chain.audit

licences: $(READY) ## List the licence of every dependency; fail on one that pyproject.toml doesn't allow.
	@$(BIN)/python -m contract_tests.tests.supply_chain.licences

sbom: $(READY) ## Write .build/sbom.cdx.json: what runs with this package, in CycloneDX.
	@$(BIN)/python -m contract_tests.tests.supply_chain.sbom

test-versions: $(READY) ## Run a short suite on the lowest and newest versions declared and on each Python here; in minutes.
	@$(BIN)/python -m contract_tests.tests.supply_chain.versions

test-extras: $(READY) ## Install each extra alone from a wheel and do its main job; needs the network.
	@$(BIN)/python -m contract_tests.tests.supply_chain.extras

dist: $(READY) ## Build the wheel and the source distribution into dist/, twice, and compare and check them.
	@$(BIN)/python -m contract_tests.tests.supply_chain.dist

release: $(READY) ## Check everything that a release needs and build it, up to the upload: docs/releasing.md.
	@$(BIN)/python -m contract_tests.tests.supply_chain.dist --before-release
	@$(MAKE) test test-httpx2 test-export test-browser test-docs test-versions test-extras audit licences sbom dist

clean: ## Remove the environment and every cache.
	rm -rf $(VENV) .build .cache dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# As users have it: from a wheel of this tree.
BENCH_ONCE := $(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
	--no-build-isolation --force-reinstall .

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

$(EXPORT)/.ready: $(EXPORT_TESTS)/requirements.lock pyproject.toml | $(READY)
	$(PYTHON) -m venv --clear $(EXPORT)
	$(BIN)/uv pip install --quiet --python $(EXPORT)/bin/python --require-hashes -r $<
	@$(EXPORT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BROWSER)/.ready: contract_tests/browser/requirements.lock | $(READY)
	$(PYTHON) -m venv --clear $(BROWSER)
	$(BIN)/uv pip install --quiet --python $(BROWSER)/bin/python --require-hashes -r $<
	@touch $@

$(SITE): $(OF_SITE) $(DOCS)/.ready
	@$(DOCS)/bin/python docs/site/stage.py .build/pages
	@$(DOCS)/bin/zensical build --strict --clean
	@touch $@

$(DOCS)/.ready: docs/site/requirements.lock | $(READY)
	$(PYTHON) -m venv --clear $(DOCS)
	$(BIN)/uv pip install --quiet --python $(DOCS)/bin/python --require-hashes -r $<
	@touch $@

# In a new environment, each worker of the suite would compile every package and every test.
$(COMPILED): $(READY)
	-@$(BIN)/pytest --collect-only -qq >/dev/null
	@touch $@

# A lock or metadata that changed means a new environment: leftovers must not pass for what is declared.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	$(PIP) --require-hashes -r $(VENV)/uv.lock
	@# uv takes a fifth of pip's time, but doesn't read pip's settings, which may name another index.
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock \
		|| $(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
