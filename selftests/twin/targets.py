#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Addresses by netlink: lists of ARP and NS targets and LACP's system address, good, double, wrong, too many, too short.

What options.py does for numbers and words.  Each request goes to a bond that has none yet.
"""
import os
import subprocess

from player import done, fact, link, Link, load, log_lines, netlink, read, title, _begin

ARP_IP_TARGET, AD_ACTOR_SYSTEM, NS_IP6_TARGET = 8, 26, 31
FILES = ("arp_ip_target", "ad_actor_system")
FOUR = [bytes((10, 0, 0, n)) for n in range(1, 18)]
SIX = [b"\xfe\x80" + bytes(13) + bytes((n,)) for n in range(1, 18)]


def targets(number, *addresses):
    """A nest of addresses, numbered from 0 as iproute2 does."""
    return link.attr(number, b"".join(link.attr(i, a) for i, a in enumerate(addresses)))


def seen():
    """What the files both drivers have say, and what "ip" does."""
    out = subprocess.run(["ip", "-d", "link", "show", "bond0"], capture_output=True, text=True, check=True).stdout
    return {f: read(f"/sys/class/net/bond0/bonding/{f}") for f in FILES} | {
        "ns_ip6_target": next((w for w in out.split() if w.startswith("fe80:")), "")}


def ask(text, attr, mode="active-backup"):
    """One request to a new bond."""
    if os.path.exists("/sys/class/net/bond0"):
        subprocess.run(["ip", "link", "del", "bond0"], check=True)
    subprocess.run(["ip", "link", "add", "bond0", "type", "bond", "mode", mode], check=True)
    log_lines()
    before = seen()
    info = [link.attr(1, b"bond\0"), link.attr(2, [attr])]
    netlink(text, Link.NEWLINK, 0, link.header("bond0") + link.attr(18, info), settle=False)
    for key, value in seen().items():
        if value != before[key]:
            fact("state", f"bond0 {key}: {before[key]!r} -> {value!r}")
    for _, line in log_lines():
        fact("log", line)


load("max_bonds=0")
title("arp_ip_target")
for what, nest in (
        ("one", targets(ARP_IP_TARGET, FOUR[0])), ("two", targets(ARP_IP_TARGET, *FOUR[:2])),
        ("sixteen", targets(ARP_IP_TARGET, *FOUR[:16])), ("seventeen", targets(ARP_IP_TARGET, *FOUR)),
        ("twice the same", targets(ARP_IP_TARGET, FOUR[0], FOUR[0])), ("zero", targets(ARP_IP_TARGET, bytes(4))),
        ("broadcast", targets(ARP_IP_TARGET, b"\xff" * 4)), ("multicast", targets(ARP_IP_TARGET, b"\xe0\0\0\1")),
        ("three octets", targets(ARP_IP_TARGET, b"\x0a\0\0")), ("five octets", targets(ARP_IP_TARGET, b"\x0a\0\0\1\0")),
        ("none", link.attr(ARP_IP_TARGET, b"")), ("no nest", link.attr(ARP_IP_TARGET, b"\1"))):
    ask(f"arp_ip_target {what}", nest)
title("ns_ip6_target")
for what, nest in (
        ("one", targets(NS_IP6_TARGET, SIX[0])), ("two", targets(NS_IP6_TARGET, *SIX[:2])),
        ("seventeen", targets(NS_IP6_TARGET, *SIX)), ("twice the same", targets(NS_IP6_TARGET, SIX[0], SIX[0])),
        ("zero", targets(NS_IP6_TARGET, bytes(16))), ("multicast", targets(NS_IP6_TARGET, b"\xff\2" + bytes(14))),
        ("loopback", targets(NS_IP6_TARGET, bytes(15) + b"\1")), ("fifteen octets", targets(NS_IP6_TARGET, SIX[0][:15])),
        ("seventeen octets", targets(NS_IP6_TARGET, SIX[0] + b"\0")), ("none", link.attr(NS_IP6_TARGET, b""))):
    ask(f"ns_ip6_target {what}", nest)
title("ad_actor_system")
for what, mac in (("good", b"\2\0\0\0\0\5"), ("zero", bytes(6)), ("multicast", b"\1\0\0\0\0\5"), ("five octets", b"\2\0\0\0\0"),
                  ("seven octets", b"\2\0\0\0\0\5\6")):
    ask(f"ad_actor_system {what}", link.attr(AD_ACTOR_SYSTEM, mac), "802.3ad")
title("in modes that do not know them")
ask("ad_actor_system in active-backup", link.attr(AD_ACTOR_SYSTEM, b"\2\0\0\0\0\5"))
ask("arp_ip_target in 802.3ad", targets(ARP_IP_TARGET, FOUR[0]), "802.3ad")
ask("ns_ip6_target in 802.3ad", targets(NS_IP6_TARGET, SIX[0]), "802.3ad")
_begin("the end")
done()
