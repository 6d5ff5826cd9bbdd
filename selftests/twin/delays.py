#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""updelay and downdelay: what is said while a link is on probation."""
from player import cables, done, load, plug, run, spell, title, unplug, watch

cables(2)
load("max_bonds=0")
for mode in "active-backup", "balance-rr":
    title(mode)
    run(f"ip link add bond0 type bond mode {mode} miimon 100 updelay 200 downdelay 200")
    run("ip link set p0 down; ip link set p1 down; ip link set p0 master bond0; ip link set p1 master bond0")
    watch("bond0", "p0", "p1")
    run("ip link set bond0 up")
    unplug("p0")
    plug("p0")
    title(f"{mode}: a loss shorter than downdelay")
    spell("p0", False, 0.15)
    title(f"{mode}: a return shorter than updelay")
    unplug("p1")
    spell("p1", True, 0.15)
    title(f"{mode}: the only port left goes and comes, so updelay is waived")
    unplug("p0")
    plug("p0")
    plug("p1")
    title(f"{mode}: delays removed, then another miimon")
    run("ip link set bond0 type bond updelay 0 downdelay 0")
    run("ip link set bond0 type bond updelay 250")
    run("ip link set bond0 type bond miimon 50")
    run("ip link del bond0")
done()
