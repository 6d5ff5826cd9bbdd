#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The ARP and NS monitor: what is said and shown while targets answer, fall silent behind a switch, and come back."""
from player import cables, done, load, pause, prepare, run, title, unwatch, watch

#	p0 --- w0 \
#	           br0 (192.0.2.2, 2001:db8::2) in far; the cable keeps its carrier while wN is no port of br0
#	p1 --- w1 /
cables(2)
prepare("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.default.accept_dad=0 "
        "net.ipv6.conf.default.router_solicitations=0",
        "ip -n far link add br0 address 02:00:00:00:02:09 type bridge; ip -n far addr add 192.0.2.2/24 dev br0",
        "ip -n far addr add 2001:db8::2/64 dev br0 nodad; ip -n far link set br0 up",
        "ip -n far link set w0 master br0; ip -n far link set w1 master br0")
load("max_bonds=0")
PORTS = "ip link set p0 down; ip link set p1 down; ip link set p0 master bond0; ip link set p1 master bond0"


def bond(options):
    """One with the host's addresses, both ports in it."""
    run(f"ip link add bond0 type bond {options}")
    prepare("ip addr add 192.0.2.1/24 dev bond0", "ip addr add 2001:db8::1/64 dev bond0 nodad")
    run(PORTS)
    watch("bond0", "p0", "p1")
    run("ip link set bond0 up")
    pause(3)


def lose(port):
    """Silence behind the switch: the cable keeps its carrier."""
    run(f"ip -n far link set {port.replace('p', 'w')} nomaster")
    pause(3)


def find(port):
    """It answers again."""
    run(f"ip -n far link set {port.replace('p', 'w')} master br0")
    pause(3)


def end():
    """For the next one."""
    unwatch("bond0", "p0", "p1")
    run("ip link del bond0")


TARGET = "arp_interval 200 arp_ip_target 192.0.2.2"
for validate in "none", "active", "backup", "all", "filter":
    title(f"active-backup, arp_validate {validate}")
    bond(f"mode active-backup {TARGET} arp_validate {validate}")
    lose("p0")
    find("p0")
    lose("p1")
    find("p1")
    end()
title("active-backup: no target answers, then one does")
bond("mode active-backup arp_interval 200 arp_ip_target 192.0.2.99 arp_validate all")
run("ip -n far addr add 192.0.2.99/24 dev br0")
pause(3)
end()
title("active-backup: a primary comes back")
bond(f"mode active-backup {TARGET} primary p1 arp_validate all")
lose("p1")
find("p1")
end()
title("active-backup: the neighbour's address")
bond("mode active-backup arp_interval 200 ns_ip6_target 2001:db8::2 arp_validate all")
lose("p0")
find("p0")
end()
for mode in "balance-rr", "balance-xor":
    title(mode)
    bond(f"mode {mode} {TARGET}")
    lose("p0")
    find("p0")
    end()
title("one monitor follows the other")
bond(f"mode active-backup {TARGET}")
run("ip link set bond0 type bond miimon 100")
run("ip link set bond0 type bond arp_interval 100")
run("ip link set bond0 type bond arp_interval 0")
end()
done()
