#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Who sees a frame that arrives on an active or an idle port: taps on port and bond, exact ones and those for all types."""
import os
import socket
import struct
import time

from player import cables, done, fact, load, prepare, read, run, title, write

KINDS = [
    # name			destination		type	inside a VLAN
    ("unicast-ip", "02:00:00:00:01:01", 0x0800, None),
    ("unicast-other-mac", "02:00:00:00:09:09", 0x0800, None),
    ("unicast-private", "02:00:00:00:01:01", 0x88b5, None),
    ("broadcast-ip", "ff:ff:ff:ff:ff:ff", 0x0800, None),
    ("broadcast-arp", "ff:ff:ff:ff:ff:ff", 0x0806, None),
    ("broadcast-private", "ff:ff:ff:ff:ff:ff", 0x88b5, None),
    ("multicast-ip", "01:00:5e:00:00:01", 0x0800, None),
    ("multicast-private", "01:00:5e:11:22:33", 0x88b5, None),
    ("lldp", "01:80:c2:00:00:0e", 0x88cc, None),
    ("slow", "01:80:c2:00:00:02", 0x8809, None),
    ("slow-to-unicast", "02:00:00:00:01:01", 0x8809, None),
    ("stp", "01:80:c2:00:00:00", 0x0026, None),
    ("pause", "01:80:c2:00:00:01", 0x8808, None),
    ("linklocal-ip", "01:80:c2:00:00:0e", 0x0800, None),
    ("vlan5-unicast", "02:00:00:00:01:01", 0x0800, 5),
    ("vlan5-broadcast", "ff:ff:ff:ff:ff:ff", 0x88b5, 5),
    ("vlan5-lldp", "01:80:c2:00:00:0e", 0x88cc, 5),
    ("vlan6-unknown", "ff:ff:ff:ff:ff:ff", 0x0800, 6),
    ("learning", "02:00:00:00:01:01", 0x9000, None),
]
MARK = b"bedframe"


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def udp(payload):
    """An IPv4 UDP datagram to 192.0.2.1, as far as a receiver looks."""
    total = 28 + len(payload)
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 1, 0, 64, 17, 0, socket.inet_aton("192.0.2.2"), socket.inet_aton("192.0.2.1"))
    words = sum(struct.unpack("!10H", head))
    words = (words & 0xffff) + (words >> 16)
    head = head[:10] + struct.pack("!H", ~(words + (words >> 16)) & 0xffff) + head[12:]
    return head + struct.pack("!HHHH", 7000, 7000, 8 + len(payload), 0) + payload


def build(dst, kind, vlan, number):
    body = MARK + struct.pack("!H", number)
    payload = udp(body) if kind == 0x0800 else b"\x42\x42\x03" + body if kind < 0x600 else body
    tag = struct.pack("!HH", 0x8100, vlan) if vlan else b""
    return (mac(dst) + mac("02:00:00:00:02:01") + tag + struct.pack("!H", kind) + payload).ljust(60, b"\0")


def in_far(function):
    """Runs function in the namespace far, in a child."""
    pid = os.fork()
    if pid == 0:
        fd = os.open("/run/netns/far", os.O_RDONLY)
        __import__("ctypes").CDLL(None).setns(fd, 0)
        function()
        os._exit(0)
    os.waitpid(pid, 0)


class Tap:
    """One packet socket."""

    def __init__(self, dev, proto):
        self.name = f"{dev or 'any'}/{proto:#06x}"
        self.s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0 if dev else socket.htons(proto))
        self.s.setblocking(False)
        if dev:
            self.s.bind((dev, proto))

    def got(self):
        """{number of frame: [where and as what it was seen]}"""
        seen = {}
        while True:
            try:
                data, (dev, proto, ptype, _, _) = self.s.recvfrom(2048)
            except BlockingIOError:
                return seen
            except OSError:
                continue	# the device went down: said once
            if MARK in data and ptype != 4:
                number = struct.unpack("!H", data[data.index(MARK) + 8:][:2])[0]
                seen.setdefault(number, []).append(f"{self.name} as {dev} type {proto:#06x} to {ptype}")


def counters(dev):
    names = ("rx_packets", "rx_dropped", "rx_nohandler", "multicast")
    return [int(read(f"/sys/class/net/{dev}/statistics/{n}")) for n in names]


def frames_on(port):
    """One frame of each kind arrives on this port."""
    devs = ("p0", "p1", "bond0", "vlan5", None)
    taps = [Tap(d, proto) for d in devs for proto in (3, 0x0800, 0x0806, 0x88b5, 0x88cc, 0x8809, 4, 0x8808, 0x9000)]
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setblocking(False)
    listener.bind(("", 7000))
    time.sleep(0.2)
    before = {d: counters(d) for d in devs if d}

    def send():
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        s.bind((port.replace("p", "w"), 0))
        for number, (_, dst, kind, vlan) in enumerate(KINDS):
            s.send(build(dst, kind, vlan, number))
            time.sleep(0.02)
    in_far(send)
    time.sleep(0.3)
    seen = {}
    for tap in taps:
        for number, lines in tap.got().items():
            seen.setdefault(number, []).extend(lines)
    while True:
        try:
            data = listener.recv(2048)
        except BlockingIOError:
            break
        seen.setdefault(struct.unpack("!H", data[8:10])[0], []).append("udp socket")
    for number, (name, _, _, _) in enumerate(KINDS):
        for line in seen.get(number, ["nobody"]):
            fact("seen", f"{name} on {port}: {line}")
    for d, was in before.items():
        fact("count", f"{d} rx_packets, rx_dropped, rx_nohandler, multicast: "
             + ", ".join(str(b - a) for a, b in zip(was, counters(d))))


cables(2)
# or routers are asked for, now and then, from the far end
prepare("ip netns exec far sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1")
load("max_bonds=0")
for mode in "active-backup", "balance-rr":
    for deliver in 0, 1:
        title(f"{mode}, all_slaves_active {deliver}")
        run(f"ip link add bond0 type bond mode {mode} miimon 100")
        prepare("ip link set p0 down; ip link set p1 down; ip link set p0 master bond0; ip link set p1 master bond0",
                "ip link set bond0 up; ip addr add 192.0.2.1/24 dev bond0",
                "ip link add link bond0 name vlan5 type vlan id 5; ip link set vlan5 up",
                "sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.bond0.rp_filter=0")
        write("/sys/class/net/bond0/bonding/all_slaves_active", f"{deliver}\n")
        frames_on("p0")
        frames_on("p1")
        if mode == "active-backup" and not deliver:
            title("after a failover")
            run("ip -n far link set w0 down; sleep 0.5; ip -n far link set w0 up")
            frames_on("p0")
            frames_on("p1")
            title("promiscuous bond")
            run("ip link set bond0 promisc on")
            frames_on("p0")
            frames_on("p1")
            title("bond down, ports up")
            run("ip link set bond0 down")
            frames_on("p0")
            frames_on("p1")
        run("ip link del bond0")
done()
