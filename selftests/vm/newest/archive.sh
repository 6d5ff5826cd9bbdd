#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Sourced by the scripts beside it: packages from suites of Debian's archive
# that this system does not use, without touching its apt configuration.
# The address of the archive is the one the system itself uses.

# The root of everything that is built or fetched; the caller reads it.
BED_CACHE=${BED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bonding-bed}

say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	say "$@"
	exit 1
}

# one_at_a_time NAME - hold a lock until the script ends
one_at_a_time()
{
	mkdir -p "$BED_CACHE/locks"
	exec 9>"$BED_CACHE/locks/$1"
	flock -n 9 || { say "waiting for another $1"; flock 9; }
}

# need_programs PROGRAM:PACKAGE... - fail with the command that cures it
need_programs()
{
	local pair missing=()

	for pair; do
		command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
	done
	[ ${#missing[@]} -eq 0 ] || die "missing: apt-get install ${missing[*]}"
}

# archive_uri - the main archive among the system's sources
#
# The suite must carry this release's own name and the component be main:
# that leaves out security, updates and other people's archives.
archive_uri()
{
	local codename

	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	# shellcheck disable=SC2016 # the words in $() are apt's
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' |
		awk -v c="$codename" '$1 == c && $2 == "main" { print $3; exit }'
}

# archive_open SUITE - make archive_get and archive_cache speak of that suite
archive_open()
{
	local root=$BED_CACHE/apt-$1 uri
	local keys=/usr/share/keyrings/debian-archive-keyring.gpg

	uri=$(archive_uri)
	[ -n "$uri" ] || die "no main archive of this release in apt's sources"
	mkdir -p "$root/lists/partial" "$root/archives/partial"
	: >"$root/status"
	echo "deb [signed-by=$keys] $uri $1 main" >"$root/sources.list"
	archive_options=(
		-o Dir::Etc::sourcelist="$root/sources.list"
		-o Dir::Etc::sourceparts=-
		-o Dir::State::lists="$root/lists"
		-o Dir::State::status="$root/status"
		-o Dir::Cache="$root"
		-o APT::Sandbox::User=root
		-o APT::Install-Recommends=false
	)
	apt-get -qq "${archive_options[@]}" update >&2 || die "cannot read suite $1"
}

# archive_get ARGUMENT... - apt-get on the opened suite
archive_get()
{
	apt-get -qq "${archive_options[@]}" "$@"
}

# archive_cache ARGUMENT... - apt-cache on the opened suite
archive_cache()
{
	apt-cache "${archive_options[@]}" "$@"
}

# archive_version PACKAGE - the version that would be fetched
archive_version()
{
	archive_cache show --no-all-versions "$1" | sed -n 's/^Version: //p'
}
