# What each does is in scripts/; every script can also be run by itself.
.PHONY: demo test check rules docs man site lab bench lock clean help

help:
	@echo "make demo    preflight and a whole submission against the emulator: no root, no network"
	@echo "make test    every test here, then the fast ones on each Python from 3.9 to 3.13"
	@echo "make check   ruff (all rules) and mypy --strict, on package and tests"
	@echo "make rules   write rules/ anew from the catalogue"
	@echo "make man     write man/ anew from the commands' own help"
	@echo "make site    the documents as a site: open build/site/index.html"
	@echo "make lab     list the laboratory's scenarios; SCENARIO=name opens a shell in one"
	@echo "make bench   measure, beside a yardstick from the same run"
	@echo "make docs    write docs/diagnoses/ anew from the diagnoses"
	@echo "make lock    resolve the development tools anew into requirements-dev.txt"
	@echo "make clean   remove what the others made"

demo:
	@sh scripts/demo

test:
	@sh scripts/test

check:
	@sh scripts/check

rules:
	@sh scripts/setup .venv
	@.venv/bin/python -m nimnetcheck.firewall.finished rules

man:
	@sh scripts/man man

site:
	@sh scripts/setup .venv
	@NO_COLOR=1 .venv/bin/zensical build --strict

lab:
	@SCENARIO='$(SCENARIO)' sh scripts/lab

docs:
	@sh scripts/setup .venv
	@.venv/bin/python -m nimnetcheck.diagnosis.pages docs/diagnoses

bench:
	@sh scripts/bench

lock:
	@UPGRADE='$(UPGRADE)' sh scripts/lock

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	find nimnetcheck tests -name __pycache__ -type d -prune -exec rm -rf {} +
