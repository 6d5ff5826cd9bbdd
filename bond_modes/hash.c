// SPDX-License-Identifier: GPL-2.0
/*
 * Packet to flow: what the modes that spread by xmit_hash_policy share. There
 * is one pick per policy, so that a packet is not asked which one is in force.
 */
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "bond.h"
#include "engine.h"
#include "hash.h"
#include "../bond_core/flow.h"
#include "../bond_core/flow_plain.h"

typedef u32 (*flow_fn)(const struct flow_pkt *flow);

/* Octets beyond the linear part; the skb counts from its data, as we do. */
static const void *pull_skb(const struct flow_pkt *flow, u32 off, u32 n,
			    void *buf)
{
	return skb_header_pointer(flow->ctx, off, n, buf);
}

/* Every frame that is not plain. */
static noinline u32 hash_any(const struct bond_pkt *pkt, flow_fn hash)
{
	struct sk_buff *skb = bond_skb_of(pkt);
	struct flow_pkt flow = {};

	if (skb) {
		flow.data = skb->data;
		flow.len = skb_headlen(skb);
		flow.nhoff = skb_network_offset(skb);
		flow.proto = skb->protocol;
		flow.pull = pull_skb;
		flow.ctx = skb;
		if (skb_vlan_tag_present(skb))
			flow.vlan = FLOW_VLAN_PRESENT | skb_vlan_tag_get(skb);
	} else {
		flow.data = bond_frame_of(pkt)->data;
		flow.len = bond_frame_of(pkt)->len;
		flow.nhoff = ETH_HLEN;
		flow.proto = bond_frame_proto(bond_frame_of(pkt));
	}
	return hash(&flow);
}

static __always_inline bool plain(const struct sk_buff *skb,
				  struct flow_plain *k)
{
	const u8 *ip = skb_network_header(skb);

	return skb && flow_read_plain(ip, skb->data + skb_headlen(skb) - ip,
				      skb->protocol, k);
}

static __always_inline bool has_eth(const struct sk_buff *skb)
{
	return skb && skb_headlen(skb) >= ETH_HLEN;
}

static __always_inline u32 hash_layer2(const struct bond_pkt *pkt)
{
	const struct sk_buff *skb = bond_skb_of(pkt);

	if (likely(has_eth(skb)))
		return flow_mix_l2(skb->data);
	return hash_any(pkt, flow_hash_layer2);
}

static __always_inline u32 hash_23(const struct bond_pkt *pkt, flow_fn general)
{
	const struct sk_buff *skb = bond_skb_of(pkt);
	struct flow_plain k;

	if (likely(has_eth(skb) && plain(skb, &k)))
		return flow_fold(flow_mix_l2(skb->data) ^ k.addrs);
	return hash_any(pkt, general);
}

static __always_inline u32 hash_34(const struct bond_pkt *pkt, flow_fn general)
{
	const struct sk_buff *skb = bond_skb_of(pkt);
	struct flow_plain k;

	if (likely(skb && plain(skb, &k)))
		return flow_mix_l4(k.addrs, k.ports);
	return hash_any(pkt, general);
}

static __always_inline u32 hash_layer23(const struct bond_pkt *pkt)
{
	return hash_23(pkt, flow_hash_layer23);
}

static __always_inline u32 hash_layer34(const struct bond_pkt *pkt)
{
	return hash_34(pkt, flow_hash_layer34);
}

static __always_inline u32 hash_encap23(const struct bond_pkt *pkt)
{
	return hash_23(pkt, flow_hash_encap23);
}

/* A transport that has chosen a hash for its flow has chosen well enough. */
static __always_inline u32 hash_encap34(const struct bond_pkt *pkt)
{
	const struct sk_buff *skb = bond_skb_of(pkt);

	if (skb && skb->l4_hash)
		return skb->hash;
	return hash_34(pkt, flow_hash_encap34);
}

static __always_inline u32 hash_vlan_srcmac(const struct bond_pkt *pkt)
{
	const struct sk_buff *skb = bond_skb_of(pkt);

	if (likely(has_eth(skb)))
		return flow_mix_vlan_srcmac(skb->data, skb_vlan_tag_present(skb) ?
					    skb_vlan_tag_get(skb) : 0);
	return hash_any(pkt, flow_hash_vlan_srcmac);
}

static __always_inline struct bond_port *
port_of(const struct bond_view *v, const struct bond_pkt *pkt,
	u32 (*hash)(const struct bond_pkt *pkt))
{
	struct bond_port *port;
	u32 i;

	if (unlikely(!v->usable))
		return NULL;
	i = hash(pkt) % v->usable;
	port = v->ports[i];
	if (likely(bond_port_live(port)))
		return port;
	return bond_view_divert(v, port, i + 1);
}

#define DEFINE_PICK(policy)						\
static struct bond_port *pick_##policy(const struct bond_view *v,	\
				       const struct bond_pkt *pkt)	\
{									\
	return port_of(v, pkt, hash_##policy);				\
}									\
									\
static u32 just_##policy(const struct bond_pkt *pkt)			\
{									\
	return hash_##policy(pkt);					\
}

DEFINE_PICK(layer2)
DEFINE_PICK(layer23)
DEFINE_PICK(layer34)
DEFINE_PICK(encap23)
DEFINE_PICK(encap34)
DEFINE_PICK(vlan_srcmac)

static const struct {
	u32 (*hash)(const struct bond_pkt *pkt);
	struct bond_port *(*pick)(const struct bond_view *v,
				  const struct bond_pkt *pkt);
} policies[] = {
	[BOND_XMIT_POLICY_LAYER2]	= { just_layer2, pick_layer2 },
	[BOND_XMIT_POLICY_LAYER34]	= { just_layer34, pick_layer34 },
	[BOND_XMIT_POLICY_LAYER23]	= { just_layer23, pick_layer23 },
	[BOND_XMIT_POLICY_ENCAP23]	= { just_encap23, pick_encap23 },
	[BOND_XMIT_POLICY_ENCAP34]	= { just_encap34, pick_encap34 },
	[BOND_XMIT_POLICY_VLAN_SRCMAC]	= { just_vlan_srcmac, pick_vlan_srcmac },
};

/**
 * bond_hash() - the flow a packet belongs to, by the view's policy
 * @v: the view
 * @pkt: the packet
 *
 * Context: the hot path.
 */
u32 bond_hash(const struct bond_view *v, const struct bond_pkt *pkt)
{
	return policies[v->policy].hash(pkt);
}

/**
 * bond_hash_view() - put the pick of the policy in force into a view
 * @v: the view
 *
 * Context: bond->lock held.
 */
void bond_hash_view(struct bond_view *v)
{
	v->pick = policies[v->policy].pick;
}

/**
 * bond_pick_hash() - pick for modes that spread by hash, any policy
 * @v: the view
 * @pkt: the packet
 *
 * Context: RCU, BH off, the hot path.
 */
struct bond_port *bond_pick_hash(const struct bond_view *v,
				 const struct bond_pkt *pkt)
{
	return policies[v->policy].pick(v, pkt);
}

/**
 * bond_pick_hash_any() - the same, as if every port were usable
 * @v: the view
 * @pkt: the packet
 */
struct bond_port *bond_pick_hash_any(const struct bond_view *v,
				     const struct bond_pkt *pkt)
{
	return v->total ? v->ports[bond_hash(v, pkt) % v->total] : NULL;
}
