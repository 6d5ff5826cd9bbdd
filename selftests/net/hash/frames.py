#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Prints the frames that hash_twin plays, one per line:

    NAME VIA PROTO LINEAR PAD HEX

VIA     device the frame is sent on: bond, vlan10, prio (10 with priority 5),
        qinq (20 in 10), ad (30 in 802.1ad)
PROTO   protocol the sender states
LINEAR  octets in the linear part of the buffer, 0 = all
PAD     zero octets to append to HEX
"""
import random
import socket
import struct

IP, IP6, ARP, Q, AD, MPLS, PPPOE, TEB = (0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8,
                                         0x8847, 0x8864, 0x6558)
TCP, UDP, ICMP, ICMP6, GRE, ESP, AH, SCTP = 6, 17, 1, 58, 47, 50, 51, 132
rnd = random.Random(20261122)
frames = []


def add(name, data, proto=None, via="bond", linear=0, pad=0):
    if proto is None:
        proto = struct.unpack(">H", data[12:14])[0]
    frames.append((name, via, f"{proto:04x}", linear, pad, data.hex()))


def mac():
    return bytes([2]) + rnd.randbytes(5)


def eth(proto, payload, *tags):
    """tags: (ethertype, tci) from the outside in"""
    out = mac() + mac()
    for tpid, tci in tags:
        out += struct.pack(">HH", tpid, tci)
    return out + struct.pack(">H", proto) + payload


def a4():
    return socket.inet_aton(f"{rnd.choice(['192.0.2', '198.51.100', '203.0.113'])}.{rnd.randrange(1, 255)}")


def a6():
    return bytes.fromhex("20010db8") + rnd.randbytes(12)


def ip4(proto, payload, frag=0, options=b"", ihl=None):
    ihl = 5 + len(options) // 4 if ihl is None else ihl
    return struct.pack(">BBHHHBBH", 0x40 | ihl, 0, 20 + len(options) + len(payload), rnd.randrange(65536),
                       frag, 64, proto, 0) + a4() + a4() + options + payload


def ip6(proto, payload, label=0):
    return struct.pack(">IHBB", 0x60000000 | label, len(payload), proto, 64) + a6() + a6() + payload


def ports(size=20):
    return struct.pack(">HH", rnd.randrange(1, 65536), rnd.randrange(1, 65536)) + rnd.randbytes(size - 4)


def icmp(kind, code=0, ident=None, payload=b"", rest=None):
    if rest is None:
        rest = struct.pack(">HH", rnd.randrange(65536) if ident is None else ident, 1)
    return struct.pack(">BBH", kind, code, 0) + rest + payload


def gre(proto, payload, flags=0, extra=b""):
    return struct.pack(">HH", flags, proto) + extra + payload


def arp(op):
    return struct.pack(">HHBBH", 1, IP, 6, 4, op) + mac() + a4() + mac() + a4()


def ext(nxt, size=8):
    return bytes([nxt, size // 8 - 1]) + bytes(size - 2)


def ordinary():
    for i in range(20):
        add(f"ip4_tcp_{i}", eth(IP, ip4(TCP, ports())))
        add(f"ip4_udp_{i}", eth(IP, ip4(UDP, ports(8))))
        add(f"ip6_tcp_{i}", eth(IP6, ip6(TCP, ports())))
        add(f"ip6_udp_{i}", eth(IP6, ip6(UDP, ports(8))))
    for name, proto in (("sctp", SCTP), ("dccp", 33), ("udplite", 136), ("esp", ESP), ("ah", AH),
                        ("igmp", 2), ("ospf", 89), ("raw", 255), ("l2tp", 115), ("pim", 103)):
        add(f"ip4_{name}", eth(IP, ip4(proto, ports())))
        add(f"ip6_{name}", eth(IP6, ip6(proto, ports())))
    add("ip4_options", eth(IP, ip4(TCP, ports(), options=bytes(4))))
    add("ip4_options_max", eth(IP, ip4(UDP, ports(), options=bytes(40))))
    add("ip6_label", eth(IP6, ip6(UDP, ports(), label=0x12345)))
    add("ip4_broadcast", b"\xff" * 6 + mac() + b"\x08\x00" + ip4(UDP, ports()))


def fragments():
    for name, frag in (("first", 0x2000), ("middle", 0x2010), ("last", 0x0020), ("dont", 0x4000),
                       ("reserved", 0x8000)):
        for pname, proto in (("tcp", TCP), ("udp", UDP), ("icmp", ICMP)):
            payload = icmp(8) if proto == ICMP else ports()
            add(f"frag4_{name}_{pname}", eth(IP, ip4(proto, payload, frag=frag)))
    for name, off in (("first", 1), ("middle", 0x0641), ("last", 0x0c80), ("atomic", 0)):
        for pname, proto in (("tcp", TCP), ("icmp", ICMP6)):
            payload = icmp(128) if proto == ICMP6 else ports()
            add(f"frag6_{name}_{pname}", eth(IP6, ip6(44, struct.pack(">BBHI", proto, 0, off, 7) + payload)))
    add("frag4_gre", eth(IP, ip4(GRE, gre(IP, ip4(TCP, ports())), frag=0x2000)))
    add("frag4_inside_ipip", eth(IP, ip4(4, ip4(UDP, ports(), frag=0x2000))))


def extension_headers():
    for name, chain in (("hop", (0,)), ("dst", (60,)), ("routing", (43,)), ("three", (0, 43, 60)),
                        ("ah", (51,)), ("mobility", (135,)), ("none", (59,))):
        body = ports()
        nxt = UDP
        for kind in reversed(chain):
            body, nxt = ext(nxt) + body, kind
        add(f"ext6_{name}", eth(IP6, ip6(nxt, body)))
    add("ext6_long", eth(IP6, ip6(0, ext(TCP, 64) + ports())))
    add("ext6_icmp", eth(IP6, ip6(0, ext(ICMP6) + icmp(128))))
    add("ext6_mld", eth(IP6, ip6(0, ext(ICMP6) + icmp(143))))
    body, nxt = ports(), UDP
    for _ in range(13):
        body, nxt = ext(nxt) + body, 60
    for extra in (14, 15, 16, 17):
        body, nxt = ext(nxt) + body, 60
        add(f"ext6_{extra}", eth(IP6, ip6(nxt, body)))
    add("ext4_hop", eth(IP, ip4(0, ext(TCP) + ports())))
    add("ext4_frag", eth(IP, ip4(44, struct.pack(">BBHI", TCP, 0, 0, 7) + ports())))


def vlans():
    for i in range(4):
        tag = (Q, rnd.randrange(1, 4095) | rnd.randrange(8) << 13)
        outer = (AD, rnd.randrange(1, 4095))
        add(f"vlan4_{i}", eth(IP, ip4(TCP, ports()), tag))
        add(f"vlan6_{i}", eth(IP6, ip6(UDP, ports()), tag))
        add(f"qinq4_{i}", eth(IP, ip4(UDP, ports()), outer, tag))
        add(f"qinq6_{i}", eth(IP6, ip6(TCP, ports()), outer, tag))
    for n in (7, 15, 16, 17):
        add(f"vlan_times{n}", eth(IP, ip4(TCP, ports()), *[(Q, i + 1) for i in range(n)]))
        add(f"vlan_times{n}_shown", eth(IP, ip4(TCP, ports()), *[(Q, i + 1) for i in range(n)]), proto=AD)
    add("vlan_arp", eth(ARP, arp(1), (Q, 5)))
    add("vlan_claims_ip", eth(IP, ip4(TCP, ports()), (Q, 6)), proto=IP)
    for via in ("vlan10", "prio", "qinq", "ad"):
        for i in range(3):
            add(f"{via}_ip4_{i}", eth(IP, ip4(TCP, ports())), via=via)
            add(f"{via}_ip6_{i}", eth(IP6, ip6(UDP, ports())), via=via)
        add(f"{via}_arp", eth(ARP, arp(1)), via=via)
        add(f"{via}_inline", eth(IP, ip4(UDP, ports()), (Q, 77)), via=via)


def tunnels():
    inner4, inner6 = ip4(TCP, ports()), ip6(UDP, ports())
    for i in range(3):
        add(f"ipip_{i}", eth(IP, ip4(4, ip4(TCP, ports()))))
        add(f"sit_{i}", eth(IP, ip4(41, ip6(TCP, ports()))))
        add(f"ip4in6_{i}", eth(IP6, ip6(4, ip4(UDP, ports()))))
        add(f"ip6in6_{i}", eth(IP6, ip6(41, ip6(UDP, ports()))))
        add(f"gre4_{i}", eth(IP, ip4(GRE, gre(IP, ip4(UDP, ports())))))
        add(f"gre6_{i}", eth(IP6, ip6(GRE, gre(IP6, ip6(UDP, ports())))))
        add(f"gretap_{i}", eth(IP, ip4(GRE, gre(TEB, eth(IP, ip4(TCP, ports()))))))
        vx = struct.pack(">HHHH", rnd.randrange(49152, 65536), 4789, 0, 0) + bytes.fromhex("0800000000002a00")
        add(f"vxlan4_{i}", eth(IP, ip4(UDP, vx + eth(IP, ip4(TCP, ports())))))
        add(f"vxlan6_{i}", eth(IP6, ip6(UDP, vx + eth(IP6, ip6(TCP, ports())))))
    word = struct.pack(">I", 0xdeadbeef)
    add("gre_key", eth(IP, ip4(GRE, gre(IP, inner4, 0x2000, word))))
    add("gre_csum", eth(IP, ip4(GRE, gre(IP, inner4, 0x8000, word))))
    add("gre_seq", eth(IP, ip4(GRE, gre(IP6, inner6, 0x1000, word))))
    add("gre_all", eth(IP, ip4(GRE, gre(IP, inner4, 0xb000, word * 3))))
    add("gre_routing", eth(IP, ip4(GRE, gre(IP, inner4, 0x4000, word))))
    add("gre_version2", eth(IP, ip4(GRE, gre(IP, inner4, 2))))
    add("gre_arp", eth(IP, ip4(GRE, gre(ARP, arp(1)))))
    add("gre_unknown", eth(IP, ip4(GRE, gre(0x1234, bytes(40)))))
    add("gre_erspan", eth(IP, ip4(GRE, gre(0x88be, word * 2 + eth(IP, inner4), 0x1000, word))))
    add("gre_vlan", eth(IP, ip4(GRE, gre(TEB, eth(IP, inner4, (Q, 9))))))
    add("pptp", eth(IP, ip4(GRE, gre(0x880b, bytes.fromhex("ff030021") + inner4, 0x3001, word * 2))))
    add("pptp_ack", eth(IP, ip4(GRE, gre(0x880b, bytes.fromhex("ff030057") + inner6, 0x3081, word * 3))))
    add("pptp_lcp", eth(IP, ip4(GRE, gre(0x880b, bytes.fromhex("ff03c021") + bytes(30), 0x3001, word * 2))))
    add("pptp_nokey", eth(IP, ip4(GRE, gre(0x880b, bytes.fromhex("ff030021") + inner4, 0x0001))))
    add("pptp_wrong", eth(IP, ip4(GRE, gre(IP, inner4, 0x2001, word))))
    add("ipip_ipip", eth(IP, ip4(4, ip4(4, ip4(UDP, ports())))))
    for n in (8, 14, 15, 16, 17):
        body = ip4(UDP, ports())
        for _ in range(n):
            body = ip4(4, body)
        add(f"ipip_times{n}", eth(IP, body))
    add("mpls_in_ip", eth(IP, ip4(137, struct.pack(">I", 0x00064140) + inner4)))
    add("mpls_1", eth(MPLS, struct.pack(">I", 0x00064140) + inner4))
    add("mpls_2", eth(MPLS, struct.pack(">II", 0x00064040, 0x000c8140) + inner6))
    add("mpls_entropy", eth(MPLS, struct.pack(">III", 0x00064040, 0x00007040, 0x1234_5140) + inner4))
    add("mpls_multicast", eth(0x8848, struct.pack(">I", 0x00064140) + inner4))
    add("mpls_short", eth(MPLS, b"\0\1"))
    add("pppoe_ip4", eth(PPPOE, struct.pack(">BBHHH", 0x11, 0, 5, len(inner4) + 2, 0x21) + inner4))
    add("pppoe_ip6", eth(PPPOE, struct.pack(">BBHHH", 0x11, 0, 5, len(inner6) + 2, 0x57) + inner6))
    add("pppoe_pfc", eth(PPPOE, struct.pack(">BBHHB", 0x11, 0, 5, len(inner4) + 1, 0x21) + inner4))
    add("pppoe_pfc6", eth(PPPOE, struct.pack(">BBHHB", 0x11, 0, 5, len(inner6) + 1, 0x57) + inner6))
    add("pppoe_mpls", eth(PPPOE, struct.pack(">BBHHHI", 0x11, 0, 5, len(inner4) + 6, 0x281, 0x00064140) + inner4))
    add("pppoe_lcp", eth(PPPOE, struct.pack(">BBHHH", 0x11, 0, 5, 30, 0xc021) + bytes(28)))
    for ppp in (0x0020, 0x0121, 0x8021, 0x0283, 0x00fd):
        add(f"pppoe_{ppp:04x}", eth(PPPOE, struct.pack(">BBHHH", 0x11, 0, 5, 30, ppp) + bytes(28)))
    add("pppoe_short", eth(PPPOE, bytes.fromhex("110000050002")))
    add("pppoe_nothing", eth(PPPOE, bytes.fromhex("1100000500020021")))
    add("pppoe_length0", eth(PPPOE, struct.pack(">BBHHH", 0x11, 0, 5, 0, 0x21) + inner4))
    add("pppoe_badtype", eth(PPPOE, struct.pack(">BBHHH", 0x21, 0, 5, len(inner4) + 2, 0x21) + inner4))
    add("pppoe_code", eth(PPPOE, struct.pack(">BBHHH", 0x11, 9, 5, len(inner4) + 2, 0x21) + inner4))


def icmps():
    for i in range(4):
        add(f"echo4_{i}", eth(IP, ip4(ICMP, icmp(8))))
        add(f"echo6_{i}", eth(IP6, ip6(ICMP6, icmp(128))))
    for kind in (0, 13, 14, 9, 10, 15, 17, 42):
        add(f"icmp4_type{kind}", eth(IP, ip4(ICMP, icmp(kind))))
    for kind in (129, 130, 131, 133, 134, 135, 136, 143, 0, 5, 8, 13):
        add(f"icmp6_type{kind}", eth(IP6, ip6(ICMP6, icmp(kind, payload=rnd.randbytes(20)))))
    add("icmp4_type128", eth(IP, ip4(ICMP, icmp(128))))
    add("echo4_code", eth(IP, ip4(ICMP, icmp(8, 3))))
    add("echo4_id0", eth(IP, ip4(ICMP, icmp(8, 0, 0))))
    add("echo6_id0", eth(IP6, ip6(ICMP6, icmp(128, 0, 0))))
    zero = bytes(4)
    for kind in (3, 4, 5, 11, 12):
        add(f"err4_{kind}_tcp", eth(IP, ip4(ICMP, icmp(kind, 1, rest=zero, payload=ip4(TCP, ports(8))))))
        add(f"err4_{kind}_udp", eth(IP, ip4(ICMP, icmp(kind, 1, rest=zero, payload=ip4(UDP, ports(8))))))
    for kind in (1, 2, 3, 4):
        add(f"err6_{kind}_tcp", eth(IP6, ip6(ICMP6, icmp(kind, 1, rest=zero, payload=ip6(TCP, ports(8))))))
        add(f"err6_{kind}_udp", eth(IP6, ip6(ICMP6, icmp(kind, 1, rest=zero, payload=ip6(UDP, ports(8))))))
    add("err4_echo", eth(IP, ip4(ICMP, icmp(3, 1, rest=zero, payload=ip4(ICMP, icmp(8))))))
    add("err4_err", eth(IP, ip4(ICMP, icmp(3, 1, rest=zero, payload=ip4(ICMP, icmp(3, rest=zero,
                                                                                   payload=ip4(UDP, ports(8))))))))
    add("err4_frag", eth(IP, ip4(ICMP, icmp(11, 1, rest=zero, payload=ip4(UDP, ports(8), frag=0x2000)))))
    add("err4_options", eth(IP, ip4(ICMP, icmp(3, 3, rest=zero, payload=ip4(UDP, ports(8), options=bytes(8))))))
    add("err4_rest", eth(IP, ip4(ICMP, icmp(3, 4, rest=b"\x12\x34\x05\xdc", payload=ip4(UDP, ports(8))))))
    add("err4_empty", eth(IP, ip4(ICMP, icmp(3, 1, rest=zero))))
    add("err4_short", eth(IP, ip4(ICMP, icmp(3, 1, rest=zero, payload=ip4(UDP, b"")[:12]))))
    add("err4_noports", eth(IP, ip4(ICMP, icmp(3, 1, rest=zero, payload=ip4(UDP, b"")))))
    add("err6_echo", eth(IP6, ip6(ICMP6, icmp(1, 1, rest=zero, payload=ip6(ICMP6, icmp(128))))))
    add("err6_in_ip4", eth(IP, ip4(ICMP6, icmp(1, 1, rest=zero, payload=ip4(UDP, ports(8))))))
    add("err4_in_ip6", eth(IP6, ip6(ICMP, icmp(3, 1, rest=zero, payload=ip6(UDP, ports(8))))))
    add("echo4_in_ip6", eth(IP6, ip6(ICMP, icmp(8))))
    add("err4_ipip", eth(IP, ip4(4, ip4(ICMP, icmp(3, 1, rest=zero, payload=ip4(UDP, ports(8)))))))
    add("echo4_ipip", eth(IP, ip4(4, ip4(ICMP, icmp(8)))))
    add("err4_quotes_ipip", eth(IP, ip4(ICMP, icmp(3, 1, rest=zero, payload=ip4(4, ip4(UDP, ports(8)))))))
    add("err6_quotes_ext", eth(IP6, ip6(ICMP6, icmp(1, 1, rest=zero, payload=ip6(0, ext(UDP) + ports(8))))))


def others():
    for op in (1, 2):
        add(f"arp_{op}", eth(ARP, arp(op)))
    for name, proto in (("rarp", 0x8035), ("lldp", 0x88cc), ("slow", 0x8809), ("ctp", 0x9000), ("ipx", 0x8137),
                        ("pppoe_disc", 0x8863), ("eapol", 0x888e), ("fcoe", 0x8906), ("fip", 0x8914),
                        ("tipc", 0x88ca), ("ptp", 0x88f7), ("macsec", 0x88e5), ("length", 0x0026),
                        ("batman", 0x4305), ("hsr", 0x892f), ("prp", 0x88fb), ("cfm", 0x8902), ("profinet", 0x8892),
                        ("vines", 0x0bad), ("qinq_old", 0x9100)):
        add(f"other_{name}", eth(proto, rnd.randbytes(46)))
    add("batman_ip", eth(0x4305, bytes.fromhex("40 0f 00 00 00000000 00000000".replace(" ", ""))[:10]
                         + eth(IP, ip4(TCP, ports()))))
    add("hsr_ip", eth(0x892f, struct.pack(">HHH", 60, 7, IP) + ip4(TCP, ports())))
    add("prp_ip", eth(0x88fb, struct.pack(">HHH", 60, 7, IP) + ip4(TCP, ports())))
    add("batman_version", eth(0x4305, bytes.fromhex("400e0000000000000000") + eth(IP, ip4(TCP, ports()))))
    add("batman_bcast", eth(0x4305, bytes.fromhex("010f0000000000000000") + eth(IP, ip4(TCP, ports()))))
    for name, proto, n in (("fcoe", 0x8906, 38), ("tipc", 0x88ca, 16), ("ptp", 0x88f7, 34), ("cfm", 0x8902, 4),
                           ("hsr", 0x892f, 6), ("batman", 0x4305, 24), ("ptp2", 0x88f7, 44)):
        add(f"brief_{name}_{n - 1}", eth(proto, rnd.randbytes(n - 1)))
        add(f"brief_{name}_{n}", eth(proto, rnd.randbytes(n)))
    add("fcoe_long", eth(0x8906, rnd.randbytes(80)))
    add("tipc_payload", eth(0x88ca, struct.pack(">I", 0x40000000) + rnd.randbytes(60)))
    add("claims_ip", eth(0x1234, ip4(UDP, ports())), proto=IP)
    add("claims_ip6", eth(0x1234, ip6(UDP, ports())), proto=IP6)
    add("claims_other", eth(IP, ip4(UDP, ports())), proto=0x1234)


def short():
    tcp4, udp6 = eth(IP, ip4(TCP, ports())), eth(IP6, ip6(UDP, ports()))
    for n in (14, 15, 20, 33, 34, 36, 37, 38):
        add(f"short4_{n}", tcp4[:n])
    for n in (14, 33, 53, 54, 57, 58):
        add(f"short6_{n}", udp6[:n])
    for n in (34, 37, 38, 41, 42):
        add(f"short_echo4_{n}", eth(IP, ip4(ICMP, icmp(8)))[:n])
    for n in (56, 61, 62):
        add(f"short_echo6_{n}", eth(IP6, ip6(ICMP6, icmp(128)))[:n])
    for n in (36, 38, 50, 57):
        add(f"short_gre_{n}", eth(IP, ip4(GRE, gre(IP, ip4(TCP, ports()))))[:n])
    for n in (36, 41, 42, 50, 62, 66):
        add(f"short_err4_{n}", eth(IP, ip4(ICMP, icmp(3, 1, rest=bytes(4), payload=ip4(UDP, ports(8)))))[:n])
    for n in (56, 61, 62, 90, 102, 106):
        add(f"short_err6_{n}", eth(IP6, ip6(ICMP6, icmp(1, 1, rest=bytes(4), payload=ip6(UDP, ports(8)))))[:n])
    add("short_ext6", eth(IP6, ip6(0, b"\x06")))
    add("short_ah", eth(IP, ip4(AH, bytes(6))))
    for ihl in (0, 4, 15):
        add(f"ihl4_{ihl}", eth(IP, ip4(TCP, ports(), ihl=ihl)))
    add("ip4_version6", eth(IP, b"\x65" + ip4(TCP, ports())[1:]))
    add("ip6_version4", eth(IP6, b"\x45" + ip6(TCP, ports())[1:]))


def scattered():
    """Headers beyond the linear part of the buffer."""
    big = 4200
    for linear in (14, 20, 34, 36):
        add(f"paged4_{linear}", eth(IP, ip4(TCP, ports())), linear=linear, pad=big)
        add(f"paged_echo_{linear}", eth(IP, ip4(ICMP, icmp(8))), linear=linear, pad=big)
        add(f"paged_err_{linear}", eth(IP, ip4(ICMP, icmp(3, 1, rest=bytes(4), payload=ip4(UDP, ports(8))))),
            linear=linear, pad=big)
        add(f"paged_gre_{linear}", eth(IP, ip4(GRE, gre(IP, ip4(TCP, ports())))), linear=linear, pad=big)
    for linear in (14, 40, 54, 56):
        add(f"paged6_{linear}", eth(IP6, ip6(UDP, ports())), linear=linear, pad=big)
        add(f"paged_ext6_{linear}", eth(IP6, ip6(0, ext(UDP) + ports())), linear=linear, pad=big)
    add("paged_vlan10", eth(IP, ip4(TCP, ports())), via="vlan10", linear=14, pad=big)
    add("paged_arp", eth(ARP, arp(1)), linear=14, pad=big)


for part in (ordinary, fragments, extension_headers, vlans, tunnels, icmps, others, short, scattered):
    part()
assert len({f[0] for f in frames}) == len(frames)
for f in frames:
    print(*f)
