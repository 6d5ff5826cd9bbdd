#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What "ethtool -k" shows of a bond and of a VLAN on it, while ports of every kind join, change and leave."""
from player import done, load, prepare, run, title, unwatch, watch

# kind: how one is made
KINDS = {
    "dummy": "ip link add {0} type dummy",
    "veth": "ip link add {0} type veth peer name {0}far",
    "vlan": "ip link add {0}low type dummy; ip link add link {0}low name {0} type vlan id 5",
    "macvlan": "ip link add {0}low type dummy; ip link add link {0}low name {0} type macvlan",
    "tap": "ip tuntap add dev {0} mode tap",
    "vxlan": "ip link add {0} type vxlan id 7 dstport 4789 local 127.0.0.1",
    "bond": "ip link add {0} type bond mode active-backup; ip link add {0}low type dummy; ip link set {0}low master {0}",
}
TOGGLES = ("tx off", "tx on", "sg off", "sg on", "tso off", "tso on", "gso off", "gso on", "gro off", "lro on", "rxvlan off", "txvlan off",
           "rxvlan on", "txvlan on")


def make(kind, name):
    """A device of that kind."""
    prepare(KINDS[kind].format(name))


def remove(name):
    """With what was made for it."""
    prepare(f"ip link del {name}; ip link del {name}low 2>/dev/null; true")


prepare("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1",
        "modprobe -a dummy veth 8021q macvlan tun vxlan; ip link del dummy0 2>/dev/null; true")
load("max_bonds=0")
# What has no speed is no part of an aggregate with the kernel's own driver, so 802.3ad is told nothing by it.
SOME = ("dummy", "veth"), ("veth", "vlan"), ("vxlan", "dummy")
PAIRS = {"active-backup": (*SOME, ("macvlan", "tap"), ("bond", "veth")), "balance-xor": SOME, "802.3ad": (("veth", "vlan"), ("tap", "veth"))}
for mode, pairs in PAIRS.items():
    for first, second in pairs:
        title(f"{mode}: {first} and {second}")
        prepare(f"ip link add bond0 type bond mode {mode} miimon 100", "ip link add link bond0 name bond0.5 type vlan id 5")
        make(first, "d0")
        make(second, "d1")
        watch("bond0", "bond0.5")
        run("ip link set d0 master bond0")
        run("ip link set d1 master bond0; ip link set bond0 up; ip link set bond0.5 up")
        run("ip link set d0 nomaster")
        run("ip link set d1 nomaster")
        unwatch("bond0", "bond0.5")
        prepare("ip link del bond0")
        remove("d0")
        remove("d1")
for device in "d0", "bond0":
    title(f"features of {device} are switched off and on")
    prepare("ip link add bond0 type bond mode active-backup miimon 100", "ip link add link bond0 name bond0.5 type vlan id 5")
    make("veth", "d0")
    make("dummy", "d1")
    prepare("ip link set d0 master bond0; ip link set d1 master bond0; ip link set bond0 up; ip link set bond0.5 up")
    watch("bond0", "bond0.5", "d0", "d1")
    for toggle in TOGGLES:
        run(f"ethtool -K {device} {toggle}")
    unwatch("bond0", "bond0.5", "d0", "d1")
    prepare("ip link del bond0")
    remove("d0")
    remove("d1")
title("segment sizes of the ports")
prepare("ip link add bond0 type bond mode balance-rr miimon 100")
make("dummy", "d0")
make("dummy", "d1")
watch("bond0")
run("ip link set d0 gso_max_size 30000 gso_max_segs 10; ip link set d0 master bond0")
run("ip link set d1 gso_max_size 20000 gso_max_segs 20; ip link set d1 master bond0")
run("ip link set d0 gso_max_size 10000")
run("ip link set d0 nomaster")
run("ip link set d1 nomaster")
done()
