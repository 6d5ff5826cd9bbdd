# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Two hosts of virtual machines on two switches that know nothing of a bond.  Source it after lib.sh.
#
#	     host a						       host b
#	+------------------+	+------+    +------+	+-------+	+------------------+
#	| a1 --\     .eth0-----| left |----| core |----| right |-----eth1.     /-- b1 |
#	| a2 --- br0-bond0 |	+------+    +--+---+	+-------+	| bond0-br0 --- b2 |
#	|  ..	     `eth1--- right	       |	     left ---eth0'      ..  |
#	+------------------+		      gw			+------------------+
#
# Every name above but the ports' is a namespace of its own.  Guests (a1...) and the gateway are in VLAN 10: access ports
# of br0 and of core, tagged everywhere between.  left and right have a cable from each host, all ports are trunks and
# nothing is configured for a bond.  Guest n of host a is 192.0.2.(10+n), 2001:db8::a:n and 02:00:00:00:0a:n; of host b
# 192.0.2.(100+n), 2001:db8::b:n and 02:00:00:00:0b:n; the gateway is 192.0.2.1, 2001:db8::1, 02:00:00:00:00:01.
#
#	lab_up 2 mode balance-xor xmit_hash_policy vlan+srcmac	# two guests a host; words for "ip link add bond0 type bond"
#	lab_set slb 1						# a file of bonding/, on both hosts
#	eventually 5 reaches a1 "$(lab_ip b1)"
#	lab_cut a eth0; lab_mend a eth0				# the cable, at both ends at once
#	lab_down

lab_nodes=()

# lab_ip NODE, lab_ip6 NODE, lab_mac NODE
lab_ip() {
	case $1 in
	gw) echo 192.0.2.1 ;;
	a*) echo 192.0.2.$((10 + ${1#a})) ;;
	b*) echo 192.0.2.$((100 + ${1#b})) ;;
	esac
}
lab_ip6() {
	case $1 in
	gw) echo 2001:db8::1 ;;
	*) printf '2001:db8::%s:%x\n' "${1%"${1#?}"}" "${1#?}" ;;
	esac
}
lab_mac() {
	case $1 in
	gw) echo 02:00:00:00:00:01 ;;
	*) printf '02:00:00:00:0%s:%02x\n' "${1%"${1#?}"}" "${1#?}" ;;
	esac
}

# A bridge that filters by VLAN and floods what it does not know; no snooping, no spanning tree, no delay.
lab_bridge() {
	ip -n "$1" link add br0 type bridge vlan_filtering 1 mcast_snooping 0 forward_delay 0
	ip -n "$1" link set br0 up
}

# lab_trunk NS PORT: VLAN 10 passes with its tag.
lab_trunk() { bridge -n "$1" vlan add vid 10 dev "$2"; }

# lab_plug NODE NS: the node's only cable goes to an access port in VLAN 10 of the namespace's bridge.
lab_plug() {
	leg "$1" eth0 "$2" "p$1" br0
	bridge -n "$2" vlan del vid 1 dev "p$1"
	bridge -n "$2" vlan add vid 10 dev "p$1" pvid untagged
	ip -n "$1" link set eth0 address "$(lab_mac "$1")"
	ip -n "$1" addr add "$(lab_ip "$1")/24" dev eth0
	ip -n "$1" addr add "$(lab_ip6 "$1")/64" dev eth0 nodad
	ip -n "$1" link set eth0 up
}

# lab_move GUEST OLD-HOST NEW-HOST: as a migration ends: the port here is gone, the one there speaks up.
lab_move() {
	ip -n "$2" link del "p$1"
	lab_plug "$1" "$3"
	within "$1" arping -q -U -c 1 -I eth0 "$(lab_ip "$1")"
}

lab_access() {
	ns_add "$1"
	lab_plug "$1" "$2"
	lab_nodes+=("$1")
}

lab_switches() {
	local side
	ns_add core left right
	lab_bridge core
	for side in left right; do
		lab_bridge $side
		leg $side to-core core to-$side br0
		ip -n $side link set to-core master br0
		ip -n $side link set to-core up
		lab_trunk core to-$side
		lab_trunk $side to-core
	done
	lab_access gw core
	lab_nodes+=(core left right)
}

# lab_host a|b GUESTS WORDS...
lab_host() {
	local host=$1 guests=$2 n side
	shift 2
	ns_add "$host"
	lab_bridge "$host"
	ip -n "$host" link add bond0 type bond "$@" || return
	n=0
	for side in left right; do
		leg "$host" eth$n $side "to-$host" br0
		lab_trunk $side "to-$host"
		ip -n "$host" link set eth$n master bond0 || return
		within "$host" sh -c "echo wire eth$n >/proc/rtnl_hold"
		n=$((n + 1))
	done
	ip -n "$host" link set bond0 master br0
	lab_trunk "$host" bond0
	ip -n "$host" link set bond0 up
	for ((n = 1; n <= guests; n++)); do lab_access "$host$n" "$host"; done
	lab_nodes+=("$host")
}

# lab_up GUESTS WORDS...: everything, with that many guests on each host and bonds made with these words.
lab_up() {
	modprobe rtnl_hold
	lab_nodes=()
	lab_switches
	lab_host a "$@" && lab_host b "$@"
}

# Takes the lab down; cables first, or a lone end would be reported as lost.
lab_down() {
	ns_del "${lab_nodes[@]}"
	lab_nodes=()
}

# lab_set FILE VALUE: one option of both bonds, by its file.
lab_set() {
	local host
	for host in a b; do
		ip netns exec "$host" sh -c "echo $2 >/sys/class/net/bond0/bonding/$1" || return
	done
}

lab_cut() { within "$1" sh -c "echo cut $2 >/proc/rtnl_hold"; }
lab_mend() { within "$1" sh -c "echo mend $2 >/proc/rtnl_hold"; }

# lab_place SWITCH NODE: towards whom (a, b, core...) the switch believes the guest.
lab_place() { bridge -n "$1" fdb show br br0 | sed -n "s/^$(lab_mac "$2") dev to-\([^ ]*\) vlan 10 .*/\1/p"; }
