/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a mode is: one vtable per mode, seven in all (bond_modes/modes.c).
 * Nobody else compares modes; a fact that another room needs is a trait.
 */
#ifndef BOND_MODE_H
#define BOND_MODE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "config.h"
#include "view.h"
#include "../bond_core/link.h"

struct bond;
struct bond_port;
struct bond_ad_info;
struct bond_ad_stats;
struct bond_port_ad;
struct netlink_ext_ack;

/* traits: facts about a mode that other rooms need */
#define BOND_T_ACTIVE_PORT	BIT(0)	/* has one active port, uses primary */
#define BOND_T_HASH		BIT(1)	/* spreads by xmit_hash_policy */
#define BOND_T_HASH_OPTIONAL	BIT(2)	/* does so unless tlb_dynamic_lb */
#define BOND_T_NEEDS_SPEED	BIT(3)	/* plans by speed, so users are told of a
					 * port that has none
					 */
#define BOND_T_NO_PROBES	BIT(4)	/* no ARP monitor; carrier is watched */
#define BOND_T_QUEUE_OVERRIDE	BIT(5)	/* queue_id selects a port */
#define BOND_T_XDP		BIT(6)	/* can choose a port without an skb */
#define BOND_T_ETHER_ONLY	BIT(7)	/* Ethernet ports only */
#define BOND_T_ALL_FILTERS	BIT(8)	/* every port gets the address filters */
#define BOND_T_SUM_SPEED	BIT(9)	/* link speed is the sum of the ports' */
#define BOND_T_OWN_MACS		BIT(10)	/* every port keeps a MAC of its own */
#define BOND_T_RX_ALL		BIT(11)	/* no port is ever inactive on receive */
#define BOND_T_IGMP		BIT(12)	/* rejoins multicast after failover */
#define BOND_T_LACP		BIT(13)	/* speaks LACP */
#define BOND_T_FOM		BIT(14)	/* fail_over_mac has a meaning */
#define BOND_T_MOVES_MACS	BIT(15)	/* addresses move with a failover */
#define BOND_T_LIVE_MACS	BIT(16)	/* ports change addresses while up */
#define BOND_T_PROBE_ACTIVE	BIT(17)	/* only the active port asks the targets */
#define BOND_T_BACKUPS		BIT(18)	/* the log calls ports active or backup */
#define BOND_T_ESP		BIT(19)	/* the active port may encrypt IPsec */
#define BOND_T_TELLS		BIT(20)	/* peers are told ports of their own */

/**
 * struct bond_frame - an XDP frame as the choice of a port sees it
 * @data: first octet of the Ethernet header
 * @len: octets readable at @data
 */
struct bond_frame {
	const u8 *data;
	u32 len;
};

/*
 * A packet as the choice of a port sees it is an skb or a frame. The pointer
 * tells: nothing is built per packet, and one pick serves both.
 */
struct bond_pkt;

static inline const struct bond_pkt *bond_pkt_skb(struct sk_buff *skb)
{
	return (const struct bond_pkt *)skb;
}

static inline const struct bond_pkt *bond_pkt_frame(const struct bond_frame *f)
{
	return (const struct bond_pkt *)((unsigned long)f | 1);
}

/** bond_skb_of() - the packet's skb, NULL when it is a frame */
static inline struct sk_buff *bond_skb_of(const struct bond_pkt *pkt)
{
	if (unlikely((unsigned long)pkt & 1))
		return NULL;
	return (struct sk_buff *)pkt;
}

/** bond_frame_of() - the packet's frame; only where bond_skb_of() says NULL */
static inline const struct bond_frame *
bond_frame_of(const struct bond_pkt *pkt)
{
	return (const struct bond_frame *)((unsigned long)pkt & ~1UL);
}

/** bond_frame_proto() - ethertype of a frame, 0 when it is too short */
static inline __be16 bond_frame_proto(const struct bond_frame *f)
{
	return f->len >= ETH_HLEN ? ((const struct ethhdr *)f->data)->h_proto : 0;
}

/** bond_pkt_proto() - the packet's ethertype as the stack knows it */
static inline __be16 bond_pkt_proto(const struct bond_pkt *pkt)
{
	struct sk_buff *skb = bond_skb_of(pkt);

	return skb ? skb->protocol : bond_frame_proto(bond_frame_of(pkt));
}

/*
 * No port's address is as low as NULL and the two answers below, which are
 * nobody's: one comparison, "<= BOND_PICK_ALL" after a pick, tells all of them
 * from ports.
 */

/* pick() may answer "a copy to every usable port" */
#define BOND_PICK_ALL	((struct bond_port *)1UL)
/* bond_pick_crypto() may answer "it is sent" */
#define BOND_PICK_SENT	((struct bond_port *)2UL)

/**
 * struct bond_mode - one mode of operation
 * @name: what users type
 * @title: what /proc prints
 * @id: BOND_MODE_* number
 * @traits: BOND_T_* facts
 * @lag_tx: what LAG-aware drivers are told
 * @open: the bond goes up. Context: RTNL. Return: 0 or -errno
 * @close: the bond goes down. Context: RTNL; must not wait for the agenda
 * @linger: wait until what close() left to be said is said; before the machine
 *	goes down. Context: RTNL, may sleep
 * @port_join: a port becomes a member, last step of joining. Context: RTNL.
 *	Return: 0 or -errno, then nothing may be left behind
 * @port_leave: a port leaves, first step of leaving; cannot fail.
 *	Context: RTNL
 * @port_link: a port's link state has changed. Context: bond->lock held,
 *	any context, must not sleep
 * @port_speed: a port's speed or duplex has changed. Context: RTNL
 * @config: settings changed. Context: RTNL
 * @address: the bond's own address or a port's has changed. Context: RTNL
 * @exit: another mode is coming or the bond is gone: free what is left of
 *	bond->mode_data. No port and no tick any more; readers may still hold
 *	the last view, which has no ports. Context: may sleep
 * @tick: a deadline asked for with bond_tick_at() came. Context: softirq,
 *	no RTNL, no locks
 * @advance: like @tick, but on the agenda. Context: RTNL
 * @pick: choose a port for a packet. Never NULL. Context: BH off (which is
 *	all that protects the view: rcu_dereference_bh()), the hot path. Return:
 *	a port, BOND_PICK_ALL, or NULL to drop
 * @pick_any: like @pick, but as if every port were usable. May be NULL
 * @view: a view was filled; the mode may put a pick into it that suits the
 *	settings better, and a pick_only where that one also changes the skb.
 *	May be NULL. Context: bond->lock held, but for a new bond's first view
 * @receive: judge a frame. Never NULL. Context: RCU, BH off, the hot path.
 * @direct: which frames of a port would @receive deliver unseen? Never NULL.
 *	Asked for each port when a view was filled and when an address has
 *	changed. Context: bond->lock held
 * @port_eligible: may the port carry balanced traffic (enters the usable part
 *	of the view)? Context: bond->lock held
 * @carrier: should the bond have carrier? Context: bond->lock held
 * @ad_info: fill 802.3ad information, NULL where there is none. Context:
 *	RTNL or RCU. Return: true when there is an active aggregator; @sys_prio
 *	and @system are filled even if not
 * @port_ad: what 802.3ad says about a port, NULL where there is none. Context:
 *	RTNL or RCU. Return: true when the port has an aggregator
 * @ad_stats: 802.3ad counters of the bond, or of @port when not NULL; NULL
 *	where there are none. Context: RTNL or RCU
 * @counters: number of counters of the mode's own
 * @counter_names: their names
 * @count: fill them in. Context: RTNL
 * @client: one peer whose receive port was chosen, as text, NULL where
 *	none is: length of the text, 0 when entry @n is not in use, -errno when
 *	there are no more. Context: bond->lock held
 */
struct bond_mode {
	const char *name;
	const char *title;
	u32 id;
	u32 traits;
	enum netdev_lag_tx_type lag_tx;

	int (*open)(struct bond *bond);
	void (*close)(struct bond *bond);
	void (*linger)(struct bond *bond);
	int (*port_join)(struct bond_port *port, struct netlink_ext_ack *ea);
	void (*port_leave)(struct bond_port *port);
	void (*port_link)(struct bond_port *port, enum link_state now);
	void (*port_speed)(struct bond_port *port);
	void (*config)(struct bond *bond, const struct bond_config *old);
	void (*address)(struct bond *bond);
	void (*exit)(struct bond *bond);
	void (*tick)(struct bond *bond, u64 now);
	void (*advance)(struct bond *bond, u64 now);

	struct bond_port *(*pick)(const struct bond_view *v,
				  const struct bond_pkt *pkt);
	struct bond_port *(*pick_any)(const struct bond_view *v,
				      const struct bond_pkt *pkt);
	void (*view)(struct bond_view *v);
	enum bond_verdict (*receive)(const struct bond_view *v,
				     struct bond_port *port,
				     struct sk_buff *skb);
	enum bond_direct (*direct)(const struct bond_view *v,
				   const struct bond_port *port);

	bool (*port_eligible)(const struct bond_port *port);
	bool (*carrier)(const struct bond *bond);
	bool (*ad_info)(const struct bond *bond, struct bond_ad_info *out);
	bool (*port_ad)(const struct bond_port *port, struct bond_port_ad *out);
	void (*ad_stats)(const struct bond *bond, const struct bond_port *port,
			 struct bond_ad_stats *out);
	unsigned int counters;
	const char * const *counter_names;
	void (*count)(const struct bond *bond, u64 *to);
	int (*client)(const struct bond *bond, u32 n, char *buf);
};

/**
 * struct bond_ad_info - what 802.3ad says about the active aggregator
 * @aggregator: its number
 * @ports: its number of ports
 * @actor_key: our operational key
 * @partner_key: the partner's operational key
 * @sys_prio: our system priority, 0 before the first port joined
 * @partner_mac: the partner's system address
 * @system: our system address, zero before the first port joined
 */
struct bond_ad_info {
	u16 aggregator;
	u16 ports;
	u16 actor_key;
	u16 partner_key;
	u16 sys_prio;
	u8 partner_mac[ETH_ALEN];
	u8 system[ETH_ALEN];
};

/**
 * struct bond_ad_end - one end of a link as users see it
 * @sys_prio: system priority
 * @key: operational key
 * @port_prio: port priority
 * @port: port number
 * @system: system address
 * @state: state octet of a LACPDU
 */
struct bond_ad_end {
	u16 sys_prio;
	u16 key;
	u16 port_prio;
	u16 port;
	u8 system[ETH_ALEN];
	u8 state;
};

/**
 * struct bond_port_ad - what 802.3ad says about a port
 * @actor: our end
 * @partner: the other end
 * @aggregator: number of the port's aggregator
 * @actor_churned: times our end was found churning
 * @partner_churned: times the other end was
 * @actor_churn: 0 monitoring, 1 churned, 2 none
 * @partner_churn: the same of the other end
 * @reason: why the port carries no traffic, or "bundled"
 */
struct bond_port_ad {
	struct bond_ad_end actor;
	struct bond_ad_end partner;
	u16 aggregator;
	u16 actor_churned;
	u16 partner_churned;
	u8 actor_churn;
	u8 partner_churn;
	const char *reason;
};

#define BOND_AD_STATS	9	/* BOND_3AD_STAT_LACPDU_RX and following */

/**
 * struct bond_ad_stats - 802.3ad counters
 * @count: indexed by BOND_3AD_STAT_*
 */
struct bond_ad_stats {
	u64 count[BOND_AD_STATS];
};

bool bond_mode_hashes(const struct bond *bond);
bool bond_mode_port_up(const struct bond_port *port);
bool bond_mode_any_port_up(const struct bond *bond);
const struct bond_mode *bond_mode_by_id(u32 id);
int bond_modes_check(void);

extern const struct bond_mode bond_mode_roundrobin;
extern const struct bond_mode bond_mode_activebackup;
extern const struct bond_mode bond_mode_xor;
extern const struct bond_mode bond_mode_broadcast;
extern const struct bond_mode bond_mode_lacp;
extern const struct bond_mode bond_mode_tlb;
extern const struct bond_mode bond_mode_alb;

#endif
