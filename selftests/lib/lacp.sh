# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # listener is lib.sh's
# What the tests of 802.3ad share, after lib.sh.

frame=$BED_TOP/selftests/net/lacp_frame.py
tracing=/sys/kernel/tracing
flows=16

lacp_prepare() {
	modprobe bonding max_bonds=0
	modprobe rtnl_hold
	modprobe sch_ingress
	mount -t tracefs tracefs $tracing 2>/dev/null
	echo mono >$tracing/trace_clock
	# One line a second and port would push out what matters.
	echo 'machine != "PERIODIC"' >$tracing/events/bonding/bond_lacp_state/filter
	echo 1 >$tracing/events/bonding/enable
	# The instruction clock runs on while Python reads its folders from the host's disk the first time.
	python3 "$frame" lo oam >/dev/null 2>&1
}

# lacp_pair HOST-OPTIONS NET-OPTIONS: both namespaces and bonds anew, all cables unplugged at host.
lacp_pair() {
	local i
	ns_del host net
	ns_add host net
	for i in 0 1; do
		leg host eth$i net p$i
		unplug net p$i
	done
	# shellcheck disable=SC2086
	ip -n host link add bond0 type bond mode 802.3ad miimon 100 xmit_hash_policy layer3+4 $1
	# shellcheck disable=SC2086
	ip -n net link add bond0 type bond mode 802.3ad miimon 100 xmit_hash_policy layer3+4 $2
	for i in 0 1; do
		ip -n host link set eth$i master bond0
		ip -n net link set p$i master bond0
		unplug net p$i
	done
	ip -n host addr add 192.0.2.1/24 dev bond0
	ip -n net addr add 192.0.2.2/24 dev bond0
	ip -n host addr add 2001:db8::1/64 dev bond0 nodad
	ip -n net addr add 2001:db8::2/64 dev bond0 nodad
	ip -n host link set bond0 up
	ip -n net link set bond0 up
}

plug_all() { printf 'link set p%d up\n' 0 1 | ip -n net -batch -; }

# --- what the bonds say ---------------------------------------------------------------------------------------------
# shellcheck disable=SC2016 # awk's $
port_text() { within "$1" awk -v p="$2" '/^Slave Interface: / { on = $3 == p } on' /proc/net/bonding/bond0; }
actor_state() { port_text "$1" "$2" | awk '/actor lacp pdu/ { a = 1 } a && /port state/ { print $NF; exit }'; }
bundled() { [ $(($(actor_state "$1" "$2") & 0x38)) = $((0x38)) ]; }
not_bundled() { ! bundled "$@"; }
all_bundled() { bundled host eth0 && bundled host eth1 && bundled net p0 && bundled net p1; }
aggregator_field() { within "$1" sed -n "s/^\t$2: //p" /proc/net/bonding/bond0; }
partner_field_is() {
	port_text "$1" p0 | awk -v k="    $2: " -v v="$3" '/partner lacp pdu/ { p = 1 }
		p && index($0, k) == 1 { exit substr($0, length(k) + 1) != v }'
}
perm_mac() { port_text "$1" "$2" | sed -n 's/^Permanent HW addr: //p'; }
listens() { ip -n "$1" maddr show dev "$2" | grep -qi 01:80:c2:00:00:02; }
# ports_live NS: the ports that carry traffic, by what users see
ports_live() {
	local port
	for port in $(ports_of "$1" bond0); do
		ip netns exec "$1" grep -qx active "/sys/class/net/$port/bonding_slave/state" && echo "$port"
	done | xargs
}
# lacp_stat NS PORT NAME
lacp_stat() { within "$1" ethtool -S bond0 | sed -n "s/^ *$2 $3: //p"; }

# --- the trace --------------------------------------------------------------------------------------------------------
trace_mark() { echo >$tracing/trace; }
trace_lines() { grep -E "$1" $tracing/trace; }
trace_has() { trace_lines "$1" >/dev/null; }
# trace_time REGEX: when it was last seen, s
trace_time() { trace_lines "$1" | sed -nE '$s/.* ([0-9]+\.[0-9]+): bond_.*/\1/p'; }
# nothing when either is missing
minus() { awk -v a="$1" -v b="$2" 'BEGIN { if (a != "" && b != "") printf "%.6f\n", a - b }'; }

# busy_rtnl COMMANDS: in namespace host, RTNL is held while shell commands run; prints the time before them, the time
# after, and whether the lock was held throughout.  Only what bash does by itself: with the instruction clock, starting
# a program may take long.
# shellcheck disable=SC2016 # for the bash inside
busy_rtnl() {
	within host bash -c '
		pause() { read -rt "$1" <> <(:); }
		echo hold on >/proc/rtnl_hold
		from=$EPOCHREALTIME
		eval "$1"
		to=$EPOCHREALTIME
		held=0
		echo let go >/proc/rtnl_hold && held=1
		echo "$from $to $held"' bash "$@"
}

# --- the wire ---------------------------------------------------------------------------------------------------------
# capture_start NS DEVICE SOURCE [FILTER]: times of the slow-protocol frames that arrive there, untagged and to their address
capture_start() {
	overhear "$1" /dev/shm/capture -Q in -tt -l -U -i "$2" \
		"ether proto 0x8809 and ether dst 01:80:c2:00:00:02 and ether src $3 and ${4:-ether[14] = 1}"
	capture_pid=$listener
}
capture_stop() {
	sleep 0.1
	kill -TERM "$capture_pid"
	wait "$capture_pid"
}
capture_times() { grep -oE '^[0-9]+\.[0-9]+' /dev/shm/capture; }
capture_count() { capture_times | wc -l; }
# capture_spacing [FROM TO]: the shortest and the longest interval, of those that ended between two times
capture_spacing() {
	capture_times | awk -v from="${1:-0}" -v to="${2:-1e12}" '
		NR > 1 && $1 >= from && $1 <= to { d = $1 - last; if (!n++ || d < low) low = d; if (d > high) high = d }
		{ last = $1 } END { printf "%.6f %.6f\n", low, high }'
}
# the most in any second, which ends before the next begins; counted in whole microseconds, for a fraction of a time since
# 1970 has rounding errors
capture_densest() {
	capture_times | awk -F. '{ t[NR] = $1 * 1000000 + $2; while (t[NR] - t[first + 1] >= 1000000) first++
		if (NR - first > most) most = NR - first } END { print most + 0 }'
}
# the last one, on the trace's clock
capture_last() {
	capture_times | tail -n 1 | python3 -c '
import time
print("%.6f" % (float(input()) - (time.clock_gettime(time.CLOCK_REALTIME) - time.clock_gettime(time.CLOCK_MONOTONIC))))'
}

# mute_leg N: nothing gets through any more, and nobody loses carrier
mute_leg() {
	tc -n net qdisc replace dev "p$1" clsact
	tc -n host qdisc replace dev "eth$1" clsact
	tc -n net filter add dev "p$1" egress matchall action drop
	tc -n host filter add dev "eth$1" egress matchall action drop
}
unmute_leg() {
	tc -n net qdisc del dev "p$1" clsact
	tc -n host qdisc del dev "eth$1" clsact
}

# rx_count_*: ARP and ND seen by the net's ports
rx_count_start() {
	local i
	rx_pids=()
	for i in 0 1; do
		overhear net /dev/shm/rx.p$i -Q in -l -U -i p$i "arp or icmp6"
		rx_pids+=("$listener")
	done
}
rx_count_stop() {
	sleep 0.1
	kill -TERM "${rx_pids[@]}"
	wait "${rx_pids[@]}"
}
rx_count() {
	case $2 in
	arp) grep -c 'who-has 192.0.2.77' "/dev/shm/rx.$1" ;;
	icmp6) grep -c 'who has 2001:db8::77' "/dev/shm/rx.$1" ;;
	esac
}

# --- traffic ----------------------------------------------------------------------------------------------------------
flood_start() {
	local i list=()
	# the meter's ports differ by the same in each flow and the last bit counts for nothing: addresses take them to both legs
	ip -n net addr replace 192.0.2.5/24 dev bond0
	ip -n host addr replace 192.0.2.6/24 dev bond0
	for ((i = 0; i < flows; i++)); do
		list+=("out$i=host,192.0.2.1,net,192.0.2.$((i % 2 ? 5 : 2))" "in$i=net,192.0.2.2,host,192.0.2.$((i % 2 ? 6 : 1))")
	done
	meter_start -r62 -- "${list[@]}"
}
# flood_lost out|in FROM TO: over all flows
flood_lost() { meter_sum lost "$@"; }
flood_received() { meter_sum received "$@"; }
# flood_silence out|in FROM TO: the longest of any flow, ms
flood_silence() { meter_all silence_ms "$@" | sort -n | tail -n 1; }
# strike NAME LIMIT SECONDS COMMAND...: LIMIT up to 100 counts packets, above it is ms of silence of any flow
strike() {
	local name=$1 limit=$2 seconds=$3 t0 t1 way
	shift 3
	if [ "$limit" -gt 100 ]; then
		begin "$name: every flow goes on within $limit ms"
	else
		begin "$name costs at most $limit packet each way"
	fi
	t0=$(meter_now)
	check "$@"
	sleep "$seconds"
	t1=$(meter_now)
	for way in out in; do
		if [ "$limit" -gt 100 ]; then
			at_most "$limit" "$(flood_silence $way "$t0" "$t1")" "ms of silence $way"
			at_least 500 "$(flood_silence $way "$t0" "$t1")" "ms of silence $way, for some used that leg"
		else
			at_most "$limit" "$(flood_lost $way "$t0" "$t1")" "lost $way"
		fi
		at_least 500 "$(flood_received $way "$t0" "$t1")" "received $way"
	done
	note "lost: $(flood_lost out "$t0" "$t1") out, $(flood_lost in "$t0" "$t1") in; ms of silence:" \
		"$(flood_silence out "$t0" "$t1") out, $(flood_silence in "$t0" "$t1") in"
	end
}
