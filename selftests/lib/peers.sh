# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A bond of two legs on one switch, and peers that are machines of their own.  Source it after lib.sh.
#
#	   host			   switch		 peers
#	+--------------+	+------------+		+-----------+
#	| bond0 -- eth0 |-------| p0 --\      |	   .----| n1  .11   |
#	|  .1   \- eth1 |-------| p1 --- br0 -|---+-----| n2  .12   |
#	+--------------+	+------------+	   `----| ...	    |
#		192.0.2.0/24 and 2001:db8::/64		+-----------+
#
# Every box is a namespace.  The switch is a bridge that knows nothing of the bond.  eth0 is 02:00:00:00:01:00 and eth1
# 02:00:00:00:01:01, peer n is 02:00:00:00:02:n, 192.0.2.(10+n), 2001:db8::n.
#
#	peers_up 4 mode balance-tlb miimon 100	# four peers; words for "ip link add bond0 type bond"
#	cable cut 0; cable mend 0		# leg 0, at both ends at once
#	peers_down

peers_all=()

cable() { within host sh -c "echo $1 eth$2 >/proc/rtnl_hold"; }

peers_up() {
	local count=$1 i
	shift
	modprobe rtnl_hold
	ns_add host switch
	peers_all=(host switch)
	ip -n switch link add br0 type bridge mcast_snooping 0
	ip -n switch link set br0 up
	ip -n host link add bond0 type bond "$@" || return
	for i in 0 1; do
		leg host eth$i switch p$i br0
		ip -n host link set eth$i address "02:00:00:00:01:0$i"
		ip -n host link set eth$i master bond0 || return
		cable wire $i
	done
	ip -n host addr add 192.0.2.1/24 dev bond0
	ip -n host addr add 2001:db8::1:1/64 dev bond0 nodad
	ip -n host link set bond0 up
	for ((i = 1; i <= count; i++)); do
		ns_add "n$i"
		peers_all+=("n$i")
		leg "n$i" eth0 switch "q$i" br0
		ip -n "n$i" link set eth0 address "02:00:00:00:02:0$i"
		ip -n "n$i" addr add "192.0.2.$((10 + i))/24" dev eth0
		ip -n "n$i" addr add "2001:db8::$i/64" dev eth0 nodad
		ip -n "n$i" link set eth0 up
	done
}

peers_down() {
	ns_del "${peers_all[@]}"
	peers_all=()
}

# sent_by ETH: packets that left by the leg; heard_by ETH: that came by it
counter() { ip -n host -s -j link show dev "$1" | sed -n "s/.*\"$2\":{\"bytes\":[0-9]*,\"packets\":\([0-9]*\).*/\1/p"; }
sent_by() { counter "$1" tx; }
heard_by() { counter "$1" rx; }

# watch LEG FILTER...: counts what the switch gets by the leg from now on; seen LEG: how many
watch() {
	local i=$1
	shift
	overhear switch "/dev/shm/watch$i" -lep -i "p$i" -Q in "$@"
	watchers+=("$listener")
}
seen() { grep -c . "/dev/shm/watch$1"; }
watch_end() {
	sleep 0.3
	overheard "${watchers[@]}"
	watchers=()
}
watchers=()
