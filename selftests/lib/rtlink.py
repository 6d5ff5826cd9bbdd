# SPDX-License-Identifier: GPL-2.0
"""rtnetlink requests about links without starting a process for each: tests that do thousands of them need that."""
import ctypes
import errno
import os
import socket
import struct

NEWLINK, DELLINK, GETLINK, SETLINK, NEWADDR, GETSTATS = 16, 17, 18, 19, 20, 94
IFF_UP = 1
_libc = ctypes.CDLL(None, use_errno=True)


def attr(kind, payload=b""):
    """One attribute; a list becomes a nest."""
    if isinstance(payload, (list, tuple)):
        kind, payload = kind | 0x8000, b"".join(payload)
    elif isinstance(payload, str):
        payload = payload.encode() + b"\0"
    elif isinstance(payload, int):
        payload = struct.pack("=I", payload)
    size = 4 + len(payload)
    return struct.pack("=HH", size, kind) + payload + b"\0" * (-size % 4)


def attributes(data):
    """{type: payload} of a run of attributes."""
    out, at = {}, 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        if size < 4:
            break
        out[kind & 0x3fff] = data[at + 4:at + size]
        at += (size + 3) & ~3
    return out


def in_namespace(name, function):
    """What function returns when called inside a network namespace."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    away = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        if _libc.setns(away, 0):
            raise OSError(ctypes.get_errno(), "setns")
        return function()
    finally:
        _libc.setns(home, 0)
        os.close(home)
        os.close(away)


class Rtnetlink:
    """A socket to rtnetlink: requests with their verdict and what the kernel has to say about it."""

    def __init__(self, namespace=None):
        make = lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.s = in_namespace(namespace, make) if namespace else make()
        self.s.bind((0, 0))
        self.s.setsockopt(270, 11, 1)	# SOL_NETLINK, NETLINK_EXT_ACK
        self.seq = 0

    def ask(self, kind, flags, body):
        """(errno name or "OK", extack text, offset of the bad attribute in body, answers)"""
        self.seq += 1
        self.s.send(struct.pack("=IHHII", 16 + len(body), kind, flags | 5, self.seq, 0) + body)
        answers = []
        while True:
            data, at = self.s.recv(1 << 16), 0
            while at < len(data):
                size, kind, flags = struct.unpack_from("=IHH", data, at)
                if kind == 2:
                    return self._verdict(data[at:at + size], flags) + (answers,)
                if kind == 3:
                    return "OK", "", None, answers
                answers.append(data[at + 16:at + size])
                at += (size + 3) & ~3

    @staticmethod
    def _verdict(data, flags):
        err = -struct.unpack_from("=i", data, 16)[0]
        text, offset = "", None
        if flags & 0x200:
            skip = 36 if flags & 0x100 else 20 + ((struct.unpack_from("=I", data, 20)[0] + 3) & ~3)
            told = attributes(data[skip:])
            text = told.get(1, b"").rstrip(b"\0").decode()
            if 2 in told:
                offset = struct.unpack("=I", told[2])[0] - 16
        return (errno.errorcode.get(err, str(err)) if err else "OK"), text, offset


class Links(Rtnetlink):
    """The links of one namespace."""

    def request(self, kind, flags, body):
        """(errno name or "OK", answers)"""
        answer = self.ask(kind, flags, body)
        return answer[0], answer[3]

    def get(self, name):
        """{"index", "flags", attribute: payload} or None."""
        verdict, answers = self.request(GETLINK, 0, struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0) + attr(3, name))
        if verdict != "OK":
            return None
        out = attributes(answers[0][16:])
        _, _, _, out["index"], out["flags"], _ = struct.unpack_from("=BBHiII", answers[0])
        return out

    def bond_xstats(self, name, port=None):
        """The counters of 802.3ad of a bond, or of a port, in the order of their numbers."""
        which = 3 if port else 2	# IFLA_STATS_LINK_XSTATS_SLAVE, IFLA_STATS_LINK_XSTATS
        _, answers = self.request(GETSTATS, 0, struct.pack("=IiI", 0, self.get(name)["index"], 1 << (which - 1)))
        nest = attributes(answers[0][12:])[which]
        for number in 2, 1:	# LINK_XSTATS_TYPE_BOND, BOND_XSTATS_3AD
            nest = attributes(nest)[number]
        return [struct.unpack("=Q", value)[0] for number, value in sorted(attributes(nest).items()) if len(value) == 8]

    def set(self, name, *attrs, up=None):
        """SETLINK: attributes and, if given, up or down."""
        change = 0 if up is None else IFF_UP
        return self.request(NEWLINK, 0, struct.pack("=BBHiII", 0, 0, 0, 0, IFF_UP if up else 0, change)
                            + attr(3, name) + b"".join(attrs))[0]

    def add(self, name, kind, *data, link=None):
        """A new device of a kind with IFLA_INFO_DATA attributes."""
        body = struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0) + attr(3, name)
        if link is not None:
            body += attr(5, link)
        return self.request(NEWLINK, 0x600, body + attr(18, [attr(1, kind), attr(2, list(data))]))[0]

    def delete(self, name):
        """DELLINK"""
        return self.request(DELLINK, 0, struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0) + attr(3, name))[0]

    def master(self, name, master):
        """Into a master, or out of it with None."""
        there = self.get(master) if master else {"index": 0}
        return self.set(name, attr(10, there["index"])) if there else "ENODEV"

    def address(self, name, ip, prefix):
        """An IPv4 address."""
        body = struct.pack("=BBBBi", 2, prefix, 0, 0, self.get(name)["index"])
        ip = socket.inet_aton(ip)
        return self.request(NEWADDR, 0x600, body + attr(2, ip) + attr(1, ip))[0]
