# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of network managers share.  Each plays the same life with Debian's own packages, unmodified: a bond
# from the client's configuration file, traffic, a lost cable, a restart of the client's service, the end.
#
#	this namespace				namespace net
#	+----------------------+		+-----------------------+
#	| bond0 (.1) --- eth0  |----------------| p0 -- bridge br0 (.2) |
#	| (the client's) eth1  |----------------| p1 -/                 |
#	+----------------------+		+-----------------------+
#
# The packages come from $BED_CACHE/clients, see selftests/clients/fetch.
# shellcheck source=selftests/lib/lib.sh
. "${BED_TOP:?runs in the bed, see Documentation/testing.md}/selftests/lib/lib.sh"

bonding=/sys/class/net/bond0/bonding

# client_unpack NAME: the client's files onto the guest's root
client_unpack() {
	local root=${BED_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/bonding-bed}/clients/$1
	if [ ! -e "$root/done" ]; then
		begin "Debian's packages: $1"
		skip "no packages in $root, run selftests/clients/fetch"
		finish
	fi
	# links of the root to folders (/lib) stay links
	tar -C "$root/root" -c . | tar -x --keep-directory-symlink -C / && ldconfig
}

# The client shall find the two cables as on a machine that has just started.
client_stage() {
	local i
	sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
	ns_add net
	ip -n net link add br0 type bridge
	for i in 0 1; do
		ip link add "eth$i" address "02:00:00:00:01:0$i" type veth peer name "p$i" netns net
		ip -n net link set "p$i" master br0 up
	done
	ip -n net addr add 192.0.2.2/24 dev br0
	ip -n net link set br0 up
}

# option NAME: the first word of an option's file
option() { local word; read -r word _ <"$bonding/$1"; echo "$word"; }

# options_are NAME=WORD...: what the client's file asks for is what the bond has
options_are() {
	local pair
	for pair; do
		equal "${pair#*=}" "$(option "${pair%%=*}")" "${pair%%=*}"
	done
}

ports_are() { [ "$(tr ' ' '\n' <$bonding/slaves | sort | xargs)" = "$*" ]; }
bond_works() { ports_are eth0 eth1 && ping -q -c 1 -W 1 192.0.2.2; }
bond_gone() { [ ! -e /sys/class/net/bond0 ]; }
uses() { [ "$(cat $bonding/active_slave)" = "$1" ]; }
settled() { grep -qx "MII Status: up" /proc/net/bonding/bond0 && ! grep -q "MII Status: [dg]" /proc/net/bonding/bond0; }

# client_failover ACTIVE OTHER: the bond the client made does its job
client_failover() {
	eventually 5 settled
	eventually 5 uses "$1"
	unplug net "p${1#eth}"
	eventually 3 uses "$2"
	eventually 1 ping -q -c 1 -W 1 192.0.2.2
	plug net "p${1#eth}"
	eventually 5 settled
}

# restart_keeps_bond COMMAND...: the service restarts, the bond is the same and works
restart_keeps_bond() {
	local index
	index=$(cat /sys/class/net/bond0/ifindex)
	check "$@"
	eventually 5 bond_works
	equal "$index" "$(cat /sys/class/net/bond0/ifindex)" "interface number of bond0"
}

# restart_is_harmless COMMAND...: and no port noticed
restart_is_harmless() {
	local failures
	failures=$(grep "Link Failure" /proc/net/bonding/bond0)
	restart_keeps_bond "$@"
	equal "$failures" "$(grep "Link Failure" /proc/net/bonding/bond0)" "link failures"
}

# What the kernel logged about bonds, for the eyes of who compares drivers.
client_log() { dmesg -t | grep -a bond | sed 's/^/# log /'; }
