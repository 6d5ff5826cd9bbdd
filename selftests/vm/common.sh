# SPDX-License-Identifier: GPL-2.0
# Shared by the scripts of the VM bed; sourced, never run.
# shellcheck shell=bash disable=SC2034

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top_dir=$(cd "$vm_dir/../.." && pwd)
bed_cache=${BED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bonding-bed}

# Progress goes to stderr so that stdout stays clean TAP, and to nobody when BED_QUIET is set.
say() { [ -n "${BED_QUIET:-}" ] || printf '# %s\n' "$*" >&2; }

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 99
}

# Runs "$@" while holding the lock NAME, so that two runs do not unpack or build the same thing at once.
with_lock() {
	local name=$1 fd rc
	shift
	mkdir -p "$bed_cache/locks"
	exec {fd}>"$bed_cache/locks/$name"
	flock "$fd"
	"$@"
	rc=$?
	exec {fd}>&-
	return $rc
}
