# The two commands to begin with are `make demo` and `make test`; `make` alone lists them all.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo run test check sweep bench fuzz torture guide lock catalogs clean runtime everything system

PY := .venv/bin/python
# One with ensurepip first: Debian's own Python may lack it, and then apt has to be asked.
FIND_PYTHON = found=; for need in 'ensurepip, venv' 'sys'; do \
	for name in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	if [ -z "$$found" ] && "$$name" -c "import sys; sys.exit(sys.version_info < (3, 11)); import $$need" 2>/dev/null \
	&& "$$name" -c "import $$need" 2>/dev/null; then found=$$name; fi; done; done; \
	[ -n "$$found" ] || { echo "Python 3.11 or newer was not found. Run once:  sudo apt install python3 python3-venv"; exit 1; }

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 20

demo: runtime ## start a made-up kabupaten to try everything; prints the address and the accounts
	@$(PY) server.py demo

run: runtime ## start the server for real use (settings: README.md)
	@$(PY) server.py

test: everything system ## run every test; Chromium, poppler-utils and PostgreSQL come by apt where it may
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

check: everything ## format, lint, types, catalogs, scripts: all of them, also when the first finds something
	@failed=; for step in "ruff format --check ." "ruff check ." "mypy" "tools.catalogs --check" "tools.scripts"; do \
	echo "== $$step"; $(PY) -m $$step || failed="$$failed, $$step"; done; \
	[ -z "$$failed" ] || { echo "== not in order: $${failed#, }"; exit 1; }

sweep: everything ## open every page in both languages, at both widths, light and dark, and let axe look (ten minutes)
	@PEREKAMAN_SWEEP=full $(PY) -m pytest tests/browser/test_every_page.py $(ARGS)

bench: everything ## measure, print one table, keep it in bench/results.md
	@$(PY) -m bench $(ARGS)

torture: everything ## kill the server 500 times while devices sync, and run 200 histories of eight devices (half an hour)
	@$(PY) -m tests.torture $(ARGS)

fuzz: everything ## send 10,000 spoilt workbooks and the made bombs to a running server (about an hour)
	@$(PY) -m tests.fuzz $(ARGS)

guide: everything ## take the pictures of the guide anew (ARGS="name ..." only these)
	@$(PY) -m tests.guide $(ARGS)

catalogs: everything ## bring locale/*/*.po up to date with the source
	@$(PY) -m tools.catalogs

lock: ## pin the dependencies of pyproject.toml anew (ARGS=--upgrade moves them to the newest)
	@$(FIND_PYTHON); $$found tools/lock.py $(ARGS)

clean: ## remove what make made; data/ and the demo's database stay
	@rm -rf .venv .build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime:
	@$(FIND_PYTHON); $$found tools/environment.py requirements.lock
	@[ -d templates/__pycache__ ] || $(PY) -c "from common.page import compile_all; compile_all()"

everything:
	@$(FIND_PYTHON); $$found tools/environment.py requirements-dev.lock

system:
	@$(PY) tools/system.py
