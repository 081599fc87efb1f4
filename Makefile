# Each target is one command a developer runs by hand; CI runs .ci/run.
PYTHON ?= python

.PHONY: check golden docs bench ray trainers trl swift

check:
	bash .ci/run

golden:
	$(PYTHON) -m tests.registry.compare

docs:
	$(PYTHON) docs/generate.py

bench:
	$(PYTHON) -m benchmarks
	$(PYTHON) -m benchmarks.render

# Ray is too large for every test run: this installs it beside the package and runs what is marked `ray`.
ray:
	$(PYTHON) -m venv build/ray
	build/ray/bin/python -m pip install --quiet -e ".[dev,ray]"
	build/ray/bin/python -m pytest -m ray -n 0 tests/engine

# The same for TRL: one step of GRPO and of SFT on what `taiyi-corpus traces` exports.
trl:
	$(PYTHON) -m venv build/trl
	build/trl/bin/python -m pip install --quiet torch==2.13.0
	build/trl/bin/python -m pip install --quiet -e ".[dev]" trl
	build/trl/bin/python -m pytest -n 0 tests/traces/test_traces_trl.py tests/export/test_stream_torch.py

# ms-swift pins versions that exclude ours, so that beside it there is only what the rewards need.
swift:
	$(PYTHON) -m venv build/swift
	build/swift/bin/python -m pip install --quiet torch==2.13.0
	build/swift/bin/python -m pip install --quiet ms-swift==4.6.0 msgspec platformdirs xxhash
	build/swift/bin/python -m pip install --quiet --no-deps -e .
	$(PYTHON) -m tests.traces.swift_records build/rl
	build/swift/bin/python tests/traces/swift_step.py build/rl/rl_swift.jsonl build/swift/step

# Trainers pin versions that exclude each other, so each reads its exports in an environment of its own.
trainers:
	PYTHON=$(PYTHON) bash tests/trainers/run.sh
