# Hold a button, say it, and it is done. `make` alone lists what there is.
SHELL := /bin/sh
PYTHON_BIN := .venv/bin/python
export SAY TEXT SEE

.DEFAULT_GOAL := help
WHAT ?= cloud
.PHONY: help install uninstall setup run serve speech test lint bench soak install-test units-test network-test container-test pictures enclosure constraints clean

help:            ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 23

install:         ## as root: install the cloud, or WHAT=device, as a service
	@python3 -B -m installer install $(WHAT) $(ARGS)

uninstall:       ## as root: undo that; what was kept stays
	@python3 -B -m installer uninstall $(WHAT) $(ARGS)

setup:           ## install what `make run` needs
	@./setup.sh run

run:             ## do the main job: SAY="..." speaks it, TEXT="..." types it, SEE=photo.png shows it
	@./setup.sh run
	@$(PYTHON_BIN) -m examples.demo

serve:           ## town, cloud and portal, left running; prints the addresses
	@./setup.sh run
	@$(PYTHON_BIN) -m examples.demo --serve

speech:          ## add the stronger speech engines (faster-whisper; piper-tts, which is GPL-3.0)
	@./setup.sh speech

test:            ## set up everything that the tests need, and run them, three files at a time
	@./setup.sh test
	@$(PYTHON_BIN) -m pytest -n 3 --dist loadfile

lint:            ## ruff, mypy, import-linter
	@./setup.sh test
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench:           ## every benchmark, each a table and one JSON line
	@./setup.sh bench
	@for name in benchmarks/[a-z]*.py benchmarks/*/__main__.py; do name=$${name%/__main__.py}; echo "== $$name"; $(PYTHON_BIN) -m benchmarks.$$(basename $$name .py) || exit 1; done

soak:            ## the tests again with the long figures
	@./setup.sh test
	@HYPOTHESIS_PROFILE=soak $(PYTHON_BIN) -m pytest -p no:cacheprovider --timeout 3600

install-test:    ## as root: install on a clean Debian by the commands of README.md, use it, uninstall
	@python3 -m rehearsals.install

units-test:      ## as root: the units under a real systemd: frozen, killed, and what is refused inside of them
	@python3 -m rehearsals.units

network-test:    ## as root: the device's Wi-Fi part against a real NetworkManager, in a network namespace
	@./setup.sh test
	@$(PYTHON_BIN) -m rehearsals.network

image-test:      ## as root: an arm64 Debian, installed on by the image's script, tries itself (qemu-user)
	@python3 -m rehearsals.image

container-test:  ## as root: build the cloud's image, run it, look at its sandbox, and speak to it over TLS
	@python3 -m rehearsals.container

pictures:        ## take the pictures of the documentation anew, from the running product
	@./setup.sh run
	@$(PYTHON_BIN) -m docs.make_pictures && $(PYTHON_BIN) -m docs.make_check_pictures && $(PYTHON_BIN) -m docs.make_setup_pictures && $(PYTHON_BIN) -m docs.make_gallery_pictures

enclosure:       ## make the pieces of both cases by OpenSCAD, check them, and draw the build guide
	@./setup.sh enclosure
	@nice $(PYTHON_BIN) -m hardware.render

constraints:     ## pin the newest versions that fit together
	@./setup.sh test
	@.venv/bin/uv pip compile pyproject.toml --extra pi --extra cloud --extra simulated --extra speech --extra vision --extra enclosure --extra dev --universal --python-version 3.11 --upgrade \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -q -o constraints.txt

clean:           ## remove what was made here: environments, caches, output
	rm -rf .venv .venv-peers .rehearsals .bench-cache out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
