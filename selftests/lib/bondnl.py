# SPDX-License-Identifier: GPL-2.0
"""Bonds by raw netlink and sysfs, for tests that need extack, exact attributes or speed; and TAP."""
import errno
import os
import socket
import struct
import sys

NEWLINK, DELLINK, GETLINK = 16, 17, 18
_count = [0, 0]		# tests, failures


def tap(good, text, why=""):
    """One test's outcome."""
    _count[0] += 1
    if not good:
        _count[1] += 1
    print(f"{'ok' if good else 'not ok'} {_count[0]} {text}", flush=True)
    if not good and why:
        for line in str(why).splitlines():
            print(f"#   {line}", flush=True)


def finish():
    """Ends the program with the plan."""
    print(f"1..{_count[0]}", flush=True)
    sys.exit(1 if _count[1] else 0)


def attr(kind, payload=b""):
    """One netlink attribute; a list is nested."""
    if isinstance(payload, (list, tuple)):
        kind |= 0x8000
        payload = b"".join(payload)
    size = 4 + len(payload)
    return struct.pack("=HH", size, kind) + payload + b"\0" * (-size % 4)


def attrs(data):
    """{type: payload} of a run of attributes."""
    out, at = {}, 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        if size < 4:
            break
        out[kind & 0x3fff] = data[at + 4:at + size]
        at += (size + 3) & ~3
    return out


class Netlink:
    """A socket to rtnetlink."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.sock.bind((0, 0))
        self.sock.setsockopt(270, 11, 1)	# SOL_NETLINK, NETLINK_EXT_ACK
        self.seq = 0

    def request(self, kind, flags, body):
        """(errno name or "OK", extack text, offset of the bad attribute in body, answers)"""
        self.seq += 1
        self.sock.send(struct.pack("=IHHII", 16 + len(body), kind, flags | 5, self.seq, 0) + body)
        answers = []
        while True:
            data, at = self.sock.recv(1 << 20), 0
            while at < len(data):
                size, kind, flags, _, _ = struct.unpack_from("=IHHII", data, at)
                if kind == 2:
                    return self._verdict(data[at:at + size], flags) + (answers,)
                answers.append(data[at + 16:at + size])
                at += (size + 3) & ~3

    @staticmethod
    def _verdict(data, flags):
        err = -struct.unpack_from("=i", data, 16)[0]
        text, offset = "", None
        if flags & 0x200:
            skip = 36 if flags & 0x100 else 20 + ((struct.unpack_from("=I", data, 20)[0] + 3) & ~3)
            told = attrs(data[skip:])
            text = told.get(1, b"").rstrip(b"\0").decode()
            if 2 in told:
                offset = struct.unpack("=I", told[2])[0] - 16
        return (errno.errorcode.get(err, str(err)) if err else "OK"), text, offset

    @staticmethod
    def header(dev=None):
        index = socket.if_nametoindex(dev) if dev else 0
        return struct.pack("=BBHiII", 0, 0, 0, index, 0, 0)

    def set_bond(self, dev, *options):
        """Changes options of a bond; the offset is that within the options."""
        lead = self.header(dev) + attr(18, [attr(1, b"bond\0")])
        body = self.header(dev) + attr(18, [attr(1, b"bond\0"), attr(2, options)])
        verdict, text, offset, _ = self.request(NEWLINK, 0, body)
        return verdict, text, None if offset is None else offset - len(lead) - 4

    def set_port(self, dev, *options):
        body = self.header(dev) + attr(18, [attr(4, b"bond\0"), attr(5, options)])
        return self.request(NEWLINK, 0, body)[:3]

    def add_bond(self, name, *options):
        body = self.header() + attr(3, name.encode() + b"\0") + attr(18, [attr(1, b"bond\0"), attr(2, options)])
        return self.request(NEWLINK, 0x600, body)[:3]

    def info(self, dev, data=2):
        """{attribute: payload} of IFLA_INFO_DATA, or with data=5 of IFLA_INFO_SLAVE_DATA."""
        answers = self.request(GETLINK, 0, self.header(dev))[3]
        return attrs(attrs(attrs(answers[0][16:]).get(18, b"")).get(data, b"")) if answers else {}


def write(path, text):
    """One write() to a file of sysfs: "OK" or the name of the errno."""
    try:
        fd = os.open(path, os.O_WRONLY)
    except OSError as e:
        return errno.errorcode[e.errno]
    try:
        os.write(fd, text.encode())
        return "OK"
    except OSError as e:
        return errno.errorcode[e.errno]
    finally:
        os.close(fd)


def read(path):
    """A file's text, or the name of the errno."""
    try:
        with open(path, encoding="utf-8") as f:
            return f.read()
    except OSError as e:
        return errno.errorcode[e.errno]


def folder(path):
    """All files of a folder of sysfs."""
    return {f: read(f"{path}/{f}") for f in sorted(os.listdir(path))}
