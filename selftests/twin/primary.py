#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What a change of primary_reselect does to a bond at work, a primary where modes have none, joining by sysfs."""
from player import cables, done, load, plug, prepare, run, title, unplug, unwatch, watch, write

BONDING = "/sys/class/net/bond0/bonding/"

cables(2)
load("max_bonds=0")


def bond(words):
    prepare(f"ip link add bond0 type bond mode active-backup miimon 100 {words}",
            "for i in 0 1; do ip link set p$i down; ip link set p$i master bond0; done; ip link set bond0 up")
    watch("bond0")


def gone():
    unwatch("bond0")
    prepare("ip link del bond0")


title("no return is wished while the primary has no link")
bond("primary p0")
unplug("p0")
write(BONDING + "primary_reselect", "failure\n")
plug("p0")
unplug("p1")
plug("p1")
gone()
for reselect in "better", "always":
    title(f"from failure to {reselect} while another port is in use")
    bond("primary p0 primary_reselect failure")
    unplug("p0")
    plug("p0")
    run(f"ip link set bond0 type bond primary_reselect {reselect}")
    gone()
title("no primary in balance-rr")
prepare("ip link add bond0 type bond mode active-backup miimon 100 primary p0", "ip link set bond0 type bond mode balance-rr")
watch("bond0")
run("ip link set p0 down; ip link set p0 master bond0")
run("ip link set p0 nomaster")
gone()
title("devices with an address of their own join by sysfs")
prepare("modprobe failport", "ip link add f0 type fixedport", "ip link add f1 type fixedport",
        "ip link add bond0 type bond mode active-backup miimon 100")
watch("bond0")
write(BONDING + "slaves", "+f0\n")
write(BONDING + "slaves", "+f1\n")
gone()
done()
