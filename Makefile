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

.PHONY: demo install query-page test check build bench bench-validation bench-linking bench-serving soak random clean

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
	echo "There is no npm: the query page of kgpub serve will be a plain form."; fi

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

# The editor of the query page, from web/: needs npm. Without it the page is a plain form.
EDITOR := src/kgpub/service/query_page/assets/query.js

query-page: $(EDITOR)

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund

$(EDITOR): web/node_modules/.package-lock.json web/build.js $(wildcard web/src/*.ts)
	cd web && npm run build

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

# Minutes: questions of which the answer is known, beside other matchers; benchmarks/LINKING.md.
bench-linking: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.linking

# Half an hour: the endpoint beside those of oxigraph and rdflib; benchmarks/SERVING.md.
bench-serving: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.serving

# Half an hour of mixed load on kgpub serve; fails where anything is left behind.
soak: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.serving soak --minutes 30

# An hour: thousands of random shapes, graphs, queries and changes, other ones each time.
random: $(VENV)/.installed-dev
	KGPUB_RANDOM=30 $(BIN)/python -m pytest -n auto --dist worksteal tests/contract tests/pipeline/test_incremental.py

clean:
	rm -rf $(VENV) .kgpub .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
