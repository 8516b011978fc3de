# Melete's daily commands; `make help` lists them. Each does only what is not done yet.
#
# Long steps live in scripts/. Settings: MODEL and PORT of `make run`, JOBS of compilers (default: all cores), TOKENS and
# NEEDLES_MODEL of `make bench-needles`.

MODEL ?= qwen2.5-coder-1.5b
PORT ?= 8080
JOBS ?= $(shell nproc)
TOKENS ?= 32768
NEEDLES_MODEL ?= qwen2.5-coder-1.5b

MELETE = build/release/src/cli/melete

.DEFAULT_GOAL = help
.PHONY: help run build test check tidy test-sanitize test-arm arm64 test-contract test-conformance fuzz bench \
  bench-kernels bench-connections bench-contemplating bench-needles bench-rollouts bench-server bench-training \
  bench-adapters bench-recipes bench-compression train test-train clean

help:  ## Show this list.
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1\t/p' Makefile | expand -t 28

run: build  ## Build, fetch MODEL, serve it on PORT and ask one question in each mode.
	@exec $(MELETE) demo --model $(MODEL) --port $(PORT)

build:  ## Install what is missing and build the program.
	@scripts/setup.sh run build
	@scripts/configure.sh release
	@cmake --build build/release --target melete --parallel $(JOBS)

test:  ## Build everything and run every test, with the small model.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --parallel $(JOBS)
	@$(MELETE) pull smollm2-135m
	@MELETE_TEST_MODEL=$$(scripts/model_path.sh smollm2-135m) scripts/run_tests.sh release

check:  ## Check format, layers, sizes and texts; clang-tidy over what changed.
	@scripts/setup.sh run build test
	@scripts/check.sh changed

tidy:  ## The same checks; clang-tidy over everything.
	@scripts/setup.sh run build test
	@scripts/check.sh all

test-sanitize:  ## Run the unit tests under the address, undefined and thread sanitizers.
	@scripts/setup.sh run build test
	@scripts/configure.sh asan tests
	@cmake --build build/asan --parallel $(JOBS)
	@scripts/run_tests.sh asan
	@scripts/configure.sh tsan tests
	@cmake --build build/tsan --parallel $(JOBS)
	@scripts/run_tests.sh tsan

test-contract:  ## Try some 5,000 made-up requests of the contract on a server of a scripted model.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target scripted_server --parallel $(JOBS)
	@scripts/install_clients.sh build/release/clients
	@tests/server/contract/contract_test.py build/release/tests/server/scripted_server \
	  $(CURDIR)/build/release/clients/python/bin/schemathesis long

fuzz:  ## Fuzz what reads and writes the API, SECONDS for each dialect (20).
	@scripts/setup.sh run build test
	@scripts/fuzz.sh $(SECONDS)

test-arm:  ## Run the kernels for Arm under an emulator.
	@scripts/setup.sh run build test
	@scripts/test_arm.sh

arm64:  ## Build a static program for 64-bit Arm, and ask it under an emulator.
	@scripts/setup.sh run build test arm64
	@scripts/arm64.sh

test-conformance:  ## Run the Open Responses suite, a checkout at OPENRESPONSES, against the API.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target scripted_server --parallel $(JOBS)
	@OPENRESPONSES="$(OPENRESPONSES)" tests/server/conformance/open_responses.py

bench:  ## Measure Melete beside llama-server and llama-batched-bench.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target melete benches --parallel $(JOBS)
	@$(MELETE) pull qwen2.5-coder-1.5b
	@bench/run.sh

bench-kernels:  ## Measure the matrix kernels, and whole models beside llama.cpp.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target melete benches --parallel $(JOBS)
	@$(MELETE) pull qwen2.5-coder-1.5b
	@$(MELETE) pull smollm2-135m
	@bench/kernels/run.sh

bench-contemplating:  ## Measure Contemplating beside one chain and llama-server; resumes.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target melete --parallel $(JOBS)
	@$(MELETE) pull qwen2.5-coder-1.5b
	@bench/contemplating.sh

bench-rollouts:  ## Measure how quickly answers for training are written, beside llama-server.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target melete rollouts --parallel $(JOBS)
	@$(MELETE) pull smollm2-135m
	@bench/peers.sh
	@bench/rollouts.py --peers build/peers/bin --model "$$(scripts/model_path.sh smollm2-135m)" \
	  --questions ../shared/data/gsm8k/dev.jsonl

bench-server:  ## Measure the server alone: 10,000 open streams, and slow readers beside others.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target bench_server_load --parallel $(JOBS)
	@build/release/bench/server_load/bench_server_load

bench-connections:  ## Hold many open streams on Melete and on llama-server.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target melete --parallel $(JOBS)
	@$(MELETE) pull smollm2-135m
	@bench/peers.sh
	@bench/connections.py --melete $(MELETE) --peers build/peers/bin --model "$$(scripts/model_path.sh smollm2-135m)"

bench-training:  ## Measure a training step beside PyTorch, which it installs.
	@scripts/setup.sh run build test train
	@scripts/configure.sh train
	@cmake --build build/train --target melete-train --parallel $(JOBS)
	@bench/training/run.sh

bench-adapters:  ## Measure a step that teaches by LoRA beside PEFT, which it installs.
	@scripts/setup.sh run build test train
	@scripts/configure.sh train
	@cmake --build build/train --target melete-train melete --parallel $(JOBS)
	@build/train/src/cli/melete pull smollm2-135m
	@bench/training/adapters.sh

bench-recipes:  ## Measure what our recipe of pretraining saves beside GPT-2's; an hour or two, goes on where cut off.
	@scripts/setup.sh run build train
	@scripts/configure.sh train
	@cmake --build build/train --target bench_recipe --parallel $(JOBS)
	@python3 bench/training/recipes.py

bench-compression:  ## Teach a twin of melete-nano to think less, in several ways; hours, goes on where cut off.
	@scripts/setup.sh run build train
	@scripts/configure.sh train
	@cmake --build build/train --target melete-train --parallel $(JOBS)
	@build/train/train/melete-train pretrain --config train/recipes/melete_nano/talkative.toml
	@python3 bench/training/compression.py

bench-needles:  ## Find needles in TOKENS (32768) of context; what that costs. NEEDLES_MODEL: whose.
	@scripts/setup.sh run build test
	@scripts/configure.sh release tests
	@cmake --build build/release --target melete --parallel $(JOBS)
	@$(MELETE) pull $(NEEDLES_MODEL)
	@bench/needles.py --melete $(MELETE) --model "$$(scripts/model_path.sh $(NEEDLES_MODEL))" --tokens $(TOKENS)

train:  ## Build melete-train, which makes models; it needs libtorch.
	@scripts/setup.sh run build train
	@scripts/configure.sh train
	@cmake --build build/train --target melete-train --parallel $(JOBS)

test-train:  ## Run the tests of melete-train, with the small model.
	@scripts/setup.sh run build test train
	@scripts/configure.sh train tests
	@cmake --build build/train --parallel $(JOBS)
	@build/train/src/cli/melete pull smollm2-135m
	@MELETE_TEST_MODEL=$$(scripts/model_path.sh smollm2-135m build/train) scripts/run_tests.sh train

clean:  ## Remove everything that was built; models and sources fetched stay.
	rm -rf build
