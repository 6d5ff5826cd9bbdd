#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Module parameters: each good and bad value, what the load says, and what the first bond then looks like."""
import os

from player import done, load, prepare, run, show, title, write

LOADS = {
    "counts": ("", "max_bonds=-1", "max_bonds=0", "max_bonds=2", "max_bonds=x", "tx_queues=0", "tx_queues=-1", "tx_queues=256",
               "tx_queues=255", "tx_queues=3"),
    "modes": ("mode=7", "mode=-1", "mode=garbage", "mode=1x", "mode=01", "mode=active-backup", "mode=Active-Backup", "mode=1",
              "mode=2", "mode=3", "mode=4", "mode=5", "mode=6", "mode=6 miimon=100 updelay=300", "mode=4 miimon=50", "nosuch=1"),
    "times": ("miimon=-1", "miimon=x", "miimon=100 updelay=-1", "miimon=100 downdelay=-5", "miimon=100 updelay=250 downdelay=350",
              "updelay=200", "downdelay=200 mode=1", "miimon=2147483647", "miimon=2147483648"),
    "announcements": ("num_grat_arp=-1", "num_grat_arp=256", "num_grat_arp=255", "num_unsol_na=300", "num_unsol_na=0",
                      "num_grat_arp=3 num_unsol_na=4", "resend_igmp=-1", "resend_igmp=256", "resend_igmp=255", "resend_igmp=0"),
    "numbers": ("all_slaves_active=2", "all_slaves_active=-1", "all_slaves_active=1", "packets_per_slave=-1",
                "packets_per_slave=65536", "packets_per_slave=65535", "packets_per_slave=0", "packets_per_slave=2 mode=1",
                "lp_interval=0", "lp_interval=-1", "lp_interval=2147483647", "lp_interval=2147483648", "min_links=-1",
                "min_links=2", "min_links=2 mode=4"),
    "words": tuple(f"{name}={value} mode={mode}"
                   for name, values in (("xmit_hash_policy", ("garbage", "layer2+3", "5", "6")), ("lacp_rate", ("garbage", "fast", "2")),
                                        ("ad_select", ("garbage", "bandwidth", "4")), ("fail_over_mac", ("garbage", "follow", "3")))
                   for value in values for mode in (1, 2, 4, 5, 6)),
    "primary": tuple(f"primary=p0 mode={mode}" for mode in range(7)) +
               ("mode=1 primary=p0 primary_reselect=garbage", "mode=1 primary=p0 primary_reselect=better",
                "mode=0 primary=p0 primary_reselect=2", "mode=1 primary_reselect=garbage", "mode=1 primary_reselect=2",
                "mode=1 primary_reselect=3", "mode=1 primary=a.name.too.long.for.a.device"),
    "targets": ("arp_interval=100", "arp_interval=-1", "arp_ip_target=10.0.0.1", "arp_interval=100 arp_ip_target=10.0.0.1",
                "arp_interval=100 arp_ip_target=10.0.0.1,10.0.0.2,10.0.0.1", "arp_interval=100 arp_ip_target=garbage",
                "arp_interval=100 arp_ip_target=10.0.0.1,garbage,10.0.0.2", "arp_interval=100 arp_ip_target=255.255.255.255",
                "arp_interval=100 arp_ip_target=0.0.0.0", "arp_interval=100 arp_ip_target=10.0.0.1x",
                "arp_interval=100 arp_ip_target=" + ",".join(f"10.0.0.{i}" for i in range(1, 17)),
                "arp_interval=100 arp_ip_target=" + ",".join(f"10.0.0.{i}" for i in range(1, 18)),
                "miimon=100 arp_interval=100 arp_ip_target=10.0.0.1") +
               tuple(f"mode={mode} arp_interval=100 arp_ip_target=10.0.0.1" for mode in range(1, 7)),
    "validation": ("arp_validate=all", "arp_validate=none", "arp_validate=garbage", "mode=1 arp_validate=all",
                   "mode=1 miimon=100 arp_validate=all") +
                  tuple(f"mode=1 arp_interval=100 arp_ip_target=10.0.0.1 {more}" for more in
                        ("arp_validate=none", "arp_validate=all", "arp_validate=garbage", "arp_validate=filter_active",
                         "arp_validate=7", "arp_all_targets=all", "arp_all_targets=garbage", "arp_validate=1 arp_all_targets=1",
                         "arp_validate=all miimon=100")) +
                  ("mode=0 arp_interval=100 arp_ip_target=10.0.0.1 arp_validate=all",
                   "mode=4 arp_interval=100 arp_ip_target=10.0.0.1 arp_validate=all", "arp_all_targets=garbage",
                   "arp_interval=100 arp_validate=all"),
    # what is not 1 newer kernels refuse
    "use_carrier": ("use_carrier=1", "use_carrier=x"),
}
NEWER = "broadcast_neighbor|coupled_control|lacp_strict|ns_ip6_target"
LOOK = (f"cd /sys/class/net/bond0/bonding && grep -s . * | grep -vE '^({NEWER}):'; "
        "ls /sys/class/net/bond0/queues | wc -l; cat /sys/class/net/bonding_masters; grep . /sys/module/bonding/parameters/*")

prepare("modprobe dummy numdummies=0")
for chapter, loads in LOADS.items():
    title(chapter)
    for words in loads:
        load(words)
        if os.path.exists("/sys/module/bonding"):
            show(LOOK)
            run("rmmod bonding")
title("the two that can be written later")
load()
show("cd /sys/module/bonding/parameters && ls -l | cut -d' ' -f1,9-")
for value in "5\n", "300\n", "-1\n", "x\n", "\n":
    write("/sys/module/bonding/parameters/num_grat_arp", value)
    write("/sys/class/net/bonding_masters", "+bond1\n")
    show("cat /sys/class/net/bond[01]/bonding/num_*")
    write("/sys/class/net/bonding_masters", "-bond1\n")
run("rmmod bonding")
done()
