# The README's two commands are `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# Set in many containers. Each of the thousands of processes of the tests would compile all modules.
unexport PYTHONDONTWRITEBYTECODE

QUESTION := SELECT ?holder ?office ?words { \
	?tenure a kg:Tenure ; kg:person/kg:name ?holder ; kg:office/kg:name ?office . \
	?statement kg:asserts ?tenure ; kg:words ?words ; kg:passage/oa:start ?at . \
	FILTER (lang(?holder) = "en" && lang(?office) = "en") } ORDER BY ?at

.PHONY: demo install query-page test check build bench bench-validation bench-submitting bench-linking bench-dumps bench-serving bench-site bench-browser soak crash random clean

demo: install
	@$(BIN)/kgpub build
	@echo
	@echo "Look at output/dataset.ttl (readable), output/dataset.jsonld, output/report.txt."
	@echo "Who holds or held which office, and in which words does the article say so?"
	@echo
	@$(BIN)/kgpub query '$(QUESTION)'
	@echo
	@echo "More questions: $(BIN)/kgpub query --list"

# Python's packages and the query page are made beside each other.
install:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory -j2 $(VENV)/.installed query-page; \
	else $(MAKE) --no-print-directory $(VENV)/.installed; \
	echo "There is no npm: kgpub serve will have a plain query form, kgpub site no search or queries."; fi

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --editable '.[dev]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --editable '.[bench]'
	@touch $@

# What pages run, from web/: needs npm. Without it the query page and that for facts are plain forms,
# and sites have neither search nor queries.
EDITOR := src/kgpub/service/query_page/assets/query.js

IN_SITES := src/kgpub/site/browser/assets/oxigraph.wasm
ON_FACTS := src/kgpub/service/editing/assets/submit.js

query-page: $(EDITOR) $(IN_SITES) $(ON_FACTS)

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund

$(EDITOR): web/node_modules/.package-lock.json web/build.js web/crates.txt $(wildcard web/src/*.ts web/src/*/*.ts)
	cd web && npm run build

# Written by the same run; again only where it is missing.
$(IN_SITES) $(ON_FACTS): $(EDITOR)
	test -f $@ || (cd web && npm run build)
	touch $@

test: $(VENV)/.installed-dev check
	$(BIN)/python -m pytest -n auto --dist worksteal --durations 10

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

build: install
	$(BIN)/kgpub build

# Minutes to hours: measures against rdflib and pySHACL, and writes benchmarks/RESULTS.md.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

# Half an hour: whole graphs beside pySHACL, submissions beside large stores; VALIDATION.md, SUBMISSIONS.md.
bench-validation: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.validation

# Minutes: submissions over HTTP beside the same in a process; benchmarks/SUBMITTING.md.
bench-submitting: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.submitting

# Minutes: questions of which the answer is known, beside other matchers; benchmarks/LINKING.md.
bench-linking: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.linking

# An hour: dumps of up to five million quads, beside rdflib's; benchmarks/DUMPS.md.
bench-dumps: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.dumps

# Half an hour: the endpoint beside those of oxigraph and rdflib; benchmarks/SERVING.md.
bench-serving: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.serving

# Minutes: the query page and the search of sites in headless Chromium; benchmarks/BROWSER.md.
bench-browser: $(VENV)/.installed-dev query-page
	$(BIN)/python -m benchmarks.in_browser

# A minute: the site of a synthetic workspace, beside kgpub serve.
bench-site: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.siting

# Half an hour of mixed load on kgpub serve; fails where anything is left behind.
soak: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.serving soak --minutes 30

# Half an hour or more: kill -9 at random moments while submissions are made, decided and published.
crash: $(VENV)/.installed-dev
	KGPUB_CRASHES=1000 $(BIN)/python -m pytest -s tests/submissions/test_crashes.py

# An hour: thousands of random shapes, graphs, queries and changes, other ones each time.
random: $(VENV)/.installed-dev
	KGPUB_RANDOM=30 $(BIN)/python -m pytest -n auto --dist worksteal tests/contract tests/pipeline/test_incremental.py

clean:
	rm -rf $(VENV) .kgpub .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
