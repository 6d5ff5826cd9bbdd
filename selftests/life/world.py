# SPDX-License-Identifier: GPL-2.0
"""The stage of a random life, and how each operation of plan.py is done to it, without starting a process for any.

	root: bonds b0 b1; ports v0..v3 (veth), d0 d1 (dummy), f0 (failport, fails on demand)
	far:  bond b2 with ports w2 w3; br0 (192.0.2.2) -- w0 w1; all of w0..w3 are the far ends of v0..v3
	away: bond b3 with port a0; a namespace that ends now and then
"""
import array
import ctypes
import errno
import fcntl
import os
import socket
import struct
import subprocess
import time

from bondnl import write
from rtlink import Links, attr, attributes, in_namespace
import plan

_libc = ctypes.CDLL(None, use_errno=True)
SYS = "/sys/class/net/"


def sh(command):
    """A command of the stage."""
    subprocess.run(["bash", "-ec", command], check=True)


def mac(text):
    """Six octets."""
    return bytes.fromhex(text.replace(":", ""))


def read(path):
    """A file's text, empty if there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""


def xdp_program():
    """A loaded XDP program that passes everything, or -1."""
    code = ctypes.create_string_buffer(bytes.fromhex("b700000002000000" "9500000000000000"))
    licence = ctypes.create_string_buffer(b"GPL")
    request = struct.pack("=IIQQIIQII", 6, 2, ctypes.addressof(code), ctypes.addressof(licence), 0, 0, 0, 0, 0)
    request = ctypes.create_string_buffer(request + bytes(72))
    return _libc.syscall(321, 5, request, 120)


class World:
    """Everything an operation may touch; "trouble" collects what must not be."""

    def __init__(self):
        self.trouble = []
        self.sockets = {}
        self.verdicts, self.took = {}, {}
        self.renamed = 0
        self.stage()
        self.ioctl_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.program = xdp_program()
        self.untouched = self.picture()

    def stage(self):
        """What every life starts with."""
        sh("for m in af_packet failport 8021q bridge macvlan ipvlan dummy veth; do modprobe $m 2>/dev/null || true; done;"
           "ip link del dummy0 2>/dev/null || true; modprobe bonding max_bonds=0;"
           "for n in far away; do ip netns add $n; ip -n $n link set lo up; done;"
           "ip -n far link add br0 type bridge; ip -n far addr add 192.0.2.2/24 dev br0;"
           "ip -n far addr add 2001:db8::2/64 dev br0 nodad; ip -n far link set br0 up")
        self.links = {"root": Links(), "far": Links("far"), "away": Links("away")}
        for i in range(4):
            self.veth(i)
        sh("ip link add d0 address 02:00:00:00:09:10 mtu 1480 type dummy; ip link add d1 type dummy;"
           "ip link add f0 address 02:00:00:00:09:12 mtu 1470 type failport; ip -n away link add a0 type dummy")
        path = subprocess.run(["modinfo", "-n", "bonding"], check=True, capture_output=True, text=True).stdout.strip()
        self.module = os.open(path, os.O_RDONLY)
        # Everything is loaded. A name that is not there must not start a modprobe each time it is asked for.
        write("/proc/sys/kernel/modprobe", "\n")

    def picture(self):
        """What a port is when nobody uses it: MAC, MTU, master, IFF_SLAVE, promiscuity, all multicast."""
        out = {}
        for port in plan.OWN_ADDRESS:
            link = self.links["root"].get(port)
            out[port] = link and (link[1].hex(":"), int.from_bytes(link[4], "little"), link.get(10), link["flags"] & 0x800,
                                  link.get(30), link.get(61))
        held = [line.split() for line in read("/proc/failport").splitlines() if line.startswith("f0 ")]
        out["failport"] = held and held[0][:5] + held[0][9:13]	# multicast is IPv4's and IPv6's; deaf counts
        return out

    def where(self, name):
        """The links of the namespace in which a device lives."""
        return self.links[plan.BONDS.get(name) or plan.PORTS.get(name) or ("far" if name[0] == "w" else "root")]

    @staticmethod
    def index_in(links, name):
        """A device's number, 0 if it is not there."""
        there = links.get(name)
        return there["index"] if there else 0

    def index(self, name):
        """The same for a bond or a port."""
        return self.index_in(self.where(name), name)

    def do(self, operation):
        """One operation; what it is answered is counted."""
        start = time.monotonic()
        verdict = getattr(self, "do_" + operation[0])(*operation[1:]) or "OK"
        key = (operation[0], verdict)
        self.verdicts[key] = self.verdicts.get(key, 0) + 1
        self.took[operation[0]] = self.took.get(operation[0], 0) + time.monotonic() - start

    # --- bonds and ports -------------------------------------------------------------------------------------------
    def option_attrs(self, bond, options):
        """Attributes of a list of (name, value)."""
        out = []
        for name, value in options:
            if name in plan.NUMBERS:
                number, size, _ = plan.NUMBERS[name]
                value &= 0xffffffff
                out.append(attr(number, (value if value < 1 << 8 * size else value % 251).to_bytes(size, "little")))
            elif name == "arp_ip_target":
                out.append(attr(8, [attr(i, socket.inet_aton(a)) for i, a in enumerate(value)]))
            elif name == "ns_ip6_target":
                out.append(attr(31, [attr(i, socket.inet_pton(socket.AF_INET6, a)) for i, a in enumerate(value)]))
            elif name == "ad_actor_system":
                out.append(attr(26, mac(value)))
            else:
                out.append(attr(11 if name == "primary" else 2, self.index(value) if plan.PORTS[value] == plan.BONDS[bond] else 0))
        return out

    def do_add(self, bond, mode, options):
        data = [attr(1, bytes([mode]))] + self.option_attrs(bond, options)
        return self.where(bond).add(bond, "bond", *data)

    def do_delete(self, bond):
        return self.where(bond).delete(bond)

    def do_write_masters(self, text):
        return write(SYS + "bonding_masters", text)

    def do_options(self, bond, options):
        body = bytes(16) + attr(3, bond) + attr(18, [attr(1, "bond"), attr(2, self.option_attrs(bond, options))])
        return self.where(bond).request(16, 0, body)[0]

    def do_write(self, bond, name, text):
        return write(f"{SYS}{bond}/bonding/{name}", text)

    def do_port_option(self, port, number, value):
        data = attr(number, value.to_bytes(4, "little") if number == 9 else (value & 0xffff).to_bytes(2, "little"))
        return self.where(port).request(16, 0, bytes(16) + attr(3, port) + attr(18, [attr(4, "bond"), attr(5, [data])]))[0]

    def do_join(self, door, bond, port):
        if door == "sysfs" and plan.BONDS[bond] == "root":
            return write(f"{SYS}{bond}/bonding/slaves", "+" + port)
        if door == "ioctl" and plan.BONDS[bond] == "root":
            return self.ifreq(0x8990, bond, port.encode())
        # the number of another namespace's bond may be a bridge's in this one
        index = self.index(bond) if self.where(bond) is self.where(port) else 1 << 30
        return self.where(port).set(port, attr(10, index))

    def do_leave(self, door, bond, port):
        if door == "sysfs" and plan.BONDS[bond] == "root":
            return write(f"{SYS}{bond}/bonding/slaves", "-" + port)
        if door == "ioctl" and plan.BONDS[bond] == "root":
            return self.ifreq(0x8991, bond, port.encode())
        return self.where(port).set(port, attr(10, 0))

    def ifreq(self, number, name, data):
        """One ioctl on a device."""
        try:
            fcntl.ioctl(self.ioctl_socket, number, struct.pack("16s24s", name.encode(), data))
            return "OK"
        except OSError as e:
            return errno.errorcode.get(e.errno, str(e.errno))

    def do_ioctl(self, number, bond, port, which):
        if number in (0x8992, 0x8995):
            data = port.encode() if number == 0x8995 else struct.pack("=H6s", 1, mac("02:00:00:00:0a:03"))
            return self.ifreq(number, bond, data)
        # struct ifslave: id, name, link, state, failures; struct ifbond is shorter
        room = array.array("B", struct.pack("=i16sBBI", which, b"", 0, 0, 0) + bytes(32))
        return self.ifreq(number, bond, struct.pack("=Q", room.buffer_info()[0]))

    # --- links -----------------------------------------------------------------------------------------------------
    def do_far_link(self, name, up):
        return self.links["far"].set(name, up=up)

    def do_bond_link(self, name, up):
        return self.where(name).set(name, up=up)

    do_port_link = do_bond_link

    def do_carrier(self, name, on):
        return self.where(name).set(name, attr(33, bytes([on])))

    def do_mac(self, name, text):
        return self.where(name).set(name, attr(1, mac(text)))

    def do_mtu(self, name, mtu):
        return self.where(name).set(name, attr(4, mtu))

    def do_flags(self, name, flag, on):
        return self.where(name).request(16, 0, struct.pack("=BBHiII", 0, 0, 0, 0, flag if on else 0, flag) + attr(3, name))[0]

    def do_rename(self, name):
        self.renamed += 1
        away = f"n{self.renamed}"
        first = self.where(name).request(16, 0, struct.pack("=BBHiII", 0, 0, 0, self.index(name) or -1, 0, 0) + attr(3, away))[0]
        if first != "OK":
            return first
        there = self.where(name).get(away)
        return self.where(name).request(16, 0, struct.pack("=BBHiII", 0, 0, 0, there["index"], 0, 0) + attr(3, name))[0]

    def do_move(self, name):
        fd = os.open("/run/netns/away", os.O_RDONLY)
        try:
            verdict = self.links["root"].set(name, attr(28, fd))
        finally:
            os.close(fd)
        if verdict == "OK":
            home = os.open("/proc/self/ns/net", os.O_RDONLY)
            self.links["away"].set(name, attr(28, home))
            os.close(home)
        return verdict

    def do_end_namespace(self):
        self.links["away"].s.close()
        sh("ip netns del away; ip netns add away; ip -n away link add a0 type dummy")
        self.links["away"] = Links("away")

    def veth(self, number):
        """A cable between root and far."""
        far = os.open("/run/netns/far", os.O_RDONLY)
        peer = attr(1, [bytes(16), attr(3, f"w{number}"), attr(28, far)])
        own = (attr(3, f"v{number}"), attr(1, mac(f"02:00:00:00:09:0{number}")), attr(4, 1500 - 10 * number))
        verdict = self.links["root"].request(16, 0x600, bytes(16) + b"".join(own) + attr(18, [attr(1, "veth"), attr(2, [peer])]))[0]
        os.close(far)
        if number < 2:
            self.links["far"].set(f"w{number}", attr(10, self.links["far"].get("br0")["index"]))
        self.links["far"].set(f"w{number}", up=True)
        return verdict

    def do_remake(self, name):
        where = self.where(name)
        where.delete(name)
        if name == "d1":
            return where.add(name, "dummy")
        if name != "f0":
            return self.veth(int(name[1]))
        own = (attr(3, name), attr(1, mac("02:00:00:00:09:12")), attr(4, 1470))
        return where.request(16, 0x600, bytes(16) + b"".join(own) + attr(18, [attr(1, "failport")]))[0]

    def unload(self):
        """The module goes, with whatever is there."""
        if _libc.syscall(176, b"bonding", os.O_NONBLOCK):
            self.trouble.append(f"the module did not unload: {os.strerror(ctypes.get_errno())}")

    def do_reload(self, words):
        self.unload()
        if _libc.syscall(313, self.module, words.encode(), 0):
            return errno.errorcode[ctypes.get_errno()]
        return self.links["root"].delete("bond0")

    # --- what stands on a bond -------------------------------------------------------------------------------------
    def do_top_add(self, kind, bond, number):
        name, links, link = f"{bond}{kind[0]}{len(kind)}{number}", self.where(bond), self.index(bond)
        if kind == "vlan":
            return links.add(name, "vlan", attr(1, struct.pack("=H", 5 + number)), link=link)
        if kind == "qinq":
            return links.add(name, "vlan", attr(1, struct.pack("=H", 50 + number)), attr(5, b"\x88\xa8"), link=link)
        if kind == "vlanonvlan":
            there = links.get(f"{bond}v4{number}")
            return links.add(name, "vlan", attr(1, struct.pack("=H", 70)), link=there["index"]) if there else "ENODEV"
        if kind == "macvlan":
            return links.add(name, "macvlan", attr(1, 1 << number), link=link)
        if kind == "ipvlan":
            return links.add(name, "ipvlan", attr(1, struct.pack("=H", number)), link=link)
        if kind == "bridge":
            links.add(name, "bridge")
        else:
            links.add(name, "bond", attr(1, bytes([1 + number])))
        links.set(bond, up=False) if kind == "bond" else None
        there = links.get(name)
        return links.set(bond, attr(10, there["index"])) if there else "ENODEV"

    def do_top_delete(self, kind, bond, number):
        return self.where(bond).delete(f"{bond}{kind[0]}{len(kind)}{number}")

    def do_top_link(self, kind, bond, number, up):
        return self.where(bond).set(f"{bond}{kind[0]}{len(kind)}{number}", up=up)

    def do_stack(self, bond, there):
        links, verdict, whole = self.where(bond), "OK", 0
        for number in range(16):
            vlan, bridge, macvlan = (f"{bond}{word}{number}" for word in ("sv", "sb", "sm"))
            if not there:
                verdict = links.delete(bridge)
                links.delete(vlan)
                continue
            links.add(bridge, "bridge")
            links.add(vlan, "vlan", attr(1, struct.pack("=H", 100 + number)), link=self.index(bond))
            below = self.index_in(links, bridge)
            links.add(macvlan, "macvlan", attr(1, 4), link=below)
            verdict = links.set(vlan, attr(10, below))
            ups = [links.set(name, up=True) for name in (vlan, bridge, macvlan)]
            whole += bool(below) and verdict == "OK" and ups[1:] == ["OK", "OK"]
        if not there:
            return verdict if verdict != "OK" else "gone"
        # "OK" is a stack that stands; a bond that is down lets no VLAN of its own go up.
        return "OK" if whole == 16 else verdict if verdict != "OK" else "in part"

    def do_address(self, bond, host, there):
        index, links = self.index(bond), self.where(bond)
        verdict = "OK"
        for family, ip, prefix in ((2, f"192.0.2.{host}", 24), (10, f"2001:db8::{host}", 64)):
            packed = socket.inet_pton(family, ip)
            body = struct.pack("=BBBBi", family, prefix, 2, 0, index) + attr(2, packed) + attr(1, packed)
            verdict = links.request(20 if there else 21, 0x600 if there else 0, body)[0]
        return verdict

    def do_neighbour(self, ip):
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            try:
                s.sendto(b"?", socket.MSG_DONTWAIT, (ip, 9))
                return "OK"
            except OSError as e:
                return errno.errorcode[e.errno]

    def do_member(self, bond, kind, join):
        key = (bond, kind)
        if not join:
            old = self.sockets.pop(key, None)
            if old:
                old.close()
            return "OK"
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.sockets.setdefault(key, s)
        address = (mac("33:33:00:00:00:99"), b"", b"", mac("02:00:00:00:0b:01"))[kind]
        try:
            s.setsockopt(263, 1, struct.pack("=iHH8s", self.index(bond), kind, len(address), address))
            return "OK"
        except OSError as e:
            return errno.errorcode[e.errno]

    # --- ethtool and XDP -------------------------------------------------------------------------------------------
    def do_feature(self, name, what, on):
        number = {"RXCSUM": 0x15, "TXCSUM": 0x17, "SG": 0x19, "TSO": 0x1f, "GSO": 0x24, "GRO": 0x2c, "LRO": 0x26}[what]
        if what == "LRO":
            value = array.array("B", struct.pack("=II", number, 0x8000 if on else 0))
        else:
            value = array.array("B", struct.pack("=II", number, on))
        return self.ifreq(0x8946, name, struct.pack("=Q", value.buffer_info()[0]))

    def do_ethtool(self, name, number):
        room = array.array("B", struct.pack("=I", number) + bytes(508))
        return self.ifreq(0x8946, name, struct.pack("=Q", room.buffer_info()[0]))

    def do_xdp(self, name, flags, on):
        fd = struct.pack("=i", self.program if on else -1)
        return self.where(name).set(name, attr(43, [attr(1, fd), attr(3, flags)]))

    # --- time, faults, looks -----------------------------------------------------------------------------------------
    def do_fault(self, what, err, skip):
        return write("/proc/failport", "clear" if what == "clear" else f"f0 {what} {err} {skip}")

    def do_pause(self, seconds):
        time.sleep(seconds)

    def do_look(self, bond):
        index = self.index(bond)
        if not index:
            return "ENODEV"
        files = read(f"{SYS}{bond}/bonding/slaves").split()
        proc = [line.split()[-1] for line in read(f"/proc/net/bonding/{bond}").splitlines() if line.startswith("Slave Interface")]
        answers = self.links["root"].request(18, 0x300, bytes(16))[1]
        links = [attributes(a[16:]) for a in answers]
        mine = [link[3].rstrip(b"\0").decode() for link in links if link.get(10) == struct.pack("=I", index)]
        if not sorted(files) == sorted(proc) == sorted(mine):
            self.trouble.append(f"ports of {bond}: sysfs {files}, proc {proc}, netlink {mine}")
        active = read(f"{SYS}{bond}/bonding/active_slave").strip()
        if active and active not in files:
            self.trouble.append(f"active port of {bond} is {active}, its ports are {files}")
        return "OK"

    # --- the end ---------------------------------------------------------------------------------------------------
    def end(self):
        """Everything comes off again; what is wrong then is trouble."""
        self.do_fault("clear", 0, 0)
        for s in self.sockets.values():
            s.close()
        self.sockets = {}
        for port in plan.OWN_ADDRESS:
            self.do_xdp(port, 0, False)
            self.do_flags(port, 0x300, False)
        self.unload()
        for port in plan.OWN_ADDRESS:
            # The kernel looks at unicast addresses only of devices that are up: who was down when a bond took its own
            # from it stays promiscuous for them until then.
            self.links["root"].set(port, up=True)
            self.links["root"].set(port, up=False)
        now = self.picture()
        for port, was in self.untouched.items():
            if now[port] != was:
                self.trouble.append(f"{port} is {now[port]}, was {was}")
        for links in self.links.values():
            links.s.close()
        os.close(self.module)
        write("/proc/sys/kernel/modprobe", "/sbin/modprobe")
        sh("for d in $(ip -o link show type bridge | cut -d: -f2) v0 v1 v2 v3 d0 d1 f0; do ip link del $d 2>/dev/null || true; done;"
           "for n in far away; do ip netns del $n; done")
