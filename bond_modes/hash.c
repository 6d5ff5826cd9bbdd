// SPDX-License-Identifier: GPL-2.0
/*
 * Packet to flow: what the modes that spread by xmit_hash_policy share.
 */
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "bond.h"
#include "engine.h"
#include "hash.h"
#include "../bond_core/flow.h"

/* Octets beyond the linear part; the skb counts from its data, as we do. */
static const void *pull_skb(const struct flow_pkt *flow, u32 off, u32 n,
			    void *buf)
{
	return skb_header_pointer(flow->ctx, off, n, buf);
}

/**
 * bond_hash() - the flow a packet belongs to, by the view's policy
 * @v: the view
 * @pkt: the packet
 *
 * Context: the hot path.
 */
u32 bond_hash(const struct bond_view *v, const struct bond_pkt *pkt)
{
	struct sk_buff *skb = pkt->skb;
	struct flow_pkt flow;

	flow.data = pkt->data;
	flow.len = pkt->len;
	flow.proto = pkt->proto;
	flow.pull = NULL;
	flow.nhoff = ETH_HLEN;
	flow.vlan = 0;
	if (skb) {
		flow.nhoff = skb_network_offset(skb);
		flow.pull = pull_skb;
		flow.ctx = skb;
		if (skb_vlan_tag_present(skb))
			flow.vlan = FLOW_VLAN_PRESENT | skb_vlan_tag_get(skb);
	}
	return flow_hash(&flow, v->policy);
}

/**
 * bond_pick_hash() - pick for modes that spread by hash
 * @v: the view
 * @pkt: the packet
 *
 * Context: RCU, BH off, the hot path.
 */
struct bond_port *bond_pick_hash(const struct bond_view *v,
				 const struct bond_pkt *pkt)
{
	struct bond_port *port;
	u32 i;

	if (unlikely(!v->usable))
		return NULL;
	i = bond_hash(v, pkt) % v->usable;
	port = v->ports[i];
	if (likely(bond_port_live(port)))
		return port;
	return bond_view_divert(v, port, i + 1);
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
