# SPDX-License-Identifier: GPL-2.0
"""Bonds by raw netlink and sysfs, for tests that need extack, exact attributes or speed; and TAP."""
import errno
import os
import socket
import struct
import sys

from rtlink import GETLINK, NEWLINK, Rtnetlink, attr, attributes

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


class Netlink(Rtnetlink):
    """Options of bonds and of their ports."""

    @staticmethod
    def header(dev=None):
        index = socket.if_nametoindex(dev) if dev else 0
        return struct.pack("=BBHiII", 0, 0, 0, index, 0, 0)

    def set_bond(self, dev, *options):
        """Changes options of a bond; the offset is that within the options."""
        lead = self.header(dev) + attr(18, [attr(1, b"bond\0")])
        body = self.header(dev) + attr(18, [attr(1, b"bond\0"), attr(2, options)])
        verdict, text, offset, _ = self.ask(NEWLINK, 0, body)
        return verdict, text, None if offset is None else offset - len(lead) - 4

    def set_port(self, dev, *options):
        body = self.header(dev) + attr(18, [attr(4, b"bond\0"), attr(5, options)])
        return self.ask(NEWLINK, 0, body)[:3]

    def add_bond(self, name, *options):
        body = self.header() + attr(3, name.encode() + b"\0") + attr(18, [attr(1, b"bond\0"), attr(2, options)])
        return self.ask(NEWLINK, 0x600, body)[:3]

    def info(self, dev, data=2):
        """{attribute: payload} of IFLA_INFO_DATA, or with data=5 of IFLA_INFO_SLAVE_DATA."""
        answers = self.ask(GETLINK, 0, self.header(dev))[3]
        return attributes(attributes(attributes(answers[0][16:]).get(18, b"")).get(data, b"")) if answers else {}


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
