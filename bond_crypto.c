// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that a port's hardware is to encrypt, seen twice: when the stack asks
 * what it may leave to the bond, and when a port is picked. IPsec is the
 * business of bond_offload.c, TLS that of bond_tls.c.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/sch_generic.h>
#include <net/xfrm.h>

#include "bond.h"
#include "crypto.h"
#include "engine.h"
#include "learn.h"

/**
 * bond_crypto_exit() - forget it
 * @bond: the bond, whose device nobody can reach any more
 *
 * Context: process; nobody can reach the bond any more, or yet.
 */
void bond_crypto_exit(struct bond *bond)
{
	kfree(bond->crypto);
	bond->crypto = NULL;
}

/**
 * bond_crypto_count() - counters for ethtool -S
 * @bond: the bond
 * @to: room for BOND_CRYPTO_COUNTERS
 *
 * Context: any; sums that go on changing meanwhile.
 */
void bond_crypto_count(const struct bond *bond, u64 *to)
{
	struct bond_crypto *crypto = READ_ONCE(bond->crypto);

	memset(to, 0, BOND_CRYPTO_COUNTERS * sizeof(*to));
	if (crypto) {
		to[0] = READ_ONCE(crypto->moved);
		to[1] = READ_ONCE(crypto->fell_back);
		to[2] = atomic64_read(&crypto->refused);
	}
	to[2] += atomic64_read(&bond->tls.refused);
	to[3] = atomic64_read(&bond->tls.fell_back);
}

/* Kept apart, so that all other packets have no registers to save. */
static noinline netdev_features_t
features_check_rare(struct sk_buff *skb, struct net_device *dev,
		    netdev_features_t features)
{
	if (bond_tls_skb(skb))
		bond_tls_note(bond_of(dev), skb);
	if (skb_sec_path(skb))
		return bond_esp_features_check(skb, dev, features);
	return features;
}

/**
 * bond_features_check() - ndo_features_check: who is to encrypt this packet?
 * @skb: a packet, nothing prepared yet
 * @dev: the bond
 * @features: what may be left to the device
 *
 * Of a bond with one queue the stack does not ask which, so that the wish that
 * bond_select_queue() keeps for the port would be what somebody else has left.
 *
 * IP asks, too, before it cuts up a packet that is too long for where it is
 * forwarded to. Then what is written here is IP's still: of its options where a
 * source route leads, or that a router is to be alerted, both obeyed by then.
 *
 * Context: RCU, BH off, the hot path.
 * Return: @features, without ESP offload where the port that would carry the
 * packet does not hold its state.
 */
netdev_features_t bond_features_check(struct sk_buff *skb,
				      struct net_device *dev,
				      netdev_features_t features)
{
	/* what the port's queue is chosen by; see bond_select_queue() */
	if (unlikely(dev->real_num_tx_queues == 1))
		qdisc_skb_cb(skb)->slave_dev_queue_mapping = 0;
	if (unlikely(bond_tls_skb(skb) || skb_sec_path(skb)))
		return features_check_rare(skb, dev, features);
	return features;
}

/**
 * bond_pick_crypto() - pick where ports encrypt
 * @v: the view
 * @pkt: the packet
 *
 * Stands before every other pick in the views of bonds that were ever asked
 * for IPsec offload, or to send a packet of TLS that a device may encrypt.
 *
 * Context: RCU, BH off, the hot path.
 * Return: as a mode's pick, or BOND_PICK_SENT when it has left.
 */
struct bond_port *bond_pick_crypto(const struct bond_view *v,
				   const struct bond_pkt *pkt)
{
	struct sk_buff *skb = bond_skb_of(pkt);

	if (unlikely(bond_tls_skb(skb)))
		return bond_tls_pick(v, skb);
	if (unlikely(bond_esp_prepared(skb)))
		return bond_esp_pick(v, skb);
	return v->after_crypto(v, pkt);
}
