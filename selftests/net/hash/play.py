#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Plays the frames of frames.py (on stdin) through a bond of 2 to 8 ports
under every hash policy and prints, per frame, which port each left by:

    NAME then one word per policy, one digit per number of ports; x = not sent
"""
import select
import socket
import struct
import subprocess
import sys

POLICIES = ("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac")
MOST = 8
PACKET_VNET_HDR, SOL_PACKET = 15, 263


def ip(words):
    subprocess.run(["ip"] + words.split(), check=True)


def setup():
    ip("link add bond type bond mode balance-xor miimon 100")
    for i in range(MOST):
        ip(f"link add port{i} type dummy")
        ip(f"link set port{i} mtu 9000")
    for i in range(2):
        ip(f"link set port{i} master bond")
    ip("link set bond mtu 9000 up")
    for words in ("link bond name vlan10 type vlan id 10", "link bond name prio type vlan id 11 egress-qos-map 0:5",
                  "link vlan10 name qinq type vlan id 20", "link bond name ad type vlan proto 802.1ad id 30"):
        ip(f"link add {words}")
        ip(f"link set dev {words.split()[3]} mtu 8900 up")


class Wire:
    """Sends on a device, sees which port a frame leaves by."""

    def __init__(self):
        self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.out = {False: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0),
                    True: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)}
        self.out[True].setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)

    def play(self, via, proto, linear, data):
        if linear:
            data = struct.pack("<BBHHHH", 0, 0, linear, 0, 0, 0) + data
        try:
            self.out[bool(linear)].sendto(data, (via, proto))
        except OSError as e:
            print(f"# {via}: {e}", file=sys.stderr)
            return "x"
        src = data[-len(data) + (16 if linear else 6):][:6]
        while select.select([self.tap], [], [], 1)[0]:
            got, addr = self.tap.recvfrom(64)
            if addr[0].startswith("port") and got[6:12] == src:
                return addr[0][4:]
        return "x"


def main():
    frames = [line.split() for line in sys.stdin]
    setup()
    wire = Wire()
    seen = {f[0]: [""] * len(POLICIES) for f in frames}
    for n in range(2, MOST + 1):
        if n > 2:
            ip(f"link set port{n - 1} master bond")
        for k, policy in enumerate(POLICIES):
            with open("/sys/class/net/bond/bonding/xmit_hash_policy", "w", encoding="ascii") as f:
                f.write(policy)
            for name, via, proto, linear, pad, hexdata in frames:
                data = bytes.fromhex(hexdata) + bytes(int(pad))
                seen[name][k] += wire.play(via, int(proto, 16), int(linear), data)
    for name, words in seen.items():
        print(name, *words)
    ip("link del bond")
    for i in range(MOST):
        ip(f"link del port{i}")


main()
