#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Which port becomes active by prio, primary and primary_reselect; what speed a bond says it has."""
from player import cables, done, load, plug, prepare, run, title, unplug, unwatch, watch

cables(3)
prepare("modprobe failport", "ip link add f0 address 02:00:00:00:05:00 type failport",
        "ip link add f1 address 02:00:00:00:05:01 type failport", "echo f0 speed 1000 >/proc/failport",
        "echo f1 speed 2500 >/proc/failport")
load("max_bonds=0")
for reselect in "always", "better", "failure":
    for primary in "", "p2":
        title(f"reselect {reselect}, primary '{primary}'")
        prepare(f"ip link add bond0 type bond mode active-backup miimon 100 primary_reselect {reselect}",
                "for i in 0 1 2; do ip link set p$i down; ip link set p$i master bond0; done; ip link set bond0 up")
        if primary:
            prepare("ip -n far link set w2 down", f"ip link set bond0 type bond primary {primary}")
        watch("bond0")
        run("ip link set p1 type bond_slave prio 10")
        unplug("p1")
        plug("p1")
        unplug("p0")
        plug("p0")
        run("ip link set p0 type bond_slave prio 20")
        if primary and reselect != "better":	# where the kernel's own driver takes an unknown speed for the highest
            plug(primary)
        unwatch("bond0")
        prepare("ip link del bond0")
for mode in "balance-rr", "active-backup", "balance-xor", "broadcast", "balance-tlb", "balance-alb":
    title(f"the speed of {mode}")
    prepare(f"ip link add bond0 type bond mode {mode} miimon 100", "ip link set bond0 up",
            "for f in f0 f1; do ip link set $f down; ip link set $f master bond0; done")
    watch("bond0")
    run("echo 0 >/sys/class/net/f0/carrier")
    run("echo 1 >/sys/class/net/f0/carrier")
    run("ip link set f0 nomaster")
    unwatch("bond0")
    prepare("ip link del bond0")
prepare("ip link del f0; ip link del f1; rmmod failport")
done()
