#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What a bond says by itself: the kinds of frames that leave each leg, in every mode, while nothing happens, while a leg is
lost and when it is back.  Not how often, and not when.

	bond0 -- p0 === w0	two sockets listen at the far ends, which are silent
	 .5   \\- p1 === w1	addresses on bond0 and on VLAN 5, a group on bond0
"""
import ctypes
import os
import socket
import struct
import time

from player import cables, done, fact, load, prepare, show, title

libc = ctypes.CDLL(None)


def far_sockets():
    """What arrives at w0 and w1."""
    home, far = os.open("/proc/self/ns/net", os.O_RDONLY), os.open("/run/netns/far", os.O_RDONLY)
    out = []
    assert not libc.setns(far, 0)
    for dev in "w0", "w1":
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        s.setsockopt(263, 8, 1)	# SOL_PACKET, PACKET_AUXDATA: veth hands tags up beside the frame
        s.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)	# SO_RCVBUFFORCE
        s.bind((dev, 3))
        s.setblocking(False)
        out.append(s)
    assert not libc.setns(home, 0)
    return out


def mac(octets):
    return octets.hex(":")


def icmp6(packet):
    """An ICMPv6 message in words, other IPv6 by its number."""
    kind, at = packet[6], 40
    if kind == 0:	# hop by hop
        kind, at = packet[40], 48 + packet[41] * 8
    if kind != 58:
        return f"next header {kind}"
    what = packet[at]
    if what not in (135, 136):
        return f"icmpv6 {what}"
    target = socket.inet_ntop(socket.AF_INET6, packet[at + 8:at + 24])
    flags = f" flags {packet[at + 4]:#04x}" if what == 136 else ""
    option = packet[at + 24:at + 32]
    return f"icmpv6 {what} from {socket.inet_ntop(socket.AF_INET6, packet[8:24])} for {target}{flags} " + \
        (f"option {option[0]} {mac(option[2:8])}" if len(option) == 8 else "no option")


def words(frame, tag):
    """A frame in words."""
    kind, body, tags = struct.unpack("!H", frame[12:14])[0], frame[14:], [f"vlan {tag}"] if tag else []
    while kind in (0x8100, 0x88a8):
        tags.append(f"vlan {struct.unpack('!H', body[:2])[0] & 4095}")
        kind, body = struct.unpack("!H", body[2:4])[0], body[4:]
    text = " ".join([f"{mac(frame[6:12])} > {mac(frame[:6])}"] + tags)
    if kind == 0x0806:
        return f"{text} arp {body[7]} {mac(body[8:14])} {socket.inet_ntoa(body[14:18])} {mac(body[18:24])} {socket.inet_ntoa(body[24:28])}"
    if kind == 0x86dd:
        return f"{text} {icmp6(body)}"
    if kind == 0x0800:
        return f"{text} ip protocol {body[9]} to {socket.inet_ntoa(body[16:20])}"
    return f"{text} type {kind:#06x}" + (f" subtype {body[0]}" if kind == 0x8809 else "")


def heard(what, seconds):
    """The kinds of frames that came in this time, by leg. Whose turn it is in balance-rr when IPv6 reports is a matter of chance."""
    show(f": {what}")
    time.sleep(seconds)
    either = set()
    for leg, s in enumerate(sockets):
        kinds = set()
        while True:
            try:
                frame, ancillary, _, _ = s.recvmsg(2048, 128)
            except BlockingIOError:
                break
            except OSError:
                continue	# the device was down: said once
            tag = 0
            for _, _, data in ancillary:
                status, _, _, _, _, tci, _ = struct.unpack("IIIHHHH", data[:20])
                tag = tci & 4095 if status & 16 else 0	# TP_STATUS_VLAN_VALID
            kind = words(frame, tag)
            (either if what.startswith("balance-rr") and "icmpv6" in kind else kinds).add(kind)
        for kind in sorted(kinds) or ["nothing"]:
            fact("wire", f"leg {leg}: {kind}")
    for kind in sorted(either):
        fact("wire", f"either leg: {kind}")


def listen(what, command, seconds):
    """A change, what comes after it, and what is still said when it is over."""
    prepare(command)
    heard(f"{what}, at first", seconds)
    heard(f"{what}, later", 4)


cables(2)
prepare("ip netns exec far sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1",
        "modprobe 8021q")
load("max_bonds=0")
sockets = far_sockets()
QUIET = "accept_dad=0 net.ipv6.conf.{0}.router_solicitations=0 net.ipv6.conf.{0}.disable_ipv6=0"
for mode in ("balance-rr", "active-backup", "active-backup num_grat_arp 3 resend_igmp 2", "balance-xor", "broadcast", "802.3ad",
             "balance-tlb", "balance-tlb tlb_dynamic_lb 0", "balance-alb"):
    title(mode)
    prepare(f"ip link add bond0 type bond mode {mode} miimon 100; ip link set p0 down; ip link set p1 down",
            "ip link set p0 master bond0; ip link set p1 master bond0; ip link add link bond0 name bond0.5 type vlan id 5",
            *(f"sysctl -qw net.ipv6.conf.{dev}.{QUIET.format(dev)}" for dev in ("bond0", "bond0/5")),
            "ip addr add 192.0.2.1/24 dev bond0; ip addr add 192.0.5.1/24 dev bond0.5",
            "ip addr add 2001:db8::1/64 dev bond0; ip addr add 2001:db8:5::1/64 dev bond0.5",
            "ip addr add 239.1.1.1 dev bond0 autojoin")
    listen(f"{mode}: up", "ip link set bond0 up; ip link set bond0.5 up", 6)
    for port in "01":
        listen(f"{mode}: without p{port}", f"ip -n far link set w{port} down", 3)
        listen(f"{mode}: p{port} is back", f"ip -n far link set w{port} up", 4)
    listen(f"{mode}: another address", "ip link set bond0 address 02:00:00:00:03:02", 3)
    prepare("ip link del bond0", "ip link set p0 address 02:00:00:00:01:01; ip link set p1 address 02:00:00:00:01:02")
    heard(f"{mode}: deleted", 0)
done()
