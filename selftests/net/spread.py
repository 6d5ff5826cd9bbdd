# SPDX-License-Identifier: GPL-2.0
"""Which port does each of many flows take?

usage: spread.py [TABLE] SPEED SPEED...		(Mbit/s, one per port; with a TABLE its lines only)

Makes a balance-xor bond over that many taps, sends one frame of every flow and reads at the taps where it came out;
then takes the first port's carrier and gives it back.  Prints "name value" lines:

	modulo.even resilient.even seeded.even	flows on the busiest port, over the mean
	resilient.share.N	flows on port N, over what its speed entitles it to
	TABLE.survivors		flows that moved away from a port that was there all the time, on the loss of the first
	TABLE.lost		flows of which no frame arrived then
	TABLE.back		share of all flows that moved on its return
	seeded.polarised	of the flows of the first port, those on the busiest port of a box with another seed, over
				the mean
"""
import fcntl
import os
import random
import socket
import struct
import subprocess
import sys
import time

FLOWS = 10000
TUNSETIFF, TUNSETCARRIER = 0x400454CA, 0x400454E2
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
MAGIC = b"spreadflow"


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def tap(name, speed):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    run("ethtool", "-s", name, "speed", str(speed), "duplex", "full")
    return fd


def carrier(fd, on):
    fcntl.ioctl(fd, TUNSETCARRIER, struct.pack("i", on))


def option(name, value):
    with open(f"/sys/class/net/bond0/bonding/{name}", "w", encoding="ascii") as f:
        f.write(f"{value}\n")


def frames():
    rng = random.Random(5)
    out = []
    for number in range(FLOWS):
        ip = struct.pack("!BBHHHBBHII", 0x45, 0, 46, number, 0, 64, 17, 0, rng.getrandbits(32), rng.getrandbits(32))
        udp = struct.pack("!HHHH", rng.randrange(1024, 65536), rng.randrange(1, 65536), 26, 0)
        sender = b"\2\0\0" + rng.randbytes(3)
        out.append(b"\2\0\0\0\0\x42" + sender + b"\x08\0" + ip + udp + MAGIC + bytes(8))
    return out


class Bond:
    def __init__(self, speeds):
        run("ip", "link", "add", "bond0", "type", "bond", "mode", "balance-xor", "xmit_hash_policy", "layer3+4",
            "miimon", "100")
        self.taps = [tap(f"x{i}", s) for i, s in enumerate(speeds)]
        for i in range(len(speeds)):
            run("ip", "link", "set", f"x{i}", "master", "bond0")
        run("ip", "link", "set", "bond0", "up")
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind(("bond0", 0x0800))
        self.frames = frames()

    def drain(self, place):
        for port, fd in enumerate(self.taps):
            while True:
                try:
                    frame = os.read(fd, 2048)
                except BlockingIOError:
                    break
                if frame[42:52] == MAGIC:
                    place[struct.unpack("!H", frame[18:20])[0]] = port

    def places(self):
        place = [None] * FLOWS
        for i, frame in enumerate(self.frames):
            self.socket.send(frame)
            if i % 100 == 99:
                self.drain(place)
        self.drain(place)
        return place

    def wait_usable(self, count):
        """A port that is back carries flows again once the bond says so."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with open("/proc/net/bonding/bond0", encoding="ascii") as f:
                if f.read().count("MII Status: up") == count + 1:
                    return
            time.sleep(0.01)
        raise SystemExit(f"not {count} ports up within 10 s")


def busiest(place, ports):
    return max(place.count(i) for i in range(ports)) * ports / len(place)


def main():
    only = None if sys.argv[1].isdigit() else sys.argv.pop(1)
    speeds = [int(s) for s in sys.argv[1:]]
    n = len(speeds)
    bond = Bond(speeds)
    bond.wait_usable(n)
    for table in (only,) if only else ("modulo", "resilient"):
        option("hash_table", table)
        before = bond.places()
        print(f"{table}.even {busiest(before, n):.4f}")
        if table == "resilient":
            for i, speed in enumerate(speeds):
                print(f"{table}.share.{i} {before.count(i) * sum(speeds) / speed / FLOWS:.4f}")
        carrier(bond.taps[0], 0)
        gone = bond.places()
        print(f"{table}.survivors {sum(b != g for b, g in zip(before, gone) if b)}")
        print(f"{table}.lost {gone.count(None)}")
        carrier(bond.taps[0], 1)
        bond.wait_usable(n)
        back = bond.places()
        print(f"{table}.back {sum(g != b for g, b in zip(gone, back)) / FLOWS:.4f}")
    if not only:
        seeds(bond, n)
    run("ip", "link", "del", "bond0")


def seeds(bond, n):
    """What hash_seed changes, and what it does for hashes of an octet; n ports."""
    option("hash_table", "modulo")
    first = bond.places()
    option("hash_seed", 4242)
    second = bond.places()
    print(f"seeded.even {busiest(second, n):.4f}")
    print(f"seeded.polarised {busiest([s for f, s in zip(first, second) if f == 0], n):.4f}")
    option("xmit_hash_policy", "layer2")
    option("hash_table", "resilient")
    for seed in (0, 4242):
        option("hash_seed", seed)
        print(f"layer2.even.{seed} {busiest(bond.places(), n):.4f}")


main()
