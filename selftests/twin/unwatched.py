#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A bond without miimon and arp_interval: the kernel's own driver watches nothing then."""
from player import cables, done, load, plug, run, title, unplug, watch

cables(2)
load("max_bonds=0")
for mode in "active-backup", "balance-rr":
    title(mode)
    run(f"ip link add bond0 type bond mode {mode}")
    run("ip link set p0 down; ip link set p1 down; ip link set p0 master bond0; ip link set p1 master bond0")
    watch("bond0", "p0", "p1")
    run("ip link set bond0 up")
    unplug("p0")
    plug("p0")
    run("ip link set bond0 type bond miimon 100")
    run("ip link set bond0 type bond miimon 0")
    run("ip link del bond0")
done()
