#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bed: --clock icount --timeout 1500
# shellcheck disable=SC2317 # functions called by a name put together
#
# 802.3ad with partners that others wrote: they agree with us, a lost leg does not stop the traffic, and it comes back.
#
#	namespace host				namespace net
#	+--------------------+			+---------------------------------+
#	| bond0 (.1) -- eth0 |------------------| p0 -- Open vSwitch bond,        |
#	|            \- eth1 |------------------| p1 -/ or team0 by teamd    (.2) |
#	+--------------------+			+---------------------------------+
#
# The partners' Debian packages are not installed but unpacked in the guest, from $BED_CACHE/debs-lacp:
#	apt-get install --download-only -o Dir::Cache::archives=$BED_CACHE/debs-lacp openvswitch-switch libteam-utils
# shellcheck source=selftests/lib/lib.sh
. "${BED_TOP:?runs in the bed, see Documentation/testing.md}/selftests/lib/lib.sh"
# shellcheck source=selftests/lib/lacp.sh
. "$BED_TOP/selftests/lib/lacp.sh"

debs=$(bed_cache)/debs-lacp
unpack() {
	local deb
	for deb in "$debs"/*.deb; do
		[ -e "$deb" ] || return 1
		# dpkg -x would put a folder in the place of the link /lib
		dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C / || return 1
	done
	ldconfig
}

# --- partners: NAME_start ACTIVE RATE, NAME_stop ----------------------------------------------------------------------
ovs_prepare() {
	# where the package keeps it until its scripts make a link
	PATH+=:/usr/lib/openvswitch-switch
	command -v ovs-vswitchd >/dev/null && modprobe openvswitch && mkdir -p /run/openvswitch /etc/openvswitch || return
	rm -f /etc/openvswitch/conf.db
	ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
}
ovs_start() {
	within net ovsdb-server --remote=punix:/run/openvswitch/db.sock --detach --pidfile --log-file=/dev/null || return
	within net ovs-vsctl --no-wait init || return
	within net ovs-vswitchd --detach --pidfile --log-file=/dev/null || return
	within net ovs-vsctl --timeout=20 add-br br0 -- add-bond br0 bond0 p0 p1 lacp="$1" \
		other_config:lacp-time="$2" bond_mode=balance-tcp || return
	ip -n net addr add 192.0.2.2/24 dev br0 && ip -n net link set br0 up
}
ovs_stop() {
	within net ovs-vsctl --timeout=20 del-br br0
	within net ovs-appctl -t ovs-vswitchd exit --cleanup
	within net ovs-appctl -t ovsdb-server exit
	until_true 5 sh -c '! pidof ovs-vswitchd ovsdb-server'
}
ovs_says() { within net ovs-appctl lacp/show bond0; }

teamd_prepare() { command -v teamd >/dev/null && modprobe team && modprobe team_mode_loadbalance; }
teamd_start() {
	local active=true fast=true
	[ "$1" = active ] || active=false
	[ "$2" = fast ] || fast=false
	ip -n net link set p0 down
	ip -n net link set p1 down
	within net teamd -d -t team0 -c "{\"device\": \"team0\", \"runner\": {\"name\": \"lacp\", \"active\": $active,
		\"fast_rate\": $fast}, \"link_watch\": {\"name\": \"ethtool\"}, \"ports\": {\"p0\": {}, \"p1\": {}}}"
	# It may take longer than teamd's own patience, with a clock that runs on while the disk is read.
	until_true 300 within net teamdctl team0 state || return
	ip -n net addr add 192.0.2.2/24 dev team0 && ip -n net link set team0 up
}
teamd_stop() {
	within net teamd -k -t team0
	until_true 5 sh -c '! pidof teamd'
}
teamd_says() { within net teamdctl team0 state; }

# --- the table --------------------------------------------------------------------------------------------------------
both_bundled() { bundled host eth0 && bundled host eth1; }

# meet PARTNER OURS THEIRS RATE
meet() {
	local activity=on patience=8
	# Whoever waits to be spoken to may have to wait for the partner's next 30 s: Open vSwitch is slow while alone.
	[ "$2" = active ] || activity=off patience=40
	ns_add host net
	leg host eth0 net p0
	leg host eth1 net p1
	begin "$1 $3, we $2, $4: two ports agree"
	check "$1_start" "$3" "$4"
	check ip -n host link add bond0 type bond mode 802.3ad miimon 100 lacp_rate "$4" lacp_active $activity
	check ip -n host link set eth0 master bond0
	check ip -n host link set eth1 master bond0
	check ip -n host addr add 192.0.2.1/24 dev bond0
	check ip -n host link set bond0 up
	eventually $patience both_bundled || { "$1_says"; within host cat /proc/net/bonding/bond0; } | sed 's/^/#   /'
	eventually 3 reaches host 192.0.2.2
	end
	begin "$1 $3, we $2, $4: one leg is lost, traffic goes on"
	unplug net p0
	eventually 1 reaches host 192.0.2.2
	eventually 1 not_bundled host eth0
	check bundled host eth1
	end
	begin "$1 $3, we $2, $4: the leg returns"
	plug net p0
	eventually $patience both_bundled || { "$1_says"; within host cat /proc/net/bonding/bond0; } | sed 's/^/#   /'
	eventually 3 reaches host 192.0.2.2
	end
	"$1_stop"
	ns_del host net
}

modprobe bonding max_bonds=0
echo 0 >/proc/sys/kernel/hung_task_timeout_secs
unpack 2>/dev/null
for partner in ovs teamd; do
	if ! "${partner}_prepare"; then
		begin "$partner as partner"
		skip "no packages in $debs or no kernel module"
		continue
	fi
	for rate in fast slow; do
		meet $partner active active $rate
		meet $partner passive active $rate
		meet $partner active "$([ $partner = ovs ] && echo passive || echo off)" $rate
	done
done
finish
