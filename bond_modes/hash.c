// SPDX-License-Identifier: GPL-2.0
/*
 * Packet to flow to port: what the modes that spread by xmit_hash_policy share.
 * There is one pick per policy and kind of table, so that a packet is not asked
 * which one is in force.
 */
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "bond.h"
#include "engine.h"
#include "hash.h"
#include "send.h"
#include "../bond_core/flow.h"
#include "../bond_core/flow_plain.h"
#include "../bond_core/speed.h"

typedef u32 (*flow_fn)(const struct flow_pkt *flow);

/* Octets beyond the linear part; the skb counts from its data, as we do. */
static const void *pull_skb(const struct flow_pkt *flow, u32 off, u32 n,
			    void *buf)
{
	return skb_header_pointer(flow->ctx, off, n, buf);
}

/* Octets of a tagged frame as if the tag had been taken out, as NICs do. */
static const void *pull_tagged(const struct flow_pkt *flow, u32 off, u32 n,
			       void *buf)
{
	const struct bond_frame *frame = flow->ctx;

	off += VLAN_HLEN;
	return off + n <= frame->len ? frame->data + off : NULL;
}

/*
 * Behind a tag there is an ordinary frame, and it shall go where the stack
 * sends its like: there the tag travels outside of the frame.
 */
static void flow_of_frame(struct flow_pkt *flow, const struct bond_frame *frame,
			  u8 *head)
{
	const struct vlan_ethhdr *tagged = (const void *)frame->data;

	flow->data = frame->data;
	flow->len = frame->len;
	flow->nhoff = ETH_HLEN;
	flow->proto = bond_frame_proto(frame);
	if (!eth_type_vlan(flow->proto) || frame->len < VLAN_ETH_HLEN)
		return;
	memcpy(head, tagged, 2 * ETH_ALEN);
	memcpy(head + 2 * ETH_ALEN, &tagged->h_vlan_encapsulated_proto,
	       sizeof(tagged->h_vlan_encapsulated_proto));
	flow->data = head;
	flow->len = ETH_HLEN;
	flow->proto = tagged->h_vlan_encapsulated_proto;
	flow->vlan = FLOW_VLAN_PRESENT | ntohs(tagged->h_vlan_TCI);
	flow->pull = pull_tagged;
	flow->ctx = (void *)frame;
}

/* Every frame that is not plain. */
static noinline u32 hash_any(const struct bond_pkt *pkt, flow_fn hash)
{
	struct sk_buff *skb = bond_skb_of(pkt);
	struct flow_pkt flow = {};
	u8 head[ETH_HLEN];

	if (skb) {
		flow.data = skb->data;
		flow.len = skb_headlen(skb);
		flow.nhoff = skb_network_offset(skb);
		/* a header that was pulled off cannot be read from here */
		if (skb_network_offset(skb) >= 0)
			flow.proto = skb->protocol;
		flow.pull = pull_skb;
		flow.ctx = skb;
		if (skb_vlan_tag_present(skb))
			flow.vlan = FLOW_VLAN_PRESENT | skb_vlan_tag_get(skb);
	} else {
		flow_of_frame(&flow, bond_frame_of(pkt), head);
	}
	return hash(&flow);
}

/* Octets of the linear part from the network header on. */
static __always_inline int room(const struct sk_buff *skb)
{
	return skb_tail_pointer(skb) - skb_network_header(skb);
}

static __always_inline bool plain(const struct sk_buff *skb,
				  struct flow_plain *k)
{
	return flow_read_plain(skb_network_header(skb), room(skb),
			       skb->protocol, k);
}

static __always_inline bool plain_frame(const struct bond_frame *frame,
					struct flow_plain *k)
{
	return frame->len >= ETH_HLEN &&
	       flow_read_plain(frame->data + ETH_HLEN, frame->len - ETH_HLEN,
			       bond_frame_proto(frame), k);
}

static __always_inline bool has_eth(const struct sk_buff *skb)
{
	return skb_headlen(skb) >= ETH_HLEN;
}

/* plain_POLICY(): the hash of most packets; false for the others */
static __always_inline bool plain_layer2(const struct sk_buff *skb, u32 *hash)
{
	if (unlikely(!has_eth(skb)))
		return false;
	*hash = flow_mix_l2(skb->data);
	return true;
}

static __always_inline bool plain_layer23(const struct sk_buff *skb, u32 *hash)
{
	u32 addrs;

	if (unlikely(!has_eth(skb) ||
		     !flow_read_addrs(skb_network_header(skb), room(skb),
				      skb->protocol, &addrs)))
		return false;
	*hash = flow_fold(flow_mix_l2(skb->data) ^ addrs);
	return true;
}

static __always_inline bool plain_layer34(const struct sk_buff *skb, u32 *hash)
{
	struct flow_plain k;

	if (unlikely(!plain(skb, &k)))
		return false;
	*hash = flow_mix_l4(k.addrs, k.ports);
	return true;
}

static __always_inline bool plain_encap23(const struct sk_buff *skb, u32 *hash)
{
	struct flow_plain k;

	if (unlikely(!has_eth(skb) || !plain(skb, &k)))
		return false;
	*hash = flow_fold(flow_mix_l2(skb->data) ^ k.addrs);
	return true;
}

/* A transport that has chosen a hash for its flow has chosen well enough. */
static __always_inline bool plain_encap34(const struct sk_buff *skb, u32 *hash)
{
	if (!skb->l4_hash)
		return plain_layer34(skb, hash);
	*hash = skb->hash;
	return true;
}

static __always_inline bool plain_vlan_srcmac(const struct sk_buff *skb,
					      u32 *hash)
{
	if (unlikely(!has_eth(skb)))
		return false;
	*hash = flow_mix_vlan_srcmac(skb->data, skb_vlan_tag_present(skb) ?
				     skb_vlan_tag_get(skb) : 0);
	return true;
}

/*
 * vlan+srcmac with slb: switches that know nothing of a bond look for a sender
 * by address and VLAN, so its frames must not part by their priority, which the
 * policy counts as the kernel's own driver does.
 */
static __always_inline bool plain_vid_srcmac(const struct sk_buff *skb,
					     u32 *hash)
{
	if (unlikely(!has_eth(skb)))
		return false;
	*hash = flow_mix_vlan_srcmac(skb->data, skb_vlan_tag_present(skb) ?
				     skb_vlan_tag_get_id(skb) : 0);
	return true;
}

static u32 flow_hash_vid_srcmac(const struct flow_pkt *flow)
{
	struct flow_pkt same = *flow;

	same.vlan &= FLOW_VLAN_PRESENT | VLAN_VID_MASK;
	return flow_hash_vlan_srcmac(&same);
}

/* What is not plain of the policies that look at IP; of XDP, all. */
static noinline u32 rest_23(const struct bond_pkt *pkt, flow_fn general)
{
	const struct bond_frame *frame = bond_frame_of(pkt);
	struct flow_plain k;

	if (!bond_skb_of(pkt) && likely(plain_frame(frame, &k)))
		return flow_fold(flow_mix_l2(frame->data) ^ k.addrs);
	return hash_any(pkt, general);
}

static noinline u32 rest_34(const struct bond_pkt *pkt, flow_fn general)
{
	struct flow_plain k;

	if (!bond_skb_of(pkt) && likely(plain_frame(bond_frame_of(pkt), &k)))
		return flow_mix_l4(k.addrs, k.ports);
	return hash_any(pkt, general);
}

static __always_inline struct bond_port *port_at(const struct bond_view *v,
						 u32 i)
{
	struct bond_port *port = v->ports[i];

	if (likely(bond_port_live(port)))
		return port;
	return bond_view_divert(v, port, i + 1);
}

static __always_inline struct bond_port *
port_of(const struct bond_view *v, const struct bond_pkt *pkt,
	u32 (*hash)(const struct bond_pkt *pkt))
{
	if (unlikely(!v->usable))
		return NULL;
	return port_at(v, hash(pkt) % v->usable);
}

/* hash_table resilient */
static __always_inline struct bond_port *
owner_of(const struct bond_view *v, const struct bond_pkt *pkt,
	 u32 (*hash)(const struct bond_pkt *pkt))
{
	if (unlikely(!v->usable))
		return NULL;
	return port_at(v, flow_table_port(v->table, hash(pkt)));
}

/*
 * xmit_POLICY() is pick_POLICY() and the sending in one, for plain packets,
 * where some port is usable.
 */
#define DEFINE_POLICY(policy, rest)					\
static __always_inline u32 hash_##policy(const struct bond_pkt *pkt)	\
{									\
	const struct sk_buff *skb = bond_skb_of(pkt);			\
	u32 hash;							\
									\
	if (likely(skb && plain_##policy(skb, &hash)))			\
		return hash;						\
	return rest(pkt, flow_hash_##policy);				\
}									\
									\
static struct bond_port *pick_##policy(const struct bond_view *v,	\
				       const struct bond_pkt *pkt)	\
{									\
	return port_of(v, pkt, hash_##policy);				\
}									\
									\
static netdev_tx_t xmit_##policy(struct sk_buff *skb,			\
				 const struct bond_view *v)		\
{									\
	struct bond_port *port;						\
	u32 hash;							\
									\
	if (likely(plain_##policy(skb, &hash))) {			\
		port = v->ports[hash % v->usable];			\
		if (likely(bond_port_live(port)))			\
			return bond_send_on(port, skb);			\
	}								\
	return bond_xmit_picked(skb, v);				\
}									\
									\
static struct bond_port *owner_##policy(const struct bond_view *v,	\
					const struct bond_pkt *pkt)	\
{									\
	return owner_of(v, pkt, hash_##policy);				\
}									\
									\
static u32 just_##policy(const struct bond_pkt *pkt)			\
{									\
	return hash_##policy(pkt);					\
}

DEFINE_POLICY(layer2, hash_any)
DEFINE_POLICY(layer23, rest_23)
DEFINE_POLICY(layer34, rest_34)
DEFINE_POLICY(encap23, rest_23)
DEFINE_POLICY(encap34, rest_34)
DEFINE_POLICY(vlan_srcmac, hash_any)
DEFINE_POLICY(vid_srcmac, hash_any)

typedef struct bond_port *(*pick_fn)(const struct bond_view *v,
				     const struct bond_pkt *pkt);

/* what vlan+srcmac becomes with slb; not for users to choose */
#define POLICY_VID_SRCMAC	(BOND_XMIT_POLICY_VLAN_SRCMAC + 1)

#define POLICY(policy)							\
	{ just_##policy, pick_##policy, xmit_##policy, owner_##policy }

static const struct {
	u32 (*hash)(const struct bond_pkt *pkt);
	pick_fn pick;		/* hash_table modulo */
	netdev_tx_t (*xmit)(struct sk_buff *skb, const struct bond_view *v);
	pick_fn owner;		/* hash_table resilient */
} policies[] = {
	[BOND_XMIT_POLICY_LAYER2]	= POLICY(layer2),
	[BOND_XMIT_POLICY_LAYER34]	= POLICY(layer34),
	[BOND_XMIT_POLICY_LAYER23]	= POLICY(layer23),
	[BOND_XMIT_POLICY_ENCAP23]	= POLICY(encap23),
	[BOND_XMIT_POLICY_ENCAP34]	= POLICY(encap34),
	[BOND_XMIT_POLICY_VLAN_SRCMAC]	= POLICY(vlan_srcmac),
	[POLICY_VID_SRCMAC]		= POLICY(vid_srcmac),
};

static u32 policy_of(const struct bond_view *v)
{
	if (v->policy == BOND_XMIT_POLICY_VLAN_SRCMAC &&
	    (v->flags & BOND_VIEW_SLB))
		return POLICY_VID_SRCMAC;
	return v->policy;
}

static u32 seeded(const struct bond_view *v, const struct bond_pkt *pkt)
{
	u32 hash = v->hash(pkt);

	return v->seed ? flow_mix(hash, v->seed) : hash;
}

/* hash_table modulo with a hash_seed */
static struct bond_port *pick_seeded(const struct bond_view *v,
				     const struct bond_pkt *pkt)
{
	return v->usable ? port_at(v, seeded(v, pkt) % v->usable) : NULL;
}

static pick_fn pick_of(const struct bond_view *v)
{
	if (v->table)
		return policies[policy_of(v)].owner;
	return v->seed ? pick_seeded : policies[policy_of(v)].pick;
}

/**
 * bond_hash_port() - the port of a flow of which only the hash is known
 * @v: the view of a mode that spreads by hash
 * @hash: what the policy makes of its packets
 *
 * Context: RCU.
 * Return: a port that can send, or NULL.
 */
struct bond_port *bond_hash_port(const struct bond_view *v, u32 hash)
{
	if (!v->usable)
		return NULL;
	if (v->table)
		return port_at(v, flow_table_port(v->table, hash));
	if (v->seed)
		hash = flow_mix(hash, v->seed);
	return port_at(v, hash % v->usable);
}

/**
 * bond_hash_deal() - give a view its table of flows (hash_table resilient)
 * @v: the view, complete but for this
 * @table: where the table is to be, in the same allocation
 * @old: the table until now, or NULL; may be @table
 *
 * Ports weigh by speed; one of unknown speed as the slowest of the others.
 *
 * Context: bond->lock held, any context.
 */
void bond_hash_deal(struct bond_view *v, struct flow_table *table,
		    const struct flow_table *old)
{
	u32 ids[FLOW_TABLE_PORTS], weights[FLOW_TABLE_PORTS];
	u32 i, n = min_t(u32, v->usable, FLOW_TABLE_PORTS);

	lockdep_assert_held(&v->bond->lock);
	for (i = 0; i < n; i++) {
		ids[i] = v->ports[i]->rank;
		weights[i] = speed_or_none(READ_ONCE(v->ports[i]->speed));
	}
	flow_table_build(table, old, ids, weights, n);
	table->seed = v->seed;
	v->table = table;
}

/**
 * bond_hash_prepare() - let a view know its hash and its choice by hash
 * @v: the view, complete but for the mode's part
 *
 * For modes that do more than this. xmit_hash_policy, hash_table and hash_seed
 * are all honoured.
 *
 * Context: bond->lock held, but for a new bond's first view.
 */
void bond_hash_prepare(struct bond_view *v)
{
	v->hash = policies[policy_of(v)].hash;
	v->pick_flow = pick_of(v);
}

/**
 * bond_hash_view() - put the pick of the policy in force into a view
 * @v: the view
 *
 * Context: bond->lock held, but for a new bond's first view.
 */
void bond_hash_view(struct bond_view *v)
{
	bond_hash_prepare(v);
	v->pick = v->pick_flow;
	if (v->usable && !v->table && !v->seed)
		v->xmit = policies[policy_of(v)].xmit;
}

/**
 * bond_pick_hash() - pick for modes that spread by hash, whatever is set
 * @v: the view, after bond_hash_prepare()
 * @pkt: the packet
 *
 * Context: RCU, BH off, the hot path.
 * Return: a port that can send, or NULL.
 */
struct bond_port *bond_pick_hash(const struct bond_view *v,
				 const struct bond_pkt *pkt)
{
	return v->pick_flow(v, pkt);
}

/* A view has the ports that are usable first. */
static struct bond_port *nth_joined(const struct bond_view *v, u32 nth)
{
	u32 i, j, before;

	for (i = 0; i < v->total; i++) {
		for (j = 0, before = 0; j < v->total; j++)
			before += v->ports[j]->rank < v->ports[i]->rank;
		if (before == nth)
			return v->ports[i];
	}
	return NULL;
}

/**
 * bond_pick_hash_any() - the same, as if every port were usable
 * @v: the view
 * @pkt: the packet
 *
 * There is no table of ports that do not carry traffic, so this is modulo.
 *
 * Context: RCU.
 * Return: a port, whether it can send or not; NULL when there is none.
 */
struct bond_port *bond_pick_hash_any(const struct bond_view *v,
				     const struct bond_pkt *pkt)
{
	return v->total ? nth_joined(v, seeded(v, pkt) % v->total) : NULL;
}
