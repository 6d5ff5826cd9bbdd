/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All settings of a bond and of a port as plain values. No pointers, no
 * locks: a request copies the struct, edits the copy, has it checked as a
 * whole and only then commits it (bond_options.c).
 */
#ifndef BOND_CONFIG_H
#define BOND_CONFIG_H

#include "../bond_core/shim.h"

#define BOND_TARGETS	16	/* most ARP or NS targets of a bond */
#define BOND_NAME	16	/* IFNAMSIZ, restated for userspace builds */
#define BOND_MIIMON_FORCED 100	/* ms, for modes that cannot do without */

/**
 * struct bond_config - every setting of a bond
 * @mode: BOND_MODE_* number, 0..6
 * @xmit_policy: hash policy, BOND_XMIT_POLICY_* number, 0..5
 * @packets_per_slave: balance-rr: packets before the next port, 0 = random
 * @miimon: carrier monitor armed when non-zero, ms; also the grid on which
 *	delays are shown
 * @updelay: ms a carrier must last before the port is used
 * @downdelay: ms a lost carrier is tolerated
 * @peer_notif_delay: ms between two peer announcements, 0 = one per @miimon
 * @arp_interval: ms between two probes, 0 = off
 * @arp_missed_max: intervals without an answer until a port is down
 * @arp_validate: 0..6, see the option's words
 * @arp_all_targets: 0 any, 1 all
 * @fail_over_mac: 0 none, 1 active, 2 follow
 * @lacp_active: 1 sends LACPDUs unasked
 * @lacp_rate: 0 slow (30 s), 1 fast (1 s)
 * @lacp_strict: 1 = no traffic and no carrier without an LACP partner
 * @min_links: ports needed for carrier (802.3ad)
 * @ad_select: 0 stable, 1 bandwidth, 2 count, 3 actor_port_prio
 * @ad_actor_sys_prio: system priority in LACPDUs, 1..65535
 * @ad_user_port_key: upper ten bits of the port key
 * @coupled_control: 1 coupled, 0 independent Mux machine
 * @broadcast_neighbor: 1 = ARP and ND go to all distributing ports (802.3ad)
 * @num_peer_notif: announcements after a failover, 0..255
 * @primary_reselect: 0 always, 1 better, 2 failure
 * @use_carrier: always 1, obsolete
 * @all_slaves_active: 1 = deliver what inactive ports receive
 * @resend_igmp: membership reports after a failover, 0..255
 * @lp_interval: seconds between learning packets
 * @tlb_dynamic_lb: 1 = balance by measured load, 0 = by hash
 * @announce: whom to announce after a failover: 0 the bond's own addresses, 1
 *	also those behind it
 * @flap_penalty_half_life: ms in which the penalty of a flapping port halves,
 *	0 = no damping
 * @monitors: 0 carrier or probes, each ending the other, 1 both
 * @slb: 1 = the switches know nothing of the bond: hear broadcasts by one port,
 *	our own not at all
 * @hash_table: 0 modulo, 1 resilient: only the flows of a lost port move
 * @hash_seed: stirred into every hash, 0 = hashes are used as they are
 * @arp_targets: IPv4 probe targets, network order, packed, 0 ends the list
 * @ns_targets: IPv6 probe targets, packed, :: ends the list
 * @ad_actor_system: system address in LACPDUs, zero = the bond's own
 * @primary: name of the preferred port, "" = none
 * @updelay_ticks: @updelay counted in @miimon; keeps it while miimon is 0
 * @downdelay_ticks: the same of @downdelay
 * @peer_notif_ticks: the same of @peer_notif_delay
 *
 * Scalars are all u32 so that one generic accessor serves every row of the
 * option table. Times are in ms unless said otherwise.
 */
struct bond_config {
	u32 mode;
	u32 xmit_policy;
	u32 packets_per_slave;
	u32 miimon;
	u32 updelay;
	u32 downdelay;
	u32 peer_notif_delay;
	u32 arp_interval;
	u32 arp_missed_max;
	u32 arp_validate;
	u32 arp_all_targets;
	u32 fail_over_mac;
	u32 lacp_active;
	u32 lacp_rate;
	u32 lacp_strict;
	u32 min_links;
	u32 ad_select;
	u32 ad_actor_sys_prio;
	u32 ad_user_port_key;
	u32 coupled_control;
	u32 broadcast_neighbor;
	u32 num_peer_notif;
	u32 primary_reselect;
	u32 use_carrier;
	u32 all_slaves_active;
	u32 resend_igmp;
	u32 lp_interval;
	u32 tlb_dynamic_lb;
	u32 announce;
	u32 flap_penalty_half_life;
	u32 monitors;
	u32 slb;
	u32 hash_table;
	u32 hash_seed;
	__be32 arp_targets[BOND_TARGETS];
	struct in6_addr ns_targets[BOND_TARGETS];
	u8 ad_actor_system[ETH_ALEN];
	char primary[BOND_NAME];
	u32 updelay_ticks;
	u32 downdelay_ticks;
	u32 peer_notif_ticks;
};

/** bond_in_ticks() - a delay, ms, counted in whole @miimon; 0 without one */
static inline u32 bond_in_ticks(u32 ms, u32 miimon)
{
	return miimon ? ms / miimon : 0;
}

/**
 * struct bond_port_config - settings of one port
 * @queue_id: transmit queue that is bound to this port, 0 = none
 * @prio: preference when choosing the active port, higher wins
 * @actor_port_prio: port priority in LACPDUs
 */
struct bond_port_config {
	u32 queue_id;
	s32 prio;
	u32 actor_port_prio;
};

#endif
