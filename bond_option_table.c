// SPDX-License-Identifier: GPL-2.0
/*
 * THE table: every option, once. Pure data and pure consequences; it builds
 * into the module, into the tool that prints Documentation/options.md and
 * into the unit tests.
 */
#include "option.h"
#include "bond_core/damp.h"

/* bits of the modes in which an option is unknown */
#define MODES_ALL	0x7f
#define ONLY(modes)	(MODES_ALL & ~(modes))
#define RR		BIT(0)
#define AB		BIT(1)
#define XOR		BIT(2)
#define BCAST		BIT(3)
#define AD		BIT(4)
#define TLB		BIT(5)
#define ALB		BIT(6)
#define NEED_CARRIER	(AD | TLB | ALB)

static const struct bond_word mode_words[] = {
	{ "balance-rr", 0 },
	{ "active-backup", 1 },
	{ "balance-xor", 2 },
	{ "broadcast", 3 },
	{ "802.3ad", 4 },
	{ "balance-tlb", 5 },
	{ "balance-alb", 6 },
	{ }
};

static const struct bond_word policy_words[] = {
	{ "layer2", 0 },
	{ "layer3+4", 1 },
	{ "layer2+3", 2 },
	{ "encap2+3", 3 },
	{ "encap3+4", 4 },
	{ "vlan+srcmac", 5 },
	{ }
};

static const struct bond_word monitors_words[] = {
	{ "exclusive", 0 },
	{ "combined", 1 },
	{ }
};

static const struct bond_word table_words[] = {
	{ "modulo", 0 },
	{ "resilient", 1 },
	{ }
};

static const struct bond_word validate_words[] = {
	{ "none", 0 },
	{ "active", 1 },
	{ "backup", 2 },
	{ "all", 3 },
	{ "filter", 4 },
	{ "filter_active", 5 },
	{ "filter_backup", 6 },
	{ }
};

static const struct bond_word all_targets_words[] = {
	{ "any", 0 },
	{ "all", 1 },
	{ }
};

static const struct bond_word fail_over_mac_words[] = {
	{ "none", 0 },
	{ "active", 1 },
	{ "follow", 2 },
	{ }
};

static const struct bond_word lacp_rate_words[] = {
	{ "slow", 0 },
	{ "fast", 1 },
	{ }
};

static const struct bond_word ad_select_words[] = {
	{ "stable", 0 },
	{ "bandwidth", 1 },
	{ "count", 2 },
	{ "actor_port_prio", 3 },
	{ }
};

static const struct bond_word reselect_words[] = {
	{ "always", 0 },
	{ "better", 1 },
	{ "failure", 2 },
	{ }
};

static const struct bond_word announce_words[] = {
	{ "own", 0 },
	{ "all", 1 },
	{ }
};

static const struct bond_word on_words[] = {
	{ "on", 1 },
	{ }
};

static const struct bond_word off_words[] = {
	{ "off", 0 },
	{ }
};

static const struct bond_word switch_words[] = {
	{ "off", 0 },
	{ "on", 1 },
	{ }
};

/* --- what one setting does to others ----------------------------------- */

/* The delays are counted in miimon ticks: they follow its changes. */
static void miimon_set(struct bond_config *want, u32 miimon)
{
	want->miimon = miimon;
	want->updelay = want->updelay_ticks * miimon;
	want->downdelay = want->downdelay_ticks * miimon;
	want->peer_notif_delay = want->peer_notif_ticks * miimon;
}

static void mode_effect(struct bond_config *want)
{
	if (BIT(want->mode) & NEED_CARRIER) {
		if (!want->monitors)
			want->arp_interval = 0;
		if (!want->miimon)
			miimon_set(want, BOND_MIIMON_FORCED);
	}
	if (BIT(want->mode) & ALB)
		want->tlb_dynamic_lb = 1;
	want->arp_validate = 0;
	want->broadcast_neighbor = 0;
	want->slb = 0;
}

static void miimon_effect(struct bond_config *want)
{
	miimon_set(want, want->miimon);
	if (want->miimon && want->arp_interval && !want->monitors) {
		want->arp_interval = 0;
		want->arp_validate = 0;
	}
}

static void arp_interval_effect(struct bond_config *want)
{
	if (want->arp_interval && !want->monitors)
		miimon_set(want, 0);
}

/* Exclusive again: carrier stays, as if miimon had been written last. */
static void monitors_effect(struct bond_config *want)
{
	if (want->monitors)
		return;
	if (BIT(want->mode) & NEED_CARRIER) {
		want->miimon = want->miimon ?: BOND_MIIMON_FORCED;
		want->arp_validate = 0;
	}
	miimon_effect(want);
}

static void updelay_effect(struct bond_config *want)
{
	want->updelay_ticks = bond_in_ticks(want->updelay, want->miimon);
	want->updelay = want->updelay_ticks * want->miimon;
}

static void downdelay_effect(struct bond_config *want)
{
	want->downdelay_ticks = bond_in_ticks(want->downdelay, want->miimon);
	want->downdelay = want->downdelay_ticks * want->miimon;
}

static void peer_notif_effect(struct bond_config *want)
{
	want->peer_notif_ticks = bond_in_ticks(want->peer_notif_delay,
					       want->miimon);
	want->peer_notif_delay = want->peer_notif_ticks * want->miimon;
}

/* --- the rows ---------------------------------------------------------- */

#define FIELD(name)	.field = offsetof(struct bond_config, name)
#define PORT_FIELD(name) .field = offsetof(struct bond_port_config, name), \
			 .flags = BOND_F_PORT

#define WORDS(list, last, width)					\
	.kind = BOND_K_WORD, .words = list, .max = (last), .wire = (width)
#define RANGE(first, last, width)					\
	.kind = BOND_K_NUMBER, .min = (first), .max = (last), .wire = (width)

/* clang-format off */
const struct bond_option bond_options[BOND_OPT_COUNT] = {
[BOND_OPT_MODE] = {
	.name = "mode", .nla = 1, FIELD(mode),
	WORDS(mode_words, 6, 1),
	.flags = BOND_F_DOWN | BOND_F_EMPTY, .effect = mode_effect,
	.apply = BOND_A_MODE,
	.about = "How traffic is spread over the ports.",
},
[BOND_OPT_ACTIVE_SLAVE] = {
	.name = "active_slave", .nla = 2, .wire = 4, .kind = BOND_K_COMMAND,
	.not_in = ONLY(AB | TLB | ALB),
	.about = "Makes a port the active one; empty text lets the bond choose.",
},
[BOND_OPT_MONITORS] = {
	.name = "monitors", FIELD(monitors), WORDS(monitors_words, 1, 0),
	.effect = monitors_effect,
	.about = "Whether carrier and ARP monitoring end each other, or both watch every port.",
},
[BOND_OPT_MIIMON] = {
	.name = "miimon", .nla = 3, FIELD(miimon), .unit = "ms",
	RANGE(0, INT_MAX, 4), .words = off_words, .effect = miimon_effect,
	.about = "Arms the carrier monitor; the grid of all delays. Ends ARP monitoring.",
},
[BOND_OPT_UPDELAY] = {
	.name = "updelay", .label = "up delay", .nla = 4, FIELD(updelay), .unit = "ms",
	RANGE(0, INT_MAX, 4), .words = off_words, .flags = BOND_F_MIIMON,
	.effect = updelay_effect,
	.about = "How long a carrier must last before the port is used.",
},
[BOND_OPT_DOWNDELAY] = {
	.name = "downdelay", .label = "down delay", .nla = 5, FIELD(downdelay), .unit = "ms",
	RANGE(0, INT_MAX, 4), .words = off_words, .flags = BOND_F_MIIMON,
	.effect = downdelay_effect,
	.about = "How long a lost carrier is tolerated.",
},
[BOND_OPT_PEER_NOTIF_DELAY] = {
	.name = "peer_notif_delay", .label = "peer notification delay",
	.nla = 28, FIELD(peer_notif_delay),
	.unit = "ms", RANGE(0, 300000, 4),
	.flags = BOND_F_MIIMON | BOND_F_NO_DEFAULT | BOND_F_POLICED,
	.words = off_words,
	.effect = peer_notif_effect,
	.about = "Time between announcements after a failover; 0 = a miimon or arp_interval.",
},
[BOND_OPT_USE_CARRIER] = {
	.name = "use_carrier", .nla = 6, FIELD(use_carrier), .dflt = 1,
	.kind = BOND_K_WORD, .words = on_words, .min = 1, .max = 1, .wire = 1,
	.flags = BOND_F_PLAIN,
	.about = "Obsolete: carrier is always used.",
},
[BOND_OPT_ARP_INTERVAL] = {
	.name = "arp_interval", .nla = 7, FIELD(arp_interval), .unit = "ms",
	RANGE(0, INT_MAX, 4), .words = off_words, .not_in = NEED_CARRIER,
	.flags = BOND_F_COMBINED, .effect = arp_interval_effect,
	.about = "Time between two probes of the targets; 0 = off. Ends carrier monitoring.",
},
[BOND_OPT_ARP_IP_TARGET] = {
	.name = "arp_ip_target", .nla = 8, FIELD(arp_targets),
	.kind = BOND_K_IPV4,
	.about = "Addresses to probe, 16 at most. sysfs adds with + and removes with -.",
},
[BOND_OPT_NS_IP6_TARGET] = {
	.name = "ns_ip6_target", .nla = 31, FIELD(ns_targets),
	.kind = BOND_K_IPV6,
	.about = "IPv6 addresses to probe, 16 at most. sysfs adds with + and removes with -.",
},
[BOND_OPT_ARP_VALIDATE] = {
	.name = "arp_validate", .nla = 9, FIELD(arp_validate),
	WORDS(validate_words, 6, 4), .not_in = NEED_CARRIER,
	.flags = BOND_F_COMBINED,
	.about = "Which ports must see valid answers, and what else counts.",
},
[BOND_OPT_ARP_ALL_TARGETS] = {
	.name = "arp_all_targets", .nla = 10, FIELD(arp_all_targets),
	WORDS(all_targets_words, 1, 4),
	.about = "Whether one answering target is enough.",
},
[BOND_OPT_PRIMARY] = {
	.name = "primary", .nla = 11, FIELD(primary), .wire = 4,
	.kind = BOND_K_IFNAME, .not_in = ONLY(AB | TLB | ALB),
	.apply = BOND_A_PRIMARY,
	.about = "The port to prefer; may name one that joins later.",
},
[BOND_OPT_PRIMARY_RESELECT] = {
	.name = "primary_reselect", .nla = 12, FIELD(primary_reselect),
	WORDS(reselect_words, 2, 1), .apply = BOND_A_RESELECT,
	.about = "When a primary that comes back takes over.",
},
[BOND_OPT_FAIL_OVER_MAC] = {
	.name = "fail_over_mac", .nla = 13, FIELD(fail_over_mac),
	WORDS(fail_over_mac_words, 2, 1), .flags = BOND_F_EMPTY,
	.about = "Who keeps which address at a failover; active-backup only.",
},
[BOND_OPT_XMIT_HASH_POLICY] = {
	.name = "xmit_hash_policy", .nla = 14, FIELD(xmit_policy),
	WORDS(policy_words, 5, 1),
	.about = "What of a packet decides its port.",
},
[BOND_OPT_HASH_TABLE] = {
	.name = "hash_table", FIELD(hash_table), WORDS(table_words, 1, 0),
	.about = "Whether a lost port moves only its own flows (resilient). An extension.",
},
[BOND_OPT_HASH_SEED] = {
	.name = "hash_seed", FIELD(hash_seed), RANGE(0, U32_MAX, 0),
	.words = off_words, .flags = BOND_F_UNSIGNED,
	.about = "Makes boxes in a row choose differently; 0 = off. An extension.",
},
[BOND_OPT_SLB] = {
	.name = "slb", FIELD(slb), WORDS(switch_words, 1, 0),
	.not_in = ONLY(RR | XOR), .apply = BOND_A_RESELECT,
	.about = "For switches that know nothing of the bond; use vlan+srcmac. An extension.",
},
[BOND_OPT_RESEND_IGMP] = {
	.name = "resend_igmp", .nla = 15, FIELD(resend_igmp), .dflt = 1,
	RANGE(0, 255, 4), .words = off_words,
	.about = "Membership reports sent after a failover.",
},
[BOND_OPT_NUM_PEER_NOTIF] = {
	.name = "num_grat_arp", .nla = 16,
	FIELD(num_peer_notif), .dflt = 1, RANGE(0, 255, 1), .words = off_words,
	.about = "Announcements (ARP and NA) sent after a failover.",
},
[BOND_OPT_NUM_UNSOL_NA] = {
	.name = "num_unsol_na",
	FIELD(num_peer_notif), .dflt = 1, RANGE(0, 255, 0), .words = off_words,
	.about = "Another name of num_grat_arp.",
},
[BOND_OPT_ALL_SLAVES_ACTIVE] = {
	.name = "all_slaves_active", .nla = 17, FIELD(all_slaves_active),
	WORDS(switch_words, 1, 1), .flags = BOND_F_PLAIN,
	.about = "Deliver what backup ports receive.",
},
[BOND_OPT_MIN_LINKS] = {
	.name = "min_links", .nla = 18, FIELD(min_links), .unit = "ports",
	RANGE(0, INT_MAX, 4), .words = off_words, .flags = BOND_F_UNSIGNED,
	.about = "Ports an aggregator needs for the bond to have carrier; 802.3ad only.",
},
[BOND_OPT_LP_INTERVAL] = {
	.name = "lp_interval", .nla = 19, FIELD(lp_interval), .dflt = 1,
	.unit = "s", RANGE(1, INT_MAX, 4), .flags = BOND_F_MINVAL,
	.about = "Time between two learning packets; balance-tlb and balance-alb only.",
},
[BOND_OPT_PACKETS_PER_SLAVE] = {
	.name = "packets_per_slave", .nla = 20, FIELD(packets_per_slave),
	.unit = "packets", .dflt = 1, RANGE(0, U16_MAX, 4), .not_in = ONLY(RR),
	.about = "Packets before the next port has its turn; 0 = a random port each.",
},
[BOND_OPT_LACP_ACTIVE] = {
	.name = "lacp_active", .nla = 29, FIELD(lacp_active), .dflt = 1,
	WORDS(switch_words, 1, 1), .not_in = ONLY(AD), .flags = BOND_F_DOWN,
	.about = "Send LACPDUs unasked.",
},
[BOND_OPT_LACP_RATE] = {
	.name = "lacp_rate", .nla = 21, FIELD(lacp_rate),
	WORDS(lacp_rate_words, 1, 1), .not_in = ONLY(AD),
	.flags = BOND_F_DOWN | BOND_F_NO_DEFAULT,
	.about = "How often the partner is asked to send: slow 30 s, fast 1 s.",
},
[BOND_OPT_AD_SELECT] = {
	.name = "ad_select", .nla = 22, FIELD(ad_select),
	WORDS(ad_select_words, 3, 1), .flags = BOND_F_DOWN,
	.about = "Which aggregator carries traffic.",
},
[BOND_OPT_AD_ACTOR_SYS_PRIO] = {
	.name = "ad_actor_sys_prio", .nla = 24, FIELD(ad_actor_sys_prio),
	.dflt = U16_MAX, RANGE(1, U16_MAX, 2), .not_in = ONLY(AD),
	.flags = BOND_F_ADMIN | BOND_F_LACP | BOND_F_MINVAL,
	.about = "System priority in LACPDUs; lower wins.",
},
[BOND_OPT_AD_USER_PORT_KEY] = {
	.name = "ad_user_port_key", .nla = 25, FIELD(ad_user_port_key),
	RANGE(0, 1023, 2), .not_in = ONLY(AD),
	.flags = BOND_F_ADMIN | BOND_F_LACP | BOND_F_DOWN | BOND_F_MINVAL,
	.about = "Upper ten bits of the port key.",
},
[BOND_OPT_AD_ACTOR_SYSTEM] = {
	.name = "ad_actor_system", .nla = 26, FIELD(ad_actor_system),
	.wire = ETH_ALEN, .kind = BOND_K_MAC, .not_in = ONLY(AD),
	.flags = BOND_F_ADMIN | BOND_F_LACP,
	.about = "System address in LACPDUs; zero = the bond's own.",
},
[BOND_OPT_TLB_DYNAMIC_LB] = {
	.name = "tlb_dynamic_lb", .nla = 27, FIELD(tlb_dynamic_lb), .dflt = 1,
	WORDS(switch_words, 1, 1), .not_in = ONLY(TLB | ALB),
	.flags = BOND_F_DOWN | BOND_F_PLAIN,
	.about = "Balance by measured load instead of by hash.",
},
[BOND_OPT_ARP_MISSED_MAX] = {
	.name = "arp_missed_max", .nla = 30, FIELD(arp_missed_max),
	.unit = "intervals", .dflt = 2, RANGE(1, 255, 1),
	.not_in = NEED_CARRIER, .flags = BOND_F_MINVAL | BOND_F_COMBINED,
	.about = "Intervals without an answer until a port is down.",
},
[BOND_OPT_COUPLED_CONTROL] = {
	.name = "coupled_control", .nla = 32, FIELD(coupled_control), .dflt = 1,
	WORDS(switch_words, 1, 1), .not_in = ONLY(AD), .flags = BOND_F_DOWN,
	.about = "Collect and distribute together (on) or separately (off).",
},
[BOND_OPT_BROADCAST_NEIGHBOR] = {
	.name = "broadcast_neighbor", .nla = 33, FIELD(broadcast_neighbor),
	WORDS(switch_words, 1, 1), .not_in = ONLY(AD),
	.about = "Send ARP and neighbour discovery on all distributing ports.",
},
[BOND_OPT_LACP_STRICT] = {
	.name = "lacp_strict", .nla = 34, FIELD(lacp_strict),
	WORDS(switch_words, 1, 1), .not_in = ONLY(AD),
	.about = "No traffic and no carrier without an LACP partner.",
},
[BOND_OPT_ANNOUNCE] = {
	.name = "announce", FIELD(announce), WORDS(announce_words, 1, 0),
	.about = "Whom to announce after a failover: the bond, or also who is behind it.",
},
[BOND_OPT_FLAP_HALF_LIFE] = {
	.name = "flap_penalty_half_life", FIELD(flap_penalty_half_life),
	.unit = "ms", RANGE(0, DAMP_HALF_LIFE_MAX, 0), .words = off_words,
	.about = "Damps ports that flap: how fast a port is forgiven; 0 = off. An extension.",
},
[BOND_OPT_SLAVES] = {
	.name = "slaves", .kind = BOND_K_COMMAND,
	.about = "Takes a port in with + and lets it go with -.",
},
[BOND_OPT_QUEUE_ID] = {
	.name = "queue_id", .nla = 5, PORT_FIELD(queue_id), .wire = 2,
	.kind = BOND_K_NUMBER, .max = U16_MAX,
	.about = "Transmit queue bound to the port; 0 = none. PORT:ID on the bond's file.",
},
[BOND_OPT_PRIO] = {
	.name = "prio", .nla = 9, .kind = BOND_K_NUMBER, .wire = 4,
	.min = INT_MIN, .max = INT_MAX, .not_in = ONLY(AB | TLB | ALB),
	.field = offsetof(struct bond_port_config, prio),
	.flags = BOND_F_PORT | BOND_F_SIGNED, .apply = BOND_A_RESELECT,
	.about = "Preference when the active port is chosen; higher wins.",
},
[BOND_OPT_ACTOR_PORT_PRIO] = {
	.name = "actor_port_prio", .nla = 10, PORT_FIELD(actor_port_prio),
	.dflt = 255, .kind = BOND_K_NUMBER, .max = U16_MAX, .wire = 2,
	.not_in = ONLY(AD),
	.about = "Port priority in LACPDUs: lower wins. Where ad_select adds them up, more wins.",
},
};

/* clang-format on */

/**
 * bond_option_get() - the value of a scalar row
 * @o: the row
 * @config: struct bond_config, or struct bond_port_config with BOND_F_PORT
 *
 * Context: any.
 * Return: the value, an s32 with BOND_F_SIGNED.
 */
u32 bond_option_get(const struct bond_option *o, const void *config)
{
	return READ_ONCE(*(const u32 *)((const u8 *)config + o->field));
}

/**
 * bond_option_put() - store the value of a scalar row, consequences apart
 * @o: the row
 * @config: as in bond_option_get()
 * @value: the value
 *
 * Context: any; @config is the caller's own, not in force.
 */
void bond_option_put(const struct bond_option *o, void *config, u32 value)
{
	WRITE_ONCE(*(u32 *)((u8 *)config + o->field), value);
}

/**
 * bond_option_in_mode() - is a row known in the mode a config asks for?
 * @o: the row
 * @config: the config
 *
 * Context: any.
 * Return: true when it is.
 */
bool bond_option_in_mode(const struct bond_option *o,
			 const struct bond_config *config)
{
	if ((o->flags & BOND_F_COMBINED) && config->monitors)
		return true;
	return !(o->not_in & BIT(config->mode));
}

/**
 * bond_config_default() - the settings of a bond nobody has configured
 * @config: is filled
 *
 * Context: any, touches nothing but its argument.
 */
void bond_config_default(struct bond_config *config)
{
	unsigned int i;

	memset(config, 0, sizeof(*config));
	for (i = 0; i < BOND_OPT_COUNT; i++) {
		const struct bond_option *o = &bond_options[i];

		if (o->kind <= BOND_K_NUMBER && !(o->flags & BOND_F_PORT))
			bond_option_put(o, config, o->dflt);
	}
}
