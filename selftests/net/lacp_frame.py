#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Sends slow-protocol frames that a decent partner would not send.

usage: lacp_frame.py DEVICE KIND [COUNT [PER-SECOND [SYSTEM KEY PORT]]]

KIND: stale (a LACPDU of the named partner port that knows nothing of us), marker, answer (a Marker response),
short (58 octets of a LACPDU), badlen (a wrong TLV length), oam (a foreign subtype), tagged (a LACPDU in VLAN 5),
unicast (a LACPDU to the broadcast address), random (seeded noise of all lengths behind the right header).
"""
import random
import socket
import struct
import sys
import time

DEST = bytes.fromhex("0180c2000002")
STATE = 0x3f


def info(kind, system, key, port, state):
    return struct.pack(">BBH6sHHHB3x", kind, 20, 65535, system, key, 255, port, state)


def lacpdu(system, key, port):
    return (b"\x01\x01" + info(1, system, key, port, STATE) + info(2, bytes(6), 0, 0, 0) +
            b"\x03\x10" + bytes(14) + bytes(52))


def marker(kind, system, number):
    return struct.pack(">BBBBH6sI2xBB", 2, 1, kind, 16, 1, system, number, 0, 0) + bytes(90)


def frame(kind, number, system, key, port):
    """Payload, or the whole frame where the header is the point."""
    pdu = lacpdu(system, key, port)
    if kind == "stale":
        return pdu
    if kind == "marker":
        return marker(1, system, number)
    if kind == "answer":
        return marker(2, system, number)
    if kind == "short":
        return pdu[:58]
    if kind == "badlen":
        return pdu[:3] + b"\xff" + pdu[4:]
    if kind == "oam":
        return b"\x03" + bytes(109)
    noise = random.Random(number)
    body = bytearray(pdu if noise.random() < 0.5 else marker(1, system, number))
    for _ in range(noise.randrange(8)):
        body[noise.randrange(len(body))] = noise.randrange(256)
    return bytes(body[:noise.choice((noise.randrange(1, 111), 110))])


def main():
    args = sys.argv[1:] + [""] * 7
    device, kind = args[0], args[1]
    count, rate = int(args[2] or 1), float(args[3] or 0)
    system = bytes.fromhex(args[4].replace(":", "") or "020000000099")
    key, port = int(args[5] or 15), int(args[6] or 1)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((device, 0))
        source = sock.getsockname()[4]
        for number in range(count):
            dest = b"\xff" * 6 if kind == "unicast" else DEST
            tag = bytes.fromhex("81000005") if kind == "tagged" else b""
            body = frame("stale" if dest != DEST or tag else kind, number, system, key, port)
            sock.send(dest + source + tag + b"\x88\x09" + body)
            if rate:
                time.sleep(1 / rate)


main()
