# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts that run in the bed's guests share.  Source it, then:
#
#	begin "an unplugged cable costs no packets"	# name a test after what a user would lose
#	check ip -n host link set eth0 down		# a command that must succeed
#	refuse ip link set bond0 master bond0		# a command that must fail
#	equal "$want" "$got" "MAC of eth0"		# two texts
#	at_most 1 "$lost" "packets lost"		# a number
#	eventually 5 carrier_is host bond0 1		# becomes true within 5 seconds
#	end						# prints the TAP line
#	...
#	finish						# prints the plan, exits
#
# Namespaces made with ns_add, and everything in them, go away at the end; so does a running packet flood.

tap_count=0 tap_failed=0 tap_name='' tap_why=() tap_done=''
lib_namespaces=() lib_heard=() meter_pid='' meter_log=/dev/shm/pktmeter.log meter_kept=/dev/shm/pktmeter.kept

note() { printf '# %s\n' "$*"; }

# --- TAP --------------------------------------------------------------------------------------------------------------
begin() {
	[ -z "$tap_name" ] || end
	tap_name=$1
	tap_why=()
}

# Notes a failure with its reason; the test goes on, its verdict is settled.  What fails between two tests, while something
# is prepared, is a test of its own, which ends where the next begins.
fail() {
	[ -n "$tap_name" ] || begin "what is done before the next test succeeds"
	tap_why+=("$*")
}

# The output goes through a file and not through $(), so that functions may leave variables and children behind.
check() {
	local rc=0
	"$@" >/dev/shm/check.out 2>&1 || rc=$?
	[ "$rc" = 0 ] || fail "'$*' failed ($rc): $(cat /dev/shm/check.out)"
	return "$rc"
}

refuse() {
	"$@" >/dev/shm/check.out 2>&1 || return 0
	fail "'$*' was accepted: $(cat /dev/shm/check.out)"
	return 1
}

equal() {
	[ "$1" = "$2" ] && return 0
	fail "${3:-value} is '$2', not '$1'"
	return 1
}

# Integers, which most are, are compared without starting a program.
an_integer='^-?(0|[1-9][0-9]{0,17})$'
not_above() {
	if [[ $1 =~ $an_integer && $2 =~ $an_integer ]]; then
		(($1 <= $2))
	else
		awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && b != "" && a + 0 <= b + 0) }'
	fi
}

at_most() {
	not_above "$2" "$1" && return 0
	fail "${3:-value} is '$2', more than $1"
	return 1
}

at_least() {
	not_above "$1" "$2" && return 0
	fail "${3:-value} is '$2', less than $1"
	return 1
}

end() {
	local why
	tap_count=$((tap_count + 1))
	if [ ${#tap_why[@]} = 0 ]; then
		printf 'ok %d - %s\n' "$tap_count" "$tap_name"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' "$tap_count" "$tap_name"
		for why in "${tap_why[@]}"; do
			printf '%s\n' "$why" | sed 's/^/#   /'
		done
	fi
	tap_name='' tap_why=()
}

# Who has failed already does not get away with that.
skip() {
	if [ ${#tap_why[@]} != 0 ]; then
		end
		return
	fi
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$tap_name" "$1"
	tap_name=''
}

finish() {
	[ -z "$tap_name" ] || end
	printf '1..%d\n' "$tap_count"
	tap_done=1
	[ "$tap_failed" = 0 ]
	exit
}

# --- waiting ----------------------------------------------------------------------------------------------------------
# A pause is to read where nobody writes: no program has to be started for that.
exec {lib_silent}<> <(:)
# until_true SECONDS COMMAND...: true as soon as the command is; the clock is the guest's, so it works with both clocks.
# What is long in coming is asked for less and less often, for asking is what takes real time by the instruction clock.
until_true() {
	local limit now seconds pause=20 longest=$(($1 < 10 ? $1 * 100 : 1000))
	read -r now _ </proc/uptime
	limit=$((${now%.*} + $1 + 1))
	shift
	until "$@" >/dev/null 2>&1; do
		read -r now _ </proc/uptime
		[ "${now%.*}" -le "$limit" ] || return 1
		printf -v seconds '%d.%03d' $((pause / 1000)) $((pause % 1000))
		read -rt "$seconds" -u "$lib_silent" || :
		pause=$((pause * 2 < longest ? pause * 2 : longest))
	done
}

# The same as a check of the running test.
eventually() {
	until_true "$@" && return 0
	fail "'${*:2}' did not become true within $1 s"
	return 1
}

# --- namespaces and what is in them -----------------------------------------------------------------------------------
ns_add() {
	local ns
	for ns; do
		ip netns add "$ns" || return
		lib_namespaces+=("$ns")
		ip -n "$ns" link set lo up
		# Neither surprises from address checks nor router solicitations belong into a count of packets.
		within "$ns" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.default.router_solicitations=0 2>/dev/null
	done
}

ns_del() {
	local ns
	for ns; do
		ip netns del "$ns" 2>/dev/null
	done
}

# within NS COMMAND...  (/sys/class/net stays that of the first namespace: mounting another costs more than all the
# rest; use "ip netns exec" where sysfs matters)
within() { nsenter --net="/run/netns/$1" "${@:2}"; }

# leg NS NAME PEER-NS PEER-NAME [BRIDGE]: a cable; the far end goes into the bridge when one is named, and up.
leg() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3" || return
	[ -z "${5:-}" ] || ip -n "$3" link set "$4" master "$5" || return
	ip -n "$3" link set "$4" up
}

# unplug/plug PEER-NS PEER-NAME: the near end of the cable loses or gets its carrier.
unplug() { ip -n "$1" link set "$2" down; }
plug() { ip -n "$1" link set "$2" up; }

# carrier_is NS DEVICE 0|1
carrier_is() {
	case $(ip -n "$1" -o link show dev "$2") in
	*LOWER_UP*) [ "$3" = 1 ] ;;
	?*) [ "$3" = 0 ] ;;
	*) return 1 ;;
	esac
}
# operstate_is NS DEVICE UP|DOWN|LOWERLAYERDOWN...
operstate_is() { ip -n "$1" -o link show dev "$2" | grep -q " state $3 "; }
mac_of() { ip -n "$1" -j link show dev "$2" | sed -n 's/.*"address":"\([^"]*\)".*/\1/p'; }
# active_of NS BOND: which port an active-backup bond uses.
active_of() { within "$1" sed -n 's/^Currently Active Slave: //p' "/proc/net/bonding/$2"; }
active_is() { [ "$(active_of "$1" "$2")" = "$3" ]; }
ports_of() { within "$1" sed -n 's/^Slave Interface: //p' "/proc/net/bonding/$2"; }
port_count_is() { [ "$(ports_of "$1" "$2" | wc -l)" = "$3" ]; }
reaches() { within "$1" ping -q -c 1 -W 1 "$2"; }

# --- who listens ------------------------------------------------------------------------------------------------------
# overhear NS FILE OPTIONS...: tcpdump listens there from now on, prints to FILE and complains to FILE.err; $listener is
# its process.  A word it said the last time must not be taken for this one's.
overhear() {
	local ns=$1 file=$2
	shift 2
	: >"$file.err"
	nsenter --net="/run/netns/$ns" tcpdump --immediate-mode -n "$@" >"$file" 2>"$file.err" &
	# shellcheck disable=SC2034 # for those who call
	listener=$!
	lib_heard[listener]=$file
	until_true 60 grep -q 'listening on' "$file.err" || fail "tcpdump: $(cat "$file.err")"
}

# overheard LISTENER...: they listen no more.  One that had ended, or missed something, fails: what it did not print proves
# nothing then.
overheard() {
	local pid rc err
	for pid; do kill "$pid" || fail "who listens for ${lib_heard[pid]} has ended before"; done 2>/dev/null
	for pid; do
		rc=0 err=${lib_heard[pid]}.err
		wait "$pid" 2>/dev/null || rc=$?
		equal 0 "$rc" "status of tcpdump for ${lib_heard[pid]} ($(tail -n 1 "$err"))"
		grep -q '^0 packets dropped by kernel' "$err" || fail "${lib_heard[pid]}: $(cat "$err")"
	done
}

# --- the packet flood -------------------------------------------------------------------------------------------------
# meter_start [OPTIONS of pktmeter run --] NAME=NS,IP,NS,IP ...
meter_start() {
	local options=()
	while [ "${1#-}" != "$1" ]; do
		if [ "$1" = -- ]; then shift; break; fi
		options+=("$1")
		shift
	done
	meter_stop
	rm -f "$meter_log" "$meter_kept"
	pktmeter run "${options[@]}" "$meter_log" "$@" >/dev/shm/pktmeter.err 2>&1 &
	meter_pid=$!
	# With the instruction clock a program that has to be fetched first takes seconds.
	until_true 60 meter_flows && return 0
	fail "no packet flood on $*: $(cat /dev/shm/pktmeter.err; pktmeter report "$meter_log" 2>&1)"
	return 1
}

meter_flows() { pktmeter report "$meter_log" | awk '/ received=0 / { bad = 1 } END { exit bad || !NR }'; }

meter_stop() {
	[ -n "$meter_pid" ] || return 0
	kill "$meter_pid" 2>/dev/null
	wait "$meter_pid" 2>/dev/null
	meter_pid=''
}

meter_now() { pktmeter now; }

# meter_ask [FROM [TO]]: what pktmeter reports about each flow, in the array $meter_said.  Of a span with an end the answer is
# kept for who asks about it again; in a file, as most ask within $().
meter_ask() {
	local key="$meter_log ${1:-} ${2:-}" known=''
	if [ -z "${2:-}" ]; then
		mapfile -t meter_said < <(pktmeter report ${1:+-f "$1"} "$meter_log")
		return
	fi
	[ ! -e "$meter_kept" ] || read -r known <"$meter_kept"
	[ "$known" = "$key" ] || { echo "$key"; pktmeter report ${1:+-f "$1"} -t "$2" "$meter_log"; } >"$meter_kept"
	mapfile -s 1 -t meter_said <"$meter_kept"
}

# meter_get FIELD NAME [FROM [TO]]: one number about one flow; fields are those of pktmeter report.  Of a flow into which
# nothing was sent there is neither "lost" nor "silence_ms".
meter_get() {
	local said
	meter_ask "${@:3}"
	for said in "${meter_said[@]}"; do
		[[ $said == "flow=$2 "* && $said =~ \ $1=([^ ]*) ]] && printf '%s\n' "${BASH_REMATCH[1]}"
	done
	return 0
}

# meter_all FIELD PREFIX [FROM [TO]]: that number about every flow whose name is the prefix and a number, one a line;
# nothing at all when one of them has none.
meter_all() {
	local said numbers=()
	meter_ask "${@:3}"
	for said in "${meter_said[@]}"; do
		[[ $said =~ ^flow=$2[0-9]+\  ]] || continue
		[[ $said =~ \ $1=([^ ]*) ]] || return
		numbers+=("${BASH_REMATCH[1]}")
	done
	[ ${#numbers[@]} = 0 ] || printf '%s\n' "${numbers[@]}"
}
# The same, added up.
meter_sum() { meter_all "$@" | awk '{ n += $1 } END { if (NR) print n }'; }

# --- the kernel's log -------------------------------------------------------------------------------------------------
# log_mark remembers a place; log_since prints what the kernel said after it, without times.
log_mark() { printf 'bed: mark %s\n' "${1:-}" >/dev/kmsg; }
log_since() { dmesg -t | tac | sed "/^bed: mark ${1:-}\$/q" | tac | sed 1d; }
# expect_log REGEX: these lines are meant to appear, the bed shall not fail the run because of them.
expect_log() { printf '%s\n' "$1" >>/results/.bed/expect; }

# --- the end ----------------------------------------------------------------------------------------------------------
lib_cleanup() {
	local rc=$?
	meter_stop
	ns_del "${lib_namespaces[@]}"
	[ -n "$tap_done" ] || [ ${#tap_why[@]} = 0 ] || end
	if [ -z "$tap_done" ] && [ "$tap_count" -gt 0 ]; then
		printf 'Bail out! the script ended before its plan\n'
		[ "$rc" != 0 ] || rc=1
	fi
	exit "$rc"
}
trap lib_cleanup EXIT
