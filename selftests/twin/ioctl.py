#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Both generations of ioctls, as 64-bit and as 32-bit programs make them: what ifenslave binaries of every age do."""
from player import cables, done, load, prepare, run, show, title, watch

cables(3)
load("mode=1 miimon=100")
watch("bond0")
for way in "new", "old", "new32", "old32":
    title(way)
    call = f"bondioctl {way}"
    run(f"{call} enslave bond0 p0")
    run("ip link set bond0 up")
    for port in "p0", "nosuch", "bond0", "lo":
        run(f"{call} enslave bond0 {port}")
    run(f"{call} enslave bond0 p1")
    show(f"{call} info bond0; for i in 0 1 2 -1 99; do {call} port bond0 $i; done; {call} info nosuch; {call} info p0; {call} port lo 0")
    for port in "p1", "p2", "nosuch", "p1":
        run(f"{call} active bond0 {port}")
    run(f"{call} hwaddr bond0 p2")
    run(f"{call} hwaddr bond0 nosuch")
    run("ip link set p2 up")
    run(f"{call} enslave bond0 p2")
    run("ip link set p2 down")
    for act in "enslave", "release", "hwaddr", "active", "info", "port":
        show(f"{call} {act} nosuch p0; {call} {act} lo p0; setpriv --bounding-set -all --inh-caps -all --reuid 65534 --clear-groups bondioctl {way} {act} bond0 p0")
    run(f"{call} release bond0 p2")
    run(f"{call} release bond0 p1")
    run(f"{call} release bond0 p0")
    show(f"{call} info bond0; {call} port bond0 0")
    prepare("ip link set bond0 down")
title("what mii-tool asks")
run("ip link set p0 down; bondioctl new enslave bond0 p0; ip link set bond0 up")
show("mii-tool bond0 2>&1; ethtool bond0; ethtool -i bond0")
run("rmmod bonding")
done()
