#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Every option through sysfs and netlink: each word, both range ends, one past each end, garbage, and every context.

What there is to try comes from Documentation/options.md, which is printed from the driver's option table, so an option
that is new there is tried without a change here.  Steps do not wait for silence: the facts are errno, extack, kernel
log and what changed in bonding/.  What only newer kernels have is left to selftests/net/options-new; what links and
LACP do on their own is left to other scripts.
"""
import os
import re
import socket
import struct

from player import (cables, done, fact, link, Link, load, log_lines, netlink, prepare, read, title, write, _begin)

DOC = os.environ["BED_TOP"] + "/Documentation/options.md"
MODES = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"]
GARBAGE = ["default\n", "maxval\n", "minval\n", "off\n", "none\n", "-1\n", "0x10\n", "1a\n", "", "\n", " \n", "3 2\n", " 2\n",
           "2", "+1\n", "01\n", "4294967296\n", "99999999999999999999\n", "1\t\n", "a" * 44 + "\n", "1 x\n"]
# Not in every kernel's own driver, or only by netlink there; values of newer kernels only; rows tried by hand below.
NETLINK_ONLY = {"coupled_control", "broadcast_neighbor", "lacp_strict", "ns_ip6_target"}
NEW = {"broadcast_neighbor", "lacp_strict"}
NEW_VALUES = {"ad_select": 3, "use_carrier": 0}
STATUS = {"mii_status", "active_slave", "ad_aggregator", "ad_num_ports", "ad_actor_key", "ad_partner_key", "ad_partner_mac"}
BY_HAND = {"active_slave", "primary", "slaves", "arp_ip_target", "ns_ip6_target", "ad_actor_system", "queue_id"}
# What has no netlink number is an extension of ours, but for these.
FILE_ONLY = {"slaves", "num_unsol_na"}
WIDTH = {"mode": 1, "use_carrier": 1, "primary_reselect": 1, "fail_over_mac": 1, "xmit_hash_policy": 1, "num_grat_arp": 1,
         "all_slaves_active": 1, "lacp_rate": 1, "ad_select": 1, "ad_actor_sys_prio": 2, "ad_user_port_key": 2,
         "tlb_dynamic_lb": 1, "lacp_active": 1, "arp_missed_max": 1, "coupled_control": 1, "broadcast_neighbor": 1,
         "lacp_strict": 1, "actor_port_prio": 2, "queue_id": 2}
FORMAT = {1: "=B", 2: "=H", 4: "=I"}


class Option:
    """One row of options.md."""

    def __init__(self, line):
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        self.name = cells[0].strip("`")
        self.words = dict((w, int(n)) for w, n in re.findall(r"`([^`]+)` (\d+)", cells[1]))
        span = re.match(r"(-?\d+) to (-?\d+)", cells[1])
        self.low, self.high = (int(span[1]), int(span[2])) if span else (0, max(self.words.values(), default=0))
        self.modes = range(7) if cells[3] == "all" else [MODES.index(m.strip()) for m in cells[3].split(",")]
        self.delay = cells[4] == "miimon set"
        number = re.search(r"\d+", cells[5])
        self.nla = int(number[0]) if number else 0
        self.wire = WIDTH.get(self.name, 4)

    def texts(self):
        """What to write to its file."""
        if self.words:
            words = [w for w, n in self.words.items() if n != NEW_VALUES.get(self.name)]
            return ([w + "\n" for w in words] + [f"{n}\n" for n in range(-1, self.high + 2) if n != NEW_VALUES.get(self.name)] +
                    [words[-1] + " x\n", words[-1][:-1] + "\n", words[-1].upper() + "\n"])
        return [f"{n}\n" for n in (self.low - 1, self.low, self.low + 1, 7, 250, self.high - 1, self.high, self.high + 1)]

    def payload(self, number):
        return struct.pack(FORMAT[self.wire], number & ((1 << 8 * self.wire) - 1))


def rows(chapter):
    """The options in one chapter of options.md."""
    inside, out = False, []
    for line in open(DOC, encoding="utf-8"):
        if line.startswith("## "):
            inside = line.strip() == f"## {chapter}"
        elif inside and line.startswith("| `"):
            out.append(Option(line))
    return out


BOND, PORT = rows("The bond"), rows("A port")
BOND = [o for o in BOND if o.nla or o.name in FILE_ONLY]
BOTH = {o.name for o in BOND} | STATUS | {"queue_id"}
FILES = [o for o in BOND if o.name not in NETLINK_ONLY | BY_HAND]


def files():
    """All files of bonding/ that both drivers have."""
    folder = "/sys/class/net/bond0/bonding"
    return {f: read(f"{folder}/{f}") for f in sorted(os.listdir(folder)) if f in BOTH - NETLINK_ONLY}


def tell(before):
    """Facts of a step that does not wait."""
    after = files()
    for key in before:
        if before[key] != after.get(key) and key not in STATUS:
            fact("state", f"bond0 {key}: {before[key]!r} -> {after.get(key)!r}")
    for _, text in log_lines():
        fact("log", text)


def put(name, text):
    """One write to a file of bonding/."""
    before = files()
    write(f"/sys/class/net/bond0/bonding/{name}", text, settle=False)
    tell(before)


def ask(text, *attrs, port=None):
    """One netlink request with attributes of the bond, or of a port."""
    before = files()
    if port:
        info = [link.attr(4, b"bond\0"), link.attr(5, attrs)]
    else:
        info = [link.attr(1, b"bond\0"), link.attr(2, attrs)]
    netlink(text, Link.NEWLINK, 0, link.header(port or "bond0") + link.attr(18, info), settle=False)
    tell(before)


def stage(mode, up=False, ports=()):
    """A new bond0."""
    if os.path.exists("/sys/class/net/bond0"):
        prepare_quick("/sys/class/net/bonding_masters", "-bond0")
    prepare_quick("/sys/class/net/bonding_masters", "+bond0")
    prepare_quick("/sys/class/net/bond0/bonding/mode", MODES[mode])
    for port in ports:
        prepare_quick("/sys/class/net/bond0/bonding/slaves", f"+{port}")
    if up:
        os.system("ip link set bond0 up")
    log_lines()


def prepare_quick(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def every_value():
    title("every value, where the option is at home")
    for o in FILES:
        stage(next(m for m in (0, 1, 4, 5) if m in o.modes))
        if o.delay:
            put(o.name, "100\n")
            prepare_quick("/sys/class/net/bond0/bonding/miimon", "100")
        for text in o.texts() + [t for t in GARBAGE if o.name not in NEW_VALUES or t not in ("off\n", "3 2\n")]:
            put(o.name, text)
            if o.name == "mode":
                stage(0)
    for o in [o for o in BOND if o.nla and o.name not in BY_HAND | NEW]:
        stage(next(m for m in (0, 1, 4, 5) if m in o.modes))
        if o.delay:
            prepare_quick("/sys/class/net/bond0/bonding/miimon", "100")
        top = (1 << 8 * o.wire) - 1
        for n in sorted({0, 1, 2, o.low, o.high, o.high - 1, o.high + 1, top}):
            if 0 <= n <= top and n != NEW_VALUES.get(o.name):
                ask(f"{o.name} {n}", link.attr(o.nla, o.payload(n)))
                if o.name == "mode":
                    stage(0)
        for size in (0, o.wire - 1, o.wire + 1, 9):
            ask(f"{o.name} of {size} octets", link.attr(o.nla, (b"\1" + bytes(9))[:max(size, 0)]))


def every_context():
    title("every option in every mode, up and down, with and without ports")
    for mode in range(7):
        for up in (False, True):
            for ports in ((), ("p0", "p1")):
                title(f"{MODES[mode]} {'up' if up else 'down'} {' '.join(ports)}")
                stage(mode, up, ports)
                for o in FILES:
                    if o.name in ("mode", "fail_over_mac", "arp_interval", "miimon"):
                        continue
                    put(o.name, f"{o.low + 1}\n")
                    put(o.name, "garbage\n")
                steps = [("mode", "5\n"), ("mode", f"{mode}\n"), ("fail_over_mac", "1\n")]
                if not (up and ports):	# or the ARP monitor would begin to work
                    steps += [("arp_interval", "100\n"), ("arp_validate", "1\n"), ("miimon", "50\n"), ("arp_interval", "200\n"),
                              ("miimon", "0\n")]
                for name, text in steps:
                    put(name, text)
                for o in [o for o in BOND if o.name in NETLINK_ONLY - NEW and o.wire == 1]:
                    ask(f"{o.name} 1", link.attr(o.nla, o.payload(1)))


def what_modes_do():
    title("what a change of mode does to other options")
    for old in range(7):
        for new in range(7):
            stage(old)
            for name, text in (("arp_interval", "300"), ("arp_validate", "1"), ("tlb_dynamic_lb", "0"), ("primary", "p0"),
                               ("lacp_rate", "1"), ("packets_per_slave", "3")):
                try:
                    prepare_quick(f"/sys/class/net/bond0/bonding/{name}", text)
                except OSError:
                    pass
            log_lines()
            if old != new:
                put("mode", f"{new}\n")


def delays():
    title("delays and the two monitors")
    stage(1)
    for name, text in (("miimon", "100"), ("updelay", "250"), ("downdelay", "350"), ("peer_notif_delay", "400"),
                       ("miimon", "150"), ("miimon", "70"), ("miimon", "1000"), ("arp_interval", "500"), ("arp_validate", "2"),
                       ("updelay", "100"), ("miimon", "0"), ("arp_interval", "0"), ("miimon", "100"), ("arp_interval", "200"),
                       ("arp_validate", "3"), ("miimon", "100"), ("miimon", "0"), ("updelay", "0")):
        put(name, text)


def by_hand():
    title("ports, queues, addresses")
    stage(1, True, ("p0", "p1"))
    for name, texts in (
            ("active_slave", ("", "nosuch\n", "p2\n", "p1\n", "p1\n", "p1 x\n", " p0\n", "p0p0p0p0p0p0p0p0p0p0\n", "lo\n")),
            ("primary", ("", "nosuch\n", "p1\n", "p0\n", "p2 x\n")),
            ("queue_id", ("p0:1\n", "p1:1\n", "p1:2\n", "p0:0\n", "p1:0\n", "p0:15\n", "p0:16\n", "p0:17\n", "p0\n", "p0:\n", ":1\n",
                          "nosuch:1\n", "p2:1\n", "p0:x\n", "p0:-1\n", "p0:1 x\n", "p0 :1\n", " p0:1\n", "", "\n")),
            ("slaves", ("p2\n", "+\n", "-\n", "+nosuch\n", "-nosuch\n", "-p2\n", "+ p2\n", "", "\n", "*p2\n", "+p0\n")),
            ("arp_ip_target", ("+10.0.0.1\n", "+10.0.0.1\n", "-10.0.0.2\n", "-10.0.0.1\n", "10.0.0.1\n", "+garb\n", "+\n", "+10.0.0\n",
                               "+10.0.0.1.2\n", "+10.0.0.256\n", "+0.0.0.0\n", "+255.255.255.255\n", "+224.0.0.1\n", "+0.1.2.3\n",
                               "-0.0.0.0\n", "+10.0.0.3 x\n", "+10.0.0.4x\n", "+ 10.0.0.5\n", " +10.0.0.6\n", "", "\n", "-\n") +
             tuple(f"+10.1.0.{i}\n" for i in range(14)) + ("-10.1.0.3\n", "+10.9.0.0\n"))):
        for text in texts:
            put(name, text)
    title("a port of another bond, another name, no target left")
    prepare("ip link add bond1 type bond; ip link set p2 master bond1; ip link property add dev p0 altname other0")
    for name, texts in (
            ("active_slave", ("p2\n", "other0\n")), ("queue_id", ("other0:2\n", "p0:0\n", "p2:1\n")), ("slaves", ("-p2\n",)),
            ("arp_ip_target", [f"-{line}\n" for line in read("/sys/class/net/bond0/bonding/arp_ip_target").split()[1:]]),
            ("arp_interval", ("100000\n",)), ("arp_ip_target", ("-10.0.0.1\n", "+10.0.0.1\n", "+10.0.0.2\n", "-10.0.0.1\n", "-10.0.0.2\n"))):
        for text in texts:
            put(name, text)
    ask("active_slave of another bond", link.attr(1, struct.pack("=I", socket.if_nametoindex("p2"))))
    ask("arp_ip_target none", link.attr(8, b""))
    prepare("ip link del bond1; ip link property del dev p0 altname other0")
    stage(4)
    for text in ("02:00:00:00:00:01\n", "00:00:00:00:00:00\n", "01:00:00:00:00:00\n", "ff:ff:ff:ff:ff:ff\n", "02:00:00:00:00\n",
                 "02:00:00:00:00:01:02\n", "02-00-00-00-00-01\n", "2:0:0:0:0:1\n", "garb\n", "", "\n", "02:00:00:00:00:0A x\n",
                 " 02:00:00:00:00:0b\n", "02:00:00:00:00:0g\n"):
        put("ad_actor_system", text)
    stage(1, True, ("p0", "p1"))
    for o in [o for o in BOND if o.name in ("active_slave", "primary")]:
        for index in (0, 1, 9999):
            ask(f"{o.name} {index}", link.attr(o.nla, struct.pack("=I", index)))
    for n in (3, 16, 17, 65535, 0):
        ask(f"queue_id {n}", link.attr(5, struct.pack("=H", n)), port="p0")
    for mode in range(7):
        stage(mode, True, ("p0", "p1"))
        for o in [o for o in PORT if o.name != "queue_id"]:
            for n in (0, 7, o.high):
                ask(f"{o.name} {n} in {MODES[mode]}", link.attr(o.nla, o.payload(n)), port="p1")


def masters():
    title("bonding_masters")
    stage(0)
    for text in ("+bond1\n", "+bond1\n", "-bond1\n", "-bond1\n", "bond1\n", "+\n", "+a b\n", "-a\n", "+bond/\n", "-p0\n", "+p0\n", "",
                 "\n", "*x\n", " +bond3\n", "-bond3\n", "+b:c\n", "+.\n"):
        write("/sys/class/net/bonding_masters", text, settle=False)
        fact("out", repr(read("/sys/class/net/bonding_masters")))
        for _, line in log_lines():
            fact("log", line)


cables(3)
load("max_bonds=0")
prepare("ip -n far link set w0 up")
every_value()
every_context()
what_modes_do()
delays()
by_hand()
masters()
_begin("the end")
done()
