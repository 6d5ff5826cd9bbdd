/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The view: everything transmit and receive may know about a bond, in one
 * RCU-published, immutable allocation. Built whole by bond_view.c, never
 * patched.
 */
#ifndef BOND_VIEW_H
#define BOND_VIEW_H

#include <linux/netdevice.h>
#include <linux/reciprocal_div.h>

struct bond;
struct bond_mode;
struct bond_pkt;
struct bond_port;
struct bond_probe_plan;
struct flow_table;
struct sk_buff;

enum bond_verdict {
	BOND_RX_DELIVER,	/* hand up as a frame of the bond */
	BOND_RX_EXACT,		/* only for sockets bound to the port */
	BOND_RX_PASS,		/* leave it to the port itself */
	BOND_RX_CONSUMED,	/* the mode has taken the skb */
};

/* What arrives at a port and goes to the bond without a look by the mode. */
enum bond_direct {
	BOND_DIRECT_NONE,
	BOND_DIRECT_SILENT,	/* IP for this host's address that tells none of a peer */
	BOND_DIRECT_NOT_SLOW,	/* all but slow protocols, whoever it is for */
	BOND_DIRECT_ALL,
};

/* facts a reader tests per packet, in bond_view.flags */
#define BOND_VIEW_QUEUE_OVERRIDE	BIT(0)	/* some port has a queue_id */
#define BOND_VIEW_ALL_ACTIVE		BIT(1)	/* all_slaves_active */
#define BOND_VIEW_PROBES		BIT(2)	/* arrivals matter, @probe says how */
#define BOND_VIEW_NEIGHBORS		BIT(5)	/* broadcast_neighbor */
#define BOND_VIEW_LEARN			BIT(6)	/* announce all, or slb */
#define BOND_VIEW_SLB			BIT(7)	/* slb */
#define BOND_VIEW_CRYPTO		BIT(8)	/* ports may encrypt */
#define BOND_VIEW_GUESTS		BIT(9)	/* the mode notes foreign senders */
/* addresses behind the bond are remembered, all or those not its own */
#define BOND_VIEW_KNOWS			(BOND_VIEW_LEARN | BOND_VIEW_GUESTS)

/**
 * struct bond_view - what the fast path knows
 * @xmit: ndo_start_xmit: what @pick says is done. The mode may have put one
 *	here that is both in one for most packets, where @pick is its own
 * @pick: the choice, the mode's own or what stands before it. Only for
 *	transmit, of skbs: it may make one fit for the port (balance-tlb)
 * @pick_mode: the mode's own, which bond_pick_override() stands before
 * @after_learn: what bond_pick_learn() stands before
 * @after_crypto: what bond_pick_crypto() stands before
 * @pick_only: the choice and nothing else
 * @hash: the flow a packet belongs to, by @policy and without @seed; only in
 *	modes that hash, as the next one
 * @pick_flow: the choice by @hash, @table and @seed
 * @mode_data: private to the mode, put there by its view hook
 * @active: port that carries single-port traffic, or NULL
 * @ports: the usable ports first (@usable of them), then the rest
 * @usable: number of ports the mode may balance over
 * @total: number of all ports
 * @flags: BOND_VIEW_* facts
 * @policy: hash policy
 * @rr_counter: balance-rr packets sent, per CPU
 * @rr_packets: balance-rr packets per port, 0 = random
 * @rr_seed: makes of @rr_counter a random number, where @rr_packets is 0
 * @rr_divide: reciprocal of @rr_packets, used when it is above 1
 * @table: which port owns which flows (hash_table resilient), behind @ports in
 *	the same allocation; NULL for modulo
 * @seed: hash_seed, 0 = the hash is used as it is
 * @mode: the mode's vtable
 * @bond: the bond
 * @probe: settings of the ARP and NS monitor; kept behind @ports
 * @cap: ports there is room for in @ports
 * @room: there is room for @table
 * @rcu: retires the view
 */
struct bond_view {
	netdev_tx_t (*xmit)(struct sk_buff *skb, const struct bond_view *v);
	struct bond_port *(*pick)(const struct bond_view *v,
				  const struct bond_pkt *pkt);
	struct bond_port *(*pick_mode)(const struct bond_view *v,
				       const struct bond_pkt *pkt);
	struct bond_port *(*after_learn)(const struct bond_view *v,
					 const struct bond_pkt *pkt);
	struct bond_port *(*after_crypto)(const struct bond_view *v,
					  const struct bond_pkt *pkt);
	struct bond_port *(*pick_only)(const struct bond_view *v,
				       const struct bond_pkt *pkt);
	u32 (*hash)(const struct bond_pkt *pkt);
	struct bond_port *(*pick_flow)(const struct bond_view *v,
				       const struct bond_pkt *pkt);
	struct bond_port *active;
	void *mode_data;
	u32 usable;
	u32 total;
	u32 flags;
	u32 policy;
	u32 rr_packets;
	u32 rr_seed;
	u32 __percpu *rr_counter;
	struct reciprocal_value rr_divide;
	const struct flow_table *table;
	u32 seed;
	const struct bond_mode *mode;
	struct bond *bond;
	struct bond_probe_plan *probe;
	u32 cap;
	bool room;
	struct rcu_head rcu;
	struct bond_port *ports[];
};

#endif
