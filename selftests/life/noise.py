# SPDX-License-Identifier: GPL-2.0
"""What goes on all the time during a random life: frames of every kind from both sides, and people who look at things."""
import os
import random
import socket
import struct
import time
import traceback

from rtlink import Links, in_namespace

SLOW = bytes.fromhex("0180c2000002")
ALL = b"\xff" * 6


def ip4(dice, proto, payload):
    """An IPv4 packet, sometimes a lying one."""
    length = 20 + len(payload) if dice.random() < 0.9 else dice.randrange(65536)
    first = 0x45 if dice.random() < 0.95 else dice.randrange(256)
    return struct.pack("!BBHHHBBH4s4s", first, 0, length, 1, dice.choice((0, 0, 0x2000, 0x4000)), 64, proto, 0,
                       socket.inet_aton("192.0.2." + str(dice.choice((1, 2, 3, 255)))),
                       socket.inet_aton("192.0.2." + str(dice.choice((1, 2, 3, 255))))) + payload


def arp(dice):
    """A question or an answer between the addresses of the stage."""
    address = [socket.inet_aton("192.0.2." + str(dice.choice((1, 2, 3, 9)))) for _ in range(2)]
    return struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, dice.choice((1, 2, 9)), dice.randbytes(6), address[0],
                       dice.randbytes(6), address[1])


def neighbour6(dice):
    """A neighbour solicitation or advertisement."""
    body = struct.pack("!BBHI16s", dice.choice((133, 135, 136)), 0, 0, 0, socket.inet_pton(socket.AF_INET6, "2001:db8::2"))
    return struct.pack("!IHBB16s16s", 0x60000000, len(body), 58, 255, socket.inet_pton(socket.AF_INET6, "2001:db8::2"),
                       socket.inet_pton(socket.AF_INET6, dice.choice(("ff02::1", "2001:db8::1")))) + body


def lacpdu(dice):
    """An LACPDU or a marker, well formed but for its values."""
    def info(kind):
        return struct.pack("!BBH6sHHHB3x", kind, 20, dice.choice((1, 65535)), dice.choice((bytes(6), b"\2\0\0\0\0\7")),
                           dice.choice((0, 1, 15)), 255, dice.randrange(4), dice.randrange(256))
    if dice.random() < 0.2:
        return struct.pack("!BBBBH6sI2xBB90x", 2, 1, dice.choice((1, 2)), 16, 1, b"\2\0\0\0\0\7", 1, 0, 0)
    return struct.pack("!BB", 1, 1) + info(1) + info(2) + struct.pack("!BBH12xBB50x", 3, 16, 0, 0, 0)


def frame(dice):
    """Any frame."""
    kind = dice.randrange(10)
    target = dice.choice((ALL, SLOW, b"\2\0\0\0\x09\0", b"\2\0\0\0\x09\2", b"\x33\x33\0\0\0\1", dice.randbytes(6)))
    head = target + dice.choice((b"\2\0\0\0\x0c\1", dice.randbytes(6)))
    vlan = dice.choice((b"", b"", struct.pack("!HH", 0x8100, dice.choice((0, 5, 6))), struct.pack("!HHHH", 0x88a8, 50, 0x8100, 5)))
    if kind < 2:
        return SLOW + head[6:] + b"\x88\x09" + lacpdu(dice)
    if kind < 4:
        return head + vlan + b"\x08\x06" + arp(dice)
    if kind < 5:
        return head + vlan + b"\x86\xdd" + neighbour6(dice)
    if kind < 8:
        return head + vlan + b"\x08\0" + ip4(dice, dice.choice((1, 2, 6, 17, 4, 47)), dice.randbytes(dice.choice((0, 8, 20, 60, 1000))))
    return (head + dice.randbytes(dice.choice((2, 3, 20, 100, 1400))))[:dice.choice((14, 15, 60, 1514))].ljust(14, b"\0")


def sender(seed, names):
    """Sends frames from devices of this namespace, existing or not."""
    dice = random.Random(seed)
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setblocking(False)
    while True:
        for _ in range(dice.randrange(1, 12)):
            try:
                s.sendto(frame(dice), (dice.choice(names), 0))
            except OSError:
                pass
        time.sleep(dice.choice((0.002, 0.01, 0.05)))


def looker(seed):
    """Reads every file of every bond, and asks netlink for all links, statistics and addresses."""
    dice = random.Random(seed)
    links = Links()
    while True:
        for name in ("b0", "b1"):
            folder = f"/sys/class/net/{name}/bonding"
            try:
                paths = [f"{folder}/{f}" for f in os.listdir(folder)] + [f"/proc/net/bonding/{name}", f"/sys/class/net/{name}/carrier"]
            except OSError:
                continue
            # a bond that is going has less than five
            for path in dice.sample(paths, min(5, len(paths))) + paths[-2:]:
                try:
                    with open(path, "rb") as f:
                        f.read()
                except OSError:
                    pass
        links.request(18, 0x300, bytes(16))
        links.request(94, 0x300, struct.pack("=BBHiI", 0, 0, 0, 0, 0x1f))
        time.sleep(dice.choice((0.02, 0.1)))


def start(seed):
    """The children; kill them when the life is over."""
    jobs = (lambda: sender(seed, ("b0", "b1", "b0v40", "b1v40", "v2")),
            lambda: in_namespace("far", lambda: sender(seed + 1, ("w0", "w1", "w2", "w3", "br0", "b2"))),
            lambda: looker(seed))
    children = []
    for job in jobs:
        pid = os.fork()
        if pid == 0:
            try:
                job()
            except BaseException:	# pylint: disable=broad-exception-caught
                print("# traffic: " + traceback.format_exc().replace("\n", "\n#   "), flush=True)
            finally:
                os._exit(1)
        children.append(pid)
    return children
