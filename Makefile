# The front door. Each command ends with one line of verdict.
#
#   make           build everything into build/ (installs missing build packages on Debian and Ubuntu)
#   make demo      two services, called, in half a minute; stops by itself
#   make test      every test, one line a program, the sum at the end
#   make lint      the rules of the house, each checked by a program
#   make bench     requests per second beside a bare epoll server; XML to structs and back beside the peers
#   make size      bytes of code and tables, build time, stack
#   make asan      the C tests under AddressSanitizer and UndefinedBehaviorSanitizer
#   make nightly   the long versions of the tests, as released and sanitised, and of the static analysis
#   make format    clang-format, in place
#   make clean     remove what was built

PYTHON := $(shell test -x /usr/bin/python3 && echo /usr/bin/python3 || echo python3)
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.DEFAULT_GOAL := build
.PHONY: build demo test lint bench size asan nightly format clean

build:
	@tools/install-deps build
	@tools/build release
	@echo "built: build/soapbark --help shows what it can do"

demo:
	@tools/demo

test:
	@tools/install-deps build test lint
	@tools/build release
	@$(PYTHON) tools/run-tests --build build -j $(JOBS)

lint:
	@tools/install-deps build lint
	@tools/build release
	@$(PYTHON) tools/lint

bench: build
	@tools/install-deps bench
	@bench/run

size:
	@tools/install-deps build
	@tools/build release
	@$(PYTHON) tools/size

asan:
	@tools/install-deps build test
	@tools/build asan
	@$(PYTHON) tools/run-tests --build build-asan --only c -j $(JOBS)

nightly:
	@tools/install-deps build test lint
	@tools/build release
	@tools/build release-clang
	@$(PYTHON) tools/run-tests --build build --nightly -j $(JOBS)
	@$(PYTHON) tools/lint --deep analysis
	@tools/build asan
	@$(PYTHON) tools/run-tests --build build-asan --nightly -j $(JOBS)

format:
	@$(PYTHON) tools/lint --format

clean:
	@rm -rf build build-debug build-size build-gcc build-clang build-asan build-asan-gcc build-asan-clang build-tsan
	@echo "clean"
