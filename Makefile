# Each target is one command a developer runs by hand; CI runs .ci/run.
PYTHON ?= python

.PHONY: check golden docs bench ray

check:
	bash .ci/run

golden:
	$(PYTHON) -m tests.registry.compare

docs:
	$(PYTHON) docs/generate.py

bench:
	$(PYTHON) -m benchmarks.render
	$(PYTHON) -m benchmarks.big_csv

# Ray is too large for every test run: this installs it beside the package and runs what is marked `ray`.
ray:
	$(PYTHON) -m venv build/ray
	build/ray/bin/python -m pip install --quiet -e ".[dev,ray]"
	build/ray/bin/python -m pytest -m ray -n 0
