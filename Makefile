# SPDX-License-Identifier: GPL-2.0
# The human's door; the kernel's build reads Kbuild.

# Build for the running kernel if its headers are there, else for the newest
# installed ones; KDIR=... says otherwise.
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -dv /lib/modules/*/build 2>/dev/null | tail -n 1))
KREL = $(if $(KDIR),$(shell $(MAKE) -s -C "$(KDIR)" kernelrelease))
KERNEL ?= 6.1
SCRIPT ?=

all: modules

modules:
	@test -n "$(KDIR)" || { echo "No kernel headers found: apt-get install linux-headers-amd64, or KDIR=..."; exit 1; }
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" modules

clean:
	$(if $(KDIR),$(MAKE) -C "$(KDIR)" M="$(CURDIR)" clean)
	for dir in unit sim fuzz; do $(MAKE) -s -C selftests/$$dir clean; done

# updates/ comes first in depmod's search order, so modprobe prefers ours.
install: modules
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" INSTALL_MOD_DIR=updates modules_install
	depmod -a "$(KREL)"
	@echo "Installed for $(KREL). 'modprobe -r bonding && modprobe bonding' takes it; 'make uninstall' goes back."

uninstall:
	@test -n "$(KREL)" || { echo "For which kernel? There are no headers to tell, so say KREL=, one of: $$(ls /lib/modules | xargs)"; exit 1; }
	rm -f "$(INSTALL_MOD_PATH)/lib/modules/$(KREL)/updates/bonding.ko"*
	depmod -a "$(KREL)"
	@echo "Removed for $(KREL). 'modprobe bonding' takes the kernel's own again."

setup:
	tools/setup

# The main job: a bond loses a leg in a real Debian kernel in a VM.
demo: setup
	selftests/demo/run --kernel $(KERNEL)

# The tests: pure cores here, then the module in VMs.
test: setup
	selftests/run unit sim net

unit:
	tools/setup unit
	$(MAKE) -s -C selftests/unit

# Which branches of the cores no test takes.
coverage:
	tools/setup unit
	$(MAKE) -s -C selftests/unit coverage

sim:
	tools/setup unit
	$(MAKE) -s -C selftests/sim

fuzz:
	tools/setup fuzz
	selftests/run fuzz

fuzz-long:
	tools/setup fuzz
	$(MAKE) -s -j"$$(nproc)" -C selftests/fuzz RUNS=10000000

# The sanitizer kernel, and what runs in it.
newest:
	tools/setup build test newest
	selftests/vm/newest/build

sanitizer: newest
	KERNELS=newest selftests/run sanitizer

kunit:
	tools/setup build test newest
	selftests/vm/newest/build --um
	selftests/vm/newest/kunit

# The newest kernel as User Mode Linux: emulated it is too slow for what some of them wait for.
upstream:
	tools/setup build test newest upstream
	selftests/vm/newest/build --um
	selftests/vm/newest/upstream --kernel um
	selftests/vm/newest/upstream --kernel 6.12

life: setup
	selftests/life/run --kernel $(KERNEL)

qemu: setup
	selftests/run net

twin: setup
	selftests/run twin

bench: setup
	selftests/bench/run

shell: setup
	selftests/vm/shell --kernel $(KERNEL)

# Style, structure, documentation.
check:
	tools/setup build check
	tools/check

lint: check

help:
	@sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile | tr '\n' ' '; echo

.PHONY: coverage fuzz-long newest sanitizer kunit upstream life
.PHONY: all modules clean install uninstall setup demo test unit sim fuzz qemu twin bench shell check lint help
