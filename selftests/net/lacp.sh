#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bed: --clock icount --timeout 1500
# long
# shellcheck disable=SC2317 # functions run by eventually
#
# 802.3ad between two of ours: how fast they agree, what a lost leg costs, when they speak, when they give up.
#
#	namespace host				namespace net
#	+--------------------+			+-------------------+
#	| bond0 (.1) -- eth0 |------------------| p0 -- bond0 (.2)  |
#	|            \- eth1 |------------------| p1 -/             |
#	+--------------------+			+-------------------+
#		192.0.2.0/24, layer3+4, 16 flows of 62 datagrams a second each way
# shellcheck source=selftests/lib/lib.sh
. "${BED_TOP:?runs in the bed, see Documentation/testing.md}/selftests/lib/lib.sh"
# shellcheck source=selftests/lib/lacp.sh
. "$BED_TOP/selftests/lib/lacp.sh"

lacp_prepare

# --- agreement --------------------------------------------------------------------------------------------------------
lacp_pair "lacp_rate fast" "lacp_rate fast"
begin "two ports carry traffic within 2.2 s of carrier, after the wait of 2 s"
trace_mark start
plug_all
eventually 20 all_bundled
from=$(trace_time "bond_link: .* to=\"up\"")
to=$(trace_time "port=(eth|p)[01] machine=MUX .* to=COLLECTING_DISTRIBUTING")
at_most 2.2 "$(minus "$to" "$from")" "seconds"
at_least 1.99 "$(minus "$to" "$(trace_time 'port=eth[01] machine=MUX .* to=WAITING')")" "seconds of waiting"
check reaches host 192.0.2.2
equal 2 "$(aggregator_field host "Number of ports")" "ports in the aggregator"
equal "$(perm_mac net p0)" "$(aggregator_field host "Partner Mac Address")" "partner"
note "$(minus "$to" "$from") s"
end

begin "a fast partner hears from us every second, 10 ms more or less"
capture_start net p0 "$(perm_mac host eth0)"
sleep 12
capture_stop
spacing=$(capture_spacing)
note "shortest and longest interval, s: $spacing"
at_least 0.99 "${spacing% *}" "shortest interval"
at_most 1.01 "${spacing#* }" "longest interval"
at_least 10 "$(capture_count)" "LACPDUs"
end

begin "the ports listen to the slow protocols' address while the bond is up, and only then"
check listens host eth0
check ip -n host link set bond0 down
refuse listens host eth0
check ip -n host link set bond0 up
check listens host eth0
check ip -n host link set eth0 nomaster
refuse listens host eth0
check ip -n host link set eth0 down
check ip -n host link set eth0 master bond0
check listens host eth0
eventually 20 all_bundled
end

begin "a partner that we leave stops sending to us at once"
check ip -n host link set bond0 down
eventually 1 not_bundled net p0
eventually 1 not_bundled net p1
check ip -n host link set bond0 up
eventually 20 all_bundled
end

# The limit of three a second is used up from now on, and for two seconds more.
spoken() { [ "$(lacp_stat host eth0 lacpdu_rx)" -ge $((heard + 10)) ]; }
talk_much() {
	heard=$(lacp_stat host eth0 lacpdu_rx)
	within net "$frame" p0 stale 300 100 "$(perm_mac net p0)" 15 1 &
	talker=$!
	eventually 5 spoken
}
begin "and so does one that has just heard from us all that may be said in a second"
capture_start net p0 "$(perm_mac host eth0)"
talk_much
check bundled net p0
check ip -n host link set bond0 down
# before it misses us, after 3 s
sleep 1.5
check not_bundled net p0
wait "$talker"
sleep 2
capture_stop
at_most 3 "$(capture_densest)" "LACPDUs in one second"
check ip -n host link set bond0 up
eventually 20 all_bundled
end

# left_in: take eth0 out; prints how long that took, s
left_in() {
	local from=$EPOCHREALTIME
	ip -n host link set eth0 nomaster
	minus "$EPOCHREALTIME" "$from"
}
take_back() {
	ip -n host link set eth0 down
	check ip -n host link set eth0 master bond0
	eventually 20 all_bundled
}
# neither in sync nor aggregatable
goodbye="ether[14] = 1 and ether[32] & 0x0c = 0"
begin "a port that is released says goodbye, even if that must wait for the limit"
capture_start net p0 "$(perm_mac host eth0)" "$goodbye"
talk_much
note "released in $(left_in) s"
wait "$talker"
capture_stop
equal 1 "$(capture_count)" "goodbyes"
take_back
end
begin "and else at once"
sleep 3
capture_start net p0 "$(perm_mac host eth0)" "$goodbye"
at_most 0.5 "$(left_in)" "seconds"
capture_stop
equal 1 "$(capture_count)" "goodbyes"
take_back
end

# --- losing a leg -----------------------------------------------------------------------------------------------------
flood_start
sleep 1
strike "nothing happening" 1 1.5 true
strike "losing the first cable" 1 1.5 unplug net p0
trace_mark return
strike "its return" 1 4 plug net p0
begin "a leg that comes back to its partner does not wait 2 s again"
from=$(trace_time 'bond_link: bond=bond0 port=eth0 .* to="up"')
to=$(trace_time 'port=eth0 machine=MUX .* to=COLLECTING_DISTRIBUTING')
at_most 0.2 "$(minus "$to" "$from")" "seconds"
eventually 20 all_bundled
end
strike "losing the second cable" 1 1.5 unplug net p1
strike "its return" 1 4 plug net p1
eventually 20 all_bundled
strike "a leg that goes silent" 3050 6 mute_leg 0
unmute_leg 0
eventually 20 all_bundled
meter_stop

begin "while RTNL is held a cable costs one packet"
flood_start
check within host sh -c "echo wire eth0 >/proc/rtnl_hold && echo wire eth1 >/proc/rtnl_hold"
sleep 0.5
read -r from to held < <(busy_rtnl "echo cut eth0 >/proc/rtnl_hold; pause 2.5")
equal 1 "$held" "RTNL is held"
at_most 1 "$(flood_lost out "$from" "$to")" "lost out"
at_least 1000 "$(flood_received out "$from" "$to")" "received out"
note "lost: $(flood_lost out "$from" "$to") out, $(flood_lost in "$from" "$to") in"
check within host sh -c "echo mend eth0 >/proc/rtnl_hold"
eventually 20 all_bundled
end

begin "while RTNL is held a silent leg is left after 3 s and 50 ms"
for try in 1 2 3; do
	t0=$(meter_now)
	mute_leg 0
	read -r from to held < <(busy_rtnl "pause 4")
	# The lock must have been held before the partner could expire.
	[[ $(minus "$from" "$t0") = [01].* ]] && break
	note "try $try: preparing took $(minus "$from" "$t0") s, once more"
	unmute_leg 0
	eventually 20 all_bundled
done
equal 1 "$held" "RTNL is held"
at_most 2 "$(minus "$from" "$t0")" "seconds before RTNL was held"
for way in out in; do
	at_most 3050 "$(flood_silence $way "$t0" "$to")" "ms of silence $way"
	at_least 500 "$(flood_silence $way "$t0" "$to")" "ms of silence $way, for some used that leg"
done
note "ms of silence: $(flood_silence out "$t0" "$to") out, $(flood_silence in "$t0" "$to") in"
unmute_leg 0
eventually 20 all_bundled
end
meter_stop

# --- limits -----------------------------------------------------------------------------------------------------------
begin "a flood of stale LACPDUs is answered by at most three in any second"
capture_start net p0 "$(perm_mac host eth0)"
within net "$frame" p0 stale 400 100 "$(perm_mac net p0)" 15 1
capture_stop
note "$(capture_count) LACPDUs in 4 s, at most $(capture_densest) in one second"
at_most 3 "$(capture_densest)" "LACPDUs in one second"
at_least 9 "$(capture_count)" "LACPDUs"
eventually 20 all_bundled
end

begin "ten Marker requests a second are answered, not more"
capture_start net p0 "$(perm_mac host eth0)" "ether[14] = 2"
within net "$frame" p0 marker 100 50
capture_stop
note "$(capture_count) answers to 100 requests in 2 s"
at_most 30 "$(capture_count)" "answers"
at_least 15 "$(capture_count)" "answers"
at_most 10 "$(capture_densest)" "answers in one second"
end

begin "damaged and foreign frames change nothing and are counted"
before=$(lacp_stat host eth0 lacpdu_illegal_rx) unknown=$(lacp_stat host eth0 lacpdu_unknown_rx)
for kind in short badlen oam tagged unicast; do
	check within net "$frame" p0 "$kind" 5
done
check within net "$frame" p0 random 2000 0 02:00:00:00:00:77 15 1
check within net "$frame" p0 random 2000 0 "$(perm_mac net p0)" 15 1
sleep 5
eventually 20 all_bundled
check reaches host 192.0.2.2
at_least $((before + 10)) "$(lacp_stat host eth0 lacpdu_illegal_rx)" "illegal frames"
at_least $((unknown + 5)) "$(lacp_stat host eth0 lacpdu_unknown_rx)" "unknown frames"
end

# --- giving up --------------------------------------------------------------------------------------------------------
# expiry RATE SECONDS: the partner falls silent; we expire and default in time.
expiry() {
	begin "lacp_rate $1: a silent partner is given up $2 s after its last LACPDU, forgotten 3 s later"
	capture_start host eth0 "$(perm_mac net p0)"
	sleep 32
	trace_mark mute
	mute_leg 0
	until_true $(($2 + 60)) trace_has "port=eth0 machine=RECEIVE from=EXPIRED to=DEFAULTED"
	capture_stop
	expired=$(trace_time "port=eth0 machine=RECEIVE from=CURRENT to=EXPIRED")
	defaulted=$(trace_time "port=eth0 machine=RECEIVE from=EXPIRED to=DEFAULTED")
	last=$(capture_last)
	note "expired $(minus "$expired" "$last") s after the last LACPDU, defaulted $(minus "$defaulted" "$expired") s later"
	# Our clock counts in ms, so the last digits may fall short.
	at_least "$(minus "$2" 0.01)" "$(minus "$expired" "$last")" "seconds until expired"
	at_most "$2.01" "$(minus "$expired" "$last")" "seconds until expired"
	at_least 2.99 "$(minus "$defaulted" "$expired")" "seconds until defaulted"
	at_most 3.01 "$(minus "$defaulted" "$expired")" "seconds until defaulted"
	unmute_leg 0
	eventually 40 all_bundled
	end
}

expiry fast 3
lacp_pair "lacp_rate slow" "lacp_rate slow"
plug_all
begin "slow: agreement comes as quickly"
eventually 20 all_bundled
end
begin "a slow partner hears from us every 30 s, 10 ms more or less"
capture_start net p0 "$(perm_mac host eth0)"
sleep 125
capture_stop
spacing=$(capture_spacing)
note "shortest and longest interval, s: $spacing"
at_least 29.99 "${spacing% *}" "shortest interval"
at_most 30.01 "${spacing#* }" "longest interval"
end
expiry slow 90

# --- who speaks -------------------------------------------------------------------------------------------------------
lacp_pair "lacp_rate fast lacp_active off" "lacp_rate fast"
plug_all
begin "a passive end agrees with an active one"
eventually 20 all_bundled
end
lacp_pair "lacp_rate fast lacp_active off" "lacp_rate fast lacp_active off"
plug_all
begin "two passive ends are silent and do not agree"
capture_start net p0 "$(perm_mac host eth0)"
sleep 8
capture_stop
equal 0 "$(capture_count)" "LACPDUs heard"
# what was sent before anybody could listen
equal 0 "$(lacp_stat host eth0 lacpdu_tx)" "LACPDUs sent"
refuse bundled host eth0
check carrier_is host bond0 1
end
begin "without a partner one port carries traffic"
equal 1 "$(ports_live host | wc -w)" "ports in use: $(ports_live host)"
end

# --- settings ---------------------------------------------------------------------------------------------------------
lacp_pair "lacp_rate fast min_links 2" "lacp_rate fast"
plug_all
begin "min_links: carrier needs that many ports"
eventually 20 all_bundled
eventually 1 carrier_is host bond0 1
unplug net p0
eventually 1 carrier_is host bond0 0
plug net p0
eventually 5 carrier_is host bond0 1
end

begin "another system priority, system or bond address is agreed upon live"
eventually 20 all_bundled
check ip -n host link set bond0 type bond ad_actor_sys_prio 1000
eventually 5 partner_field_is net "system priority" 1000
eventually 20 all_bundled
check ip -n host link set bond0 type bond ad_actor_system 02:00:00:00:00:42
eventually 5 partner_field_is net "system mac address" 02:00:00:00:00:42
eventually 20 all_bundled
check ip -n host link set bond0 type bond ad_actor_system 00:00:00:00:00:00
check ip -n host link set bond0 address 02:00:00:00:00:43
eventually 5 partner_field_is net "system mac address" 02:00:00:00:00:43
eventually 20 all_bundled
check reaches host 192.0.2.2
end

begin "a leg to another partner is held back, says why, and is found churning after 60 s"
# one leg has to do once it has taken over
check ip -n host link set bond0 type bond min_links 0
ns_add other
leg host eth2 other q0
trace_mark other
check ip -n host link set eth2 master bond0
ip -n other link set q0 down
ip -n other link add bond0 type bond mode 802.3ad lacp_rate fast miimon 100
ip -n other link set q0 master bond0
ip -n other addr add 192.0.2.9/24 dev bond0
ip -n other link set bond0 up
eventually 5 trace_has 'port=eth2 reason="partner id differs"'
refuse reaches host 192.0.2.9
eventually 150 trace_has 'port=eth2 machine=ACTOR_CHURN from=MONITOR to=CHURN'
# The timer begins when the port is enabled.
link=$(trace_time 'port=eth2 machine=RECEIVE from=PORT_DISABLED')
churned=$(trace_time 'port=eth2 machine=ACTOR_CHURN from=MONITOR to=CHURN')
at_least 59.99 "$(minus "$churned" "$link")" "seconds to churn"
at_most 60.01 "$(minus "$churned" "$link")" "seconds to churn"
equal churned "$(port_text host eth2 | sed -n 's/^Actor Churn State: //p')" "state"
trace_mark takeover
unplug net p0
unplug net p1
eventually 6 bundled host eth2
eventually 5 reaches host 192.0.2.9
check trace_has 'port=eth2 machine=ACTOR_CHURN from=CHURN to=NO_CHURN'
# at once is: with the step that takes it in
synced=$(trace_time 'port=eth2 machine=MUX .* to=ATTACHED')
at_most 0.01 "$(minus "$(trace_time 'port=eth2 machine=ACTOR_CHURN from=CHURN to=NO_CHURN')" "$synced")" "seconds until it churns no more"
end
plug_all
ns_del other

# --- newer than some kernels and than most iproute2 -------------------------------------------------------------------
set_option() { check ip netns exec host sh -c "echo $2 >/sys/class/net/bond0/bonding/$1"; }

begin "lacp_strict: no partner, no traffic, no carrier"
lacp_pair "lacp_rate fast" "lacp_rate fast lacp_active off"
check ip -n host link set bond0 down
set_option lacp_active off
check ip -n host link set bond0 up
plug_all
eventually 8 carrier_is host bond0 1
set_option lacp_strict on
eventually 1 carrier_is host bond0 0
equal "" "$(ports_live host)" "ports in use"
set_option lacp_strict off
eventually 5 carrier_is host bond0 1
end

begin "coupled_control off: ports collect first, then distribute, and traffic flows"
lacp_pair "lacp_rate fast" "lacp_rate fast"
check ip -n host link set bond0 down
set_option coupled_control off
check ip -n host link set bond0 up
trace_mark independent
plug_all
eventually 20 all_bundled
check trace_has 'port=eth0 machine=MUX from=ATTACHED to=COLLECTING'
check trace_has 'port=eth0 machine=MUX from=COLLECTING to=DISTRIBUTING'
check reaches host 192.0.2.2
end

begin "broadcast_neighbor: neighbour discovery goes out of every port"
lacp_pair "lacp_rate fast" "lacp_rate fast"
plug_all
eventually 20 all_bundled
set_option broadcast_neighbor on
check reaches host 192.0.2.2
rx_count_start
within host ping -q -c 1 -W 1 192.0.2.77
within host ping -q -c 1 -W 1 2001:db8::77
rx_count_stop
for i in 0 1; do
	at_least 1 "$(rx_count p$i arp)" "ARP requests by p$i"
	at_least 1 "$(rx_count p$i icmp6)" "neighbour solicitations by p$i"
done
end

# --- counters ---------------------------------------------------------------------------------------------------------
# by_ethtool PORT, by_netlink DEVICE [port]: the nine of 802.3ad, in the same order.  (The ip of Debian 12 knows "xstats type
# bond", but aborts.)
by_ethtool() { within host ethtool -S bond0 | sed -nE "s/^ *$1 (lacpdu|marker)_.*: //p"; }
by_netlink() {
	PYTHONPATH=$BED_TOP/selftests/lib python3 -c '
import sys
from rtlink import Links
print(*Links("host").bond_xstats(*sys.argv[1:]), sep="\n")' "$@"
}
begin "netlink tells what ethtool -S tells, and of the bond the sum of both ports"
lacp_pair "lacp_rate fast" "lacp_rate fast"
plug_all
eventually 20 all_bundled
for kind in badlen oam marker; do check within net "$frame" p0 $kind 5 50; done
# nobody counts any more while they are compared
unplug net p0
unplug net p1
eventually 5 carrier_is host bond0 0
at_least 1 "$(lacp_stat host eth0 lacpdu_illegal_rx)" "illegal frames"
at_least 1 "$(lacp_stat host eth0 marker_resp_tx)" "answers to Markers"
for i in 0 1; do
	ports[i]=$(by_ethtool eth$i)
	equal 9 "$(wc -l <<<"${ports[i]}")" "counters of eth$i"
	equal "${ports[i]}" "$(by_netlink eth$i port)" "counters of eth$i"
done
equal "$(paste <(echo "${ports[0]}") <(echo "${ports[1]}") | awk '{ print $1 + $2 }')" "$(by_netlink bond0)" "counters of bond0"
end

# --- for good ---------------------------------------------------------------------------------------------------------
# farewells WHAT COMMAND...: each of host's legs says once that it is out of sync when that is done
farewells() {
	local what=$1 i mac pids=()
	shift
	for i in 0 1; do
		mac=$(perm_mac host eth$i)
		overhear net /dev/shm/farewell$i -Q in -l -U -i p$i "ether proto 0x8809 and ether src $mac and ether[14] = 1 and ether[32] & 0x08 = 0"
		pids+=("$listener")
	done
	check "$@"
	sleep 0.1
	kill "${pids[@]}"
	wait "${pids[@]}" 2>/dev/null
	for i in 0 1; do equal 1 "$(grep -c . /dev/shm/farewell$i)" "goodbyes by eth$i, $what"; done
}
begin "a bond that is deleted, or unloaded with its driver, says goodbye by every leg"
lacp_pair "lacp_rate fast" "lacp_rate fast"
plug_all
eventually 20 all_bundled
sleep 1
farewells "when the bond is deleted" ip -n host link del bond0
check not_bundled net p0
check not_bundled net p1
lacp_pair "lacp_rate fast" "lacp_rate fast"
plug_all
eventually 20 all_bundled
talk_much
farewells "when it has said much" ip -n host link del bond0
wait "$talker"
lacp_pair "lacp_rate fast" "lacp_rate fast"
plug_all
eventually 20 all_bundled
sleep 1
rmmod rtnl_hold
farewells "when the driver is unloaded" rmmod bonding
end
finish
