# Each target is one command a developer runs by hand; CI runs .ci/run.
PYTHON ?= python

.PHONY: check golden docs bench

check:
	bash .ci/run

golden:
	$(PYTHON) -m tests.registry.compare

docs:
	$(PYTHON) docs/generate.py

bench:
	$(PYTHON) -m benchmarks.render
	$(PYTHON) -m benchmarks.big_csv
