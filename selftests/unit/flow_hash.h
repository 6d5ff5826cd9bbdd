/* SPDX-License-Identifier: GPL-2.0 */
/* The hash of a frame by the number of the policy, for tests that go through them all. */
#ifndef FLOW_HASH_H
#define FLOW_HASH_H

#include "bond_core/flow.h"

static inline u32 flow_hash(const struct flow_pkt *pkt, enum flow_policy policy)
{
	static u32 (*const by[FLOW_POLICIES])(const struct flow_pkt *pkt) = {
		[FLOW_LAYER2] = flow_hash_layer2,
		[FLOW_LAYER23] = flow_hash_layer23,
		[FLOW_LAYER34] = flow_hash_layer34,
		[FLOW_ENCAP23] = flow_hash_encap23,
		[FLOW_ENCAP34] = flow_hash_encap34,
		[FLOW_VLAN_SRCMAC] = flow_hash_vlan_srcmac,
	};

	return by[policy](pkt);
}

#endif
