#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""802.3ad with a partner: what is shown once both ends are at rest.  How long that takes differs; LACP follows the standard here."""
from player import cables, done, load, prepare, run, title, whole

cables(2)
load("max_bonds=0")
prepare("ip -n far link set w0 down; ip -n far link set w1 down",
        "ip -n far link add far0 address 02:00:00:00:04:01 type bond mode 802.3ad lacp_rate fast miimon 100",
        "ip -n far link set w0 master far0; ip -n far link set w1 master far0; ip -n far link set far0 up")


def rest(command):
    """Something happens, and everything is looked at when it is over."""
    prepare(command)
    run(f"sleep 8 # {command}")
    whole("bond0", "p0", "p1")


for options in "lacp_rate slow", "lacp_rate fast", "ad_select bandwidth ad_actor_sys_prio 7 ad_user_port_key 5", "lacp_active off min_links 2":
    title(options)
    prepare(f"ip link add bond0 address 02:00:00:00:03:01 type bond mode 802.3ad {options} miimon 100",
            "ip link set p0 down; ip link set p1 down; ip link set p0 master bond0; ip link set p1 master bond0")
    rest("ip link set bond0 up")
    rest("ip -n far link set w0 down")
    rest("ip -n far link set w0 up")
    rest("ip link set p1 nomaster")
    prepare("ip link del bond0", "ip link set p0 address 02:00:00:00:01:01; ip link set p1 address 02:00:00:00:01:02")
done()
