# SPDX-License-Identifier: GPL-2.0
"""What happens in a random life: a list of operations that follows from its seed alone.

Nothing here asks the kernel, so a seed says it all and any part of the list can be left out when a failure is shrunk.
A rough model of the world only keeps most operations possible; many are meant to be refused.
"""
import random

MODES = range(7)
BONDS = {"b0": "root", "b1": "root", "b2": "far", "b3": "away"}
PORTS = {"v0": "root", "v1": "root", "v2": "root", "v3": "root", "d0": "root", "d1": "root", "f0": "root",
         "w2": "far", "w3": "far", "a0": "away"}
FAR_ENDS = ("w0", "w1", "w2", "w3")
# Nothing but a bond touches the MAC and MTU of these, so they must come back with their own.
OWN_ADDRESS = ("v2", "v3", "d0", "f0")

# name: number, octets, usual values
NUMBERS = {
    "mode": (1, 1, MODES), "miimon": (3, 4, (0, 1, 10, 50, 100)), "updelay": (4, 4, (0, 20, 100, 250)),
    "downdelay": (5, 4, (0, 20, 100, 250)), "use_carrier": (6, 1, (1,)), "arp_interval": (7, 4, (0, 10, 30, 100)),
    "arp_validate": (9, 4, range(7)), "arp_all_targets": (10, 4, (0, 1)), "primary_reselect": (12, 1, range(3)),
    "fail_over_mac": (13, 1, range(3)), "xmit_hash_policy": (14, 1, range(6)), "resend_igmp": (15, 4, (0, 1, 3, 255)),
    "num_grat_arp": (16, 1, (0, 1, 3, 255)), "all_slaves_active": (17, 1, (0, 1)), "min_links": (18, 4, (0, 1, 2)),
    "lp_interval": (19, 4, (1, 2, 5)), "packets_per_slave": (20, 4, (0, 1, 2, 100)), "lacp_rate": (21, 1, (0, 1)),
    "ad_select": (22, 1, range(4)), "ad_actor_sys_prio": (24, 2, (1, 100, 65535)), "ad_user_port_key": (25, 2, (0, 7, 1023)),
    "tlb_dynamic_lb": (27, 1, (0, 1)), "peer_notif_delay": (28, 4, (0, 50, 100)), "lacp_active": (29, 1, (0, 1)),
    "arp_missed_max": (30, 1, (1, 2, 5)), "coupled_control": (32, 1, (0, 1)), "broadcast_neighbor": (33, 1, (0, 1)),
    "lacp_strict": (34, 1, (0, 1)),
}
# What only files know.
WORDS = {
    "monitors": ("exclusive", "combined", "combined"), "announce": ("own", "all", "all"), "slb": ("off", "on", "on"),
    "hash_table": ("modulo", "resilient", "resilient"), "hash_seed": ("0", "1", "4294967295"),
    "flap_penalty_half_life": ("0", "50", "2000"),
}
ODD_NUMBERS = (0, 1, 2, 7, 8, 255, 256, 1023, 1024, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff)
ODD_TEXTS = ("", "\n", "default", "off", "on", "maxval", "-1", "0x10", "1a", "  7  ", "9" * 40, "x" * 200, "\0", "active-backup x")
TARGETS = ("192.0.2.2", "192.0.2.9", "10.0.0.1", "0.0.0.0", "255.255.255.255")
TARGETS6 = ("2001:db8::2", "fe80::2", "ff02::1", "::", "::1")
MACS = ("02:00:00:00:0a:01", "02:00:00:00:0a:02", "02:00:00:00:09:00", "02:00:00:00:09:02", "01:00:5e:00:00:01", "00:00:00:00:00:00")
FAULTS = ("open", "mac", "mtu", "vlan", "pre-up", "up", "pre-changeaddr", "changeaddr", "pre-changemtu", "changemtu",
          "pre-changeupper", "changeupper", "join", "changelowerstate")
# While one of these lasts a port cannot get its own address or MTU back either, so they end with the join they spoil.
KEEPING_FAULTS = ("mac", "mtu", "pre-changeaddr", "changeaddr", "pre-changemtu", "changemtu")
TOPS = ("vlan", "qinq", "macvlan", "ipvlan", "bridge", "bond", "vlanonvlan")
FEATURES = ("SG", "GSO", "TSO", "GRO", "LRO", "RXCSUM", "TXCSUM")

# How often each happens; the sum does not matter.
WEIGHTS = {
    "join": 14, "leave": 6, "options": 14, "write": 14, "port_option": 4, "queue_id": 2, "masters": 2, "far_link": 10,
    "bond_link": 8, "port_link": 4, "carrier": 4, "mac": 3, "mtu": 3, "flags": 3, "add": 6, "delete": 3, "top_add": 4,
    "top_delete": 4, "top_link": 2, "address": 3, "member": 2, "ioctl": 3, "feature": 2, "rename": 1, "move": 1,
    "end_namespace": 0.15, "reload": 0.15, "fault": 2, "pause": 6, "xdp": 1, "look": 3, "ethtool": 1, "neighbour": 2, "remake": 0.5,
    "stack": 0.2,
}


class Plan:
    """The operations of one life."""

    def __init__(self, seed):
        self.seed = seed
        self.dice = random.Random(seed)
        self.bonds = {}		# name: set of ports, as far as we know

    def make(self, count):
        """The first count operations, each a tuple of a word and its arguments. Of 14 seeds in a row each mode has two, one of which
        begins with a stack on it."""
        words, weights = list(WEIGHTS), list(WEIGHTS.values())
        out = [("add", bond, mode, ()) for bond, mode in (("b0", MODES[self.seed % 7]), ("b2", self.dice.choice((4, 4, 1, 2))))]
        if self.seed // 7 % 2:
            out.append(("stack", "b0", True))
        self.bonds = {"b0": set(), "b2": set()}
        while len(out) < count:
            if not any(BONDS[b] == "root" for b in self.bonds):
                out.extend(self.add())
            word = self.dice.choices(words, weights)[0]
            out.extend(getattr(self, word)())
        return out[:count]

    # --- choices ---------------------------------------------------------------------------------------------------
    def bond(self, there=0.95):
        """A bond, usually one that exists."""
        if self.bonds and self.dice.random() < there:
            return self.dice.choice(sorted(self.bonds))
        return self.dice.choice(sorted(BONDS))

    def root_bond(self):
        """A bond whose files this process sees."""
        return self.dice.choice([b for b in sorted(self.bonds) if BONDS[b] == "root"] or ["b0", "b1"])

    def port(self, bond=None):
        """A port, one that could join the bond if one is given."""
        return self.dice.choice([p for p in PORTS if bond is None or PORTS[p] == BONDS[bond]])

    def number(self, name):
        """A value of a numeric option."""
        usual = NUMBERS[name][2]
        return self.dice.choice(usual) if self.dice.random() < 0.85 else self.dice.choice(ODD_NUMBERS)

    def option(self):
        """(name, value) as netlink takes them."""
        kind = self.dice.random()
        if kind < 0.8:
            name = self.dice.choice(list(NUMBERS))
            return name, self.number(name)
        if kind < 0.86:
            return "arp_ip_target", tuple(self.dice.choices(TARGETS, weights=(6, 3, 3, 1, 1), k=self.dice.randrange(4)))
        if kind < 0.9:
            return "ns_ip6_target", tuple(self.dice.choices(TARGETS6, weights=(6, 3, 1, 1, 1), k=self.dice.randrange(4)))
        if kind < 0.92:
            return "ad_actor_system", self.dice.choice(MACS)
        return self.dice.choice(("primary", "active_slave")), self.port()

    # --- operations ------------------------------------------------------------------------------------------------
    def add(self):
        """A bond is made, in one request with some options."""
        bond = self.dice.choice(sorted(BONDS))
        self.bonds.setdefault(bond, set())
        options = [self.option() for _ in range(self.dice.choice((0, 0, 1, 2, 3)))]
        # Options are refused more often than not; the plain second try then makes the bond.
        mode = self.dice.choice(MODES)
        out = [("add", bond, mode, tuple(options))] if options else []
        return out + [("add", bond, mode, ()), ("address", bond, 1, True), ("bond_link", bond, True)][:self.dice.choice((1, 3))]

    def delete(self):
        """It goes, with everything on it."""
        bond = self.bond()
        self.bonds.pop(bond, None)
        return [("delete", bond)]

    def masters(self):
        """bonding_masters, the oldest door for both."""
        bond, sign = self.root_bond(), self.dice.choice("++-")
        if sign == "+":
            self.bonds.setdefault(bond, set())
        else:
            self.bonds.pop(bond, None)
        return [("write_masters", sign + bond if self.dice.random() < 0.9 else self.dice.choice(ODD_TEXTS))]

    def join(self):
        """A port joins by one of three doors."""
        bond = self.bond()
        port = self.port(bond if self.dice.random() < 0.95 else None)
        if bond in self.bonds:
            self.bonds[bond].add(port)
        out = [("port_link", port, False)] if self.dice.random() < 0.9 else []
        return out + [("join", self.dice.choice(("netlink", "netlink", "sysfs", "ioctl")), bond, port)]

    def leave(self):
        """And leaves by one of them."""
        bond = self.bond()
        inside = sorted(self.bonds.get(bond, ()))
        port = self.dice.choice(inside) if inside else self.port()
        self.bonds.get(bond, set()).discard(port)
        return [("leave", self.dice.choice(("netlink", "sysfs", "ioctl")), bond, port)]

    def options(self):
        """Some options by netlink; a mode needs the bond down and empty to be accepted."""
        bond = self.bond()
        chosen = tuple(self.option() for _ in range(self.dice.choice((1, 1, 1, 2, 3))))
        around = self.dice.random() < 0.25
        return ([("bond_link", bond, False)] if around else []) + [("options", bond, chosen)] + (
            [("bond_link", bond, True)] if around else [])

    def write(self):
        """One option by sysfs, words and nonsense."""
        name, value = self.option()
        if self.dice.random() < 0.25:
            name = self.dice.choice(list(WORDS))
            value = self.dice.choice(WORDS[name])
        if self.dice.random() < 0.1:
            text = self.dice.choice(ODD_TEXTS)
        elif isinstance(value, tuple):
            text = self.dice.choice("+-") + (value[0] if value else "")
        else:
            text = str(value)
        bond = self.root_bond()
        around = self.dice.random() < 0.25
        return ([("bond_link", bond, False)] if around else []) + [("write", bond, name, text)] + (
            [("bond_link", bond, True)] if around else [])

    def port_option(self):
        """A member's own settings: queue_id, prio, actor_port_prio."""
        return [("port_option", self.port(), self.dice.choice((5, 9, 10)), self.dice.choice((0, 1, 2, 3, 16, 255, 0xffffffff)))]

    def queue_id(self):
        """queue_id by sysfs."""
        return [("write", self.root_bond(), "queue_id", f"{self.port()}:{self.dice.choice((0, 1, 2, 3, 16, 17, 70000))}")]

    def far_link(self):
        """A cable is pulled or plugged at its far end."""
        return [("far_link", self.dice.choice(FAR_ENDS), self.dice.random() < 0.6)]

    def bond_link(self):
        """Up or down."""
        return [("bond_link", self.bond(), self.dice.random() < 0.7)]

    def port_link(self):
        """Somebody else sets a port up or down."""
        return [("port_link", self.port(), self.dice.random() < 0.6)]

    def carrier(self):
        """A dummy's carrier."""
        return [("carrier", self.dice.choice(("d0", "d1")), self.dice.random() < 0.6)]

    def mac(self):
        """A new MAC of a bond or a port."""
        mine = [p for p in PORTS if p not in OWN_ADDRESS]
        return [("mac", self.bond() if self.dice.random() < 0.6 else self.dice.choice(mine), self.dice.choice(MACS))]

    def mtu(self):
        """A new MTU of a bond or a port."""
        mine = [p for p in PORTS if p not in OWN_ADDRESS]
        return [("mtu", self.bond() if self.dice.random() < 0.6 else self.dice.choice(mine),
                 self.dice.choice((68, 600, 1280, 1400, 1500, 1500, 1500, 9000, 70000)))]

    def flags(self):
        """Promiscuity, all multicast, multicast."""
        return [("flags", self.bond() if self.dice.random() < 0.7 else self.port(), self.dice.choice((0x100, 0x200, 0x1000)),
                 self.dice.random() < 0.5)]

    def top_add(self):
        """Something is put on a bond."""
        return [("top_add", self.dice.choice(TOPS), self.bond(), self.dice.randrange(3))]

    def top_delete(self):
        """And taken off."""
        return [("top_delete", self.dice.choice(TOPS), self.bond(), self.dice.randrange(3))]

    def top_link(self):
        """A device on a bond goes up or down."""
        return [("top_link", self.dice.choice(TOPS), self.bond(), self.dice.randrange(3), self.dice.random() < 0.7)]

    def stack(self):
        """What a host of virtual machines has: sixteen VLANs, each below a bridge, with a macvlan on that. Or it goes."""
        return [("stack", self.bond(), self.dice.random() < 0.6)]

    def address(self):
        """An IP address comes or goes."""
        return [("address", self.bond(), self.dice.choice((1, 3)), self.dice.random() < 0.7)]

    def member(self):
        """A packet socket wants a multicast or unicast address, or promiscuity, on a bond."""
        return [("member", self.root_bond(), self.dice.randrange(4), self.dice.random() < 0.6)]

    def ioctl(self):
        """The old ioctls that ask, set an address, or change the active port."""
        return [("ioctl", self.dice.choice((0x8992, 0x8993, 0x8994, 0x8995)), self.root_bond(), self.port(), self.dice.randrange(-1, 4))]

    def feature(self):
        """ethtool -K."""
        return [("feature", self.root_bond() if self.dice.random() < 0.6 else self.port("b0"), self.dice.choice(FEATURES),
                 self.dice.randrange(2))]

    def ethtool(self):
        """What ethtool asks: driver, link, time stamps."""
        return [("ethtool", self.root_bond(), self.dice.choice((1, 3, 10, 0x41, 0x4c)))]

    def rename(self):
        """A device changes its name for a moment."""
        return [("rename", self.bond() if self.dice.random() < 0.5 else self.port())]

    def move(self):
        """A device is moved into another namespace and comes back; of bonds only one without ports may."""
        return [("move", self.dice.choice(("d1", "v1", "b0", "b1")))]

    def end_namespace(self):
        """A namespace ends with a bond and its ports in it."""
        self.bonds.pop("b3", None)
        return [("end_namespace",)]

    def reload(self):
        """The module goes and comes back, with whatever is there."""
        self.bonds = {}
        return [("reload", self.dice.choice(("", "mode=1 miimon=50", "mode=4", "max_bonds=0 mode=6", "num_grat_arp=300")))]

    def remake(self):
        """A device disappears under its bond and a new one takes its name."""
        return [("remake", self.dice.choice(("v1", "d1", "f0", "w2")))]

    def fault(self):
        """The next operation of a kind fails on f0; then somebody tries."""
        what = self.dice.choice(FAULTS)
        skip = 0 if what in KEEPING_FAULTS else self.dice.randrange(3)
        port_fault = ("fault", what, self.dice.choice((1, 5, 12, 16, 22)), skip)
        if what not in KEEPING_FAULTS and self.dice.random() < 0.3:
            return [port_fault]
        bond = self.root_bond()
        return [("leave", "netlink", bond, "f0"), ("port_link", "f0", False), port_fault, ("join", "netlink", bond, "f0"),
                ("fault", "clear", 0, 0)]

    def pause(self):
        """Time for what runs later."""
        return [("pause", self.dice.choice((0.001, 0.005, 0.02, 0.1)))]

    def xdp(self):
        """An XDP program on a bond or a port, or none any more."""
        return [("xdp", self.root_bond() if self.dice.random() < 0.7 else self.port("b0"), self.dice.choice((0, 2, 4)),
                 self.dice.random() < 0.5)]

    def neighbour(self):
        """A neighbour entry that makes the kernel ask, so that ARP and ND go out."""
        return [("neighbour", self.dice.choice(("192.0.2.2", "192.0.2.77", "2001:db8::2", "2001:db8::77")))]

    def look(self):
        """Do all doors tell the same?"""
        return [("look", self.root_bond())]
