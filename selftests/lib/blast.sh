# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What two processors send at once through one device: pktgen on both, 64 flows each.  After lib.sh:
#
#	blast_setup DEVICE 1000		# packets of each processor
#	blast
#	blast_done

pg() { echo "$2" >"/proc/net/pktgen/$1" || fail "pktgen: $1 refuses '$2'"; }

blast_setup() {
	local cpu word
	for cpu in 0 1; do
		pg kpktgend_$cpu rem_device_all
		pg kpktgend_$cpu "add_device $1@$cpu"
		for word in "count $2" "pkt_size 60" "clone_skb 0" "delay 0" "xmit_mode start_xmit" "flag IPDST_RND" \
			"src_mac $(cat "/sys/class/net/$1/address")" "dst_mac 02:00:00:00:00:42" "dst_min 198.18.0.0" "dst_max 198.18.0.63" \
			"udp_src_min 9" "udp_src_max 9" "udp_dst_min 9" "udp_dst_max 9"; do
			pg "$1@$cpu" "$word"
		done
	done
}

blast() { pg pgctrl start; }

blast_done() {
	local cpu
	for cpu in 0 1; do pg kpktgend_$cpu rem_device_all; done
}
