#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Short lives of the modes that have no script of their own: made, joined, up, legs lost and found, released, deleted."""
from player import cables, done, load, pause, plug, prepare, run, title, unplug, unwatch, watch

cables(2)
load("max_bonds=0")


def life(name, options, settle):
    """One of them; settle: seconds until it is at rest after a change."""
    title(name)
    run(f"ip link add bond0 address 02:00:00:00:03:01 type bond {options} miimon 100")
    watch("bond0", "p0", "p1")
    run("ip link set p0 down; ip link set p0 master bond0")
    run("ip link set p1 down; ip link set p1 master bond0")
    run("ip link set bond0 up")
    pause(settle)
    for port in "p0", "p1":
        unplug(port)
        pause(settle)
        plug(port)
        pause(settle)
    run("ip link set bond0 address 02:00:00:00:03:02")
    pause(settle)
    run("ip link set bond0 down")
    run("ip link set bond0 up")
    pause(settle)
    run("ip link set p0 nomaster")
    pause(settle)
    unwatch("bond0", "p0", "p1")
    prepare("ip link del bond0", "ip link set p0 address 02:00:00:00:01:01; ip link set p1 address 02:00:00:00:01:02")


life("balance-xor", "mode balance-xor", 1)
life("broadcast", "mode broadcast", 1)
life("balance-tlb", "mode balance-tlb", 1)
life("balance-alb", "mode balance-alb", 1)
done()
