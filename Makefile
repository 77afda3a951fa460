# Targets for people and for CI. Each makes its own .venv first; nothing else need be installed but Python 3.11+.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

JUDGES := .venv-judges
PEERS := .venv-peers
FUZZ := .venv-fuzz
ARCHIVERS := .venv-archivers

.PHONY: help demo test torture fuzz lint golden accuracy bench bench-fidelity bench-crawl bench-diff bench-differs bench-schedule bench-haul bench-database bench-search bench-rebuild bench-warc bench-extract bench-filing bench-growth bench-lake bench-planning docs picture clean

$(VENV)/.made: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gochim needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(VENV)/.made  ## serve the replica portal, crawl it while it changes, leave an archive and a report
	$(BIN)/gochim demo

$(JUDGES)/.made: constraints-judges.txt
	$(PYTHON) -m venv $(JUDGES)
	$(JUDGES)/bin/pip install --quiet --disable-pip-version-check -c constraints-judges.txt pyhwp pypdf python-docx pywb unhwp
	touch $@

# The tests start hundreds of interpreters: each would compile everything anew where bytecode is not kept. Each worker
# takes neighbouring tests, which share what their module makes, and in the end some of another's.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --dist worksteal

test: $(VENV)/.made $(JUDGES)/.made  ## the whole test suite
	$(PYTEST)

# EXAMPLES=repeatable draws what it drew before.
EXAMPLES ?= searching
torture: $(VENV)/.made $(JUDGES)/.made  ## every fault at every boundary, fuzzing, corruption; prints what was lost, invented and missed
	$(PYTEST) --hypothesis-profile=$(EXAMPLES) -m "torture or fault" --durations=25

$(FUZZ)/.made: constraints.txt constraints-fuzz.txt
	$(PYTHON) -m venv $(FUZZ)
	$(FUZZ)/bin/pip install --quiet --disable-pip-version-check -c constraints.txt -c constraints-fuzz.txt -e '.[dev]' atheris
	touch $@

# How long each target is fuzzed.
SECONDS ?= 300
fuzz: $(FUZZ)/.made  ## coverage-guided fuzzing of what reads bytes from elsewhere; stops at the first law that breaks
	set -e; for one in http warc texts documents pages; do $(FUZZ)/bin/python -m tests.fuzzing $$one -max_total_time=$(SECONDS); done

lint: $(VENV)/.made  ## style, types, who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: $(VENV)/.made  ## the golden cases alone
	$(BIN)/pytest tests/test_sections.py tests/test_labels.py

accuracy: $(VENV)/.made  ## fields read exactly, by section and layout; writes the floors
	$(BIN)/python -m tests.accuracy

bench: bench-fidelity bench-crawl bench-diff bench-differs bench-schedule bench-haul bench-database bench-search bench-rebuild bench-warc bench-extract bench-filing bench-growth bench-lake bench-planning  ## all benchmarks, with ratios against peers

bench-fidelity: $(VENV)/.made  ## what of each wire situation archivers keep; needs wget; writes docs/capture-matrix.md
	$(BIN)/python -m benchmarks.fidelity --write

bench-crawl: $(VENV)/.made  ## the crawl beside its peers; needs nginx and wget; writes docs/performance.md
	$(BIN)/python -m benchmarks.crawlers --write

bench-diff: $(VENV)/.made  ## what the differ names rightly of the gold set
	$(BIN)/python -m benchmarks.bench_diff

$(PEERS)/.made: constraints-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-binary lxml,html5-parser -r $<
	touch $@

bench-differs: $(PEERS)/.made  ## the differ beside others; needs libxml2 and libxslt with their headers
	$(PEERS)/bin/python -m benchmarks.diffing --write

bench-schedule: $(VENV)/.made  ## who is looked at when: policies side by side on simulated edits
	$(BIN)/python -m benchmarks.scheduling --write

bench-lake: $(VENV)/.made  ## what an export to Parquet costs as the archive grows; writes docs/performance.md
	$(BIN)/python -m benchmarks.lake --write

bench-planning: $(VENV)/.made  ## what the whole portal would cost, from unit costs measured here; writes docs/planning.md
	$(BIN)/python -m benchmarks.planning --write

bench-database: $(VENV)/.made  ## bytes and latencies of the database beside git and NewsDiffs' way; writes docs/performance.md
	$(BIN)/python -m benchmarks.database --write

bench-haul: $(VENV)/.made  ## months of cron runs with a moved clock: what grows, and whether it stays flat; writes docs/scheduling.md
	$(BIN)/python -m benchmarks.haul --write

bench-search: $(VENV)/.made  ## the text index beside morphemes and a plain scan
	$(BIN)/python -m benchmarks.search

bench-warc: $(VENV)/.made  ## reading and writing WARC beside warcio and FastWARC
	$(BIN)/python -m benchmarks.warcs --write

bench-rebuild: $(VENV)/.made  ## the rebuild beside pipelines of well-known parts, and how it grows; writes docs/performance.md
	$(BIN)/python -m benchmarks.rebuild --write

bench-extract: $(VENV)/.made $(PEERS)/.made  ## articles out of their pages beside parsel, BeautifulSoup and trafilatura
	$(BIN)/python -m benchmarks.extraction $(PEERS)/bin/python --write

bench-filing: $(VENV)/.made  ## articles into a database that can be searched, beside upserts of sqlite-utils
	$(BIN)/python -m benchmarks.filing --write

bench-growth: $(VENV)/.made  ## what each stage costs as an archive grows; writes docs/growth-*.svg
	$(BIN)/python -m benchmarks.growth --write

docs: $(VENV)/.made  ## write the pages that are made from the program
	$(BIN)/python -m docs.generate

picture: $(VENV)/.made  ## take README's picture of a report from ./demo-archive (make demo first); needs chromium
	$(BIN)/python -m docs.picture demo-archive

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 18

clean:  ## remove what the targets made
	rm -rf $(VENV) $(JUDGES) $(PEERS) $(FUZZ) $(ARCHIVERS) demo-archive build *.egg-info
