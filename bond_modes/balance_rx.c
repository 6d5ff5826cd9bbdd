// SPDX-License-Identifier: GPL-2.0
/*
 * balance-tlb and balance-alb: receive.
 *
 * Only the active port hears what is for everybody, for every port of the bond
 * is brought its own copy. The bond's address may have moved to a port whose
 * device does not know yet, for traffic is switched before addresses are; and
 * switches may send the other way for a moment yet.
 */
#include "balance.h"
#include "engine.h"
#include "learn.h"

/*
 * Frames may come by the old port for this long: to us and to our guests, to
 * others. A card that filters hands them up only until addresses are swapped.
 */
#define GRACE_OWN	(HZ / 2)
#define GRACE_OTHERS	(HZ / 50)

/* The device judged by its own address; what counts is the bond's. */
static __always_inline void claim(const struct bond_balance *bal,
				  struct sk_buff *skb)
{
	if (unlikely(skb->pkt_type == PACKET_OTHERHOST) &&
	    ether_addr_equal_64bits(eth_hdr(skb)->h_dest, bal->mac))
		skb->pkt_type = PACKET_HOST;
}

/**
 * bond_balance_moving() - may frames still come by the port used before?
 * @bal: the balancing side of the bond
 *
 * Context: any.
 * Return: true for half a second after a change of the active port.
 */
bool bond_balance_moving(const struct bond_balance *bal)
{
	/* 64 bits: 32 of them come round, and it would be late again */
	return time_before64(get_jiffies_64(),
			     READ_ONCE(bal->switched) + GRACE_OWN);
}

/**
 * bond_balance_echo() - is this unicast that we have sent ourselves?
 * @v: the view
 * @skb: a frame that was received
 *
 * A switch that does not know where it goes floods it, and brings it back by
 * another port. Nobody else has these addresses.
 *
 * Context: RCU, BH off.
 * Return: true when it is.
 */
bool bond_balance_echo(const struct bond_view *v, const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);

	return !is_multicast_ether_addr(eth->h_dest) &&
	       bond_balance_own(v, eth->h_source);
}

/* From outside to somebody behind us. */
static bool is_for_guest(const struct bond_view *v, const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);

	return (v->flags & BOND_VIEW_KNOWS) &&
	       bond_learn_knows(v, skb, eth->h_dest) &&
	       !bond_learn_knows(v, skb, eth->h_source);
}

/*
 * Unicast that was under way when another port became the active one. Not for
 * long where it is for nobody we know: what a guest says to nobody in
 * particular comes back by the other port, and a bridge would believe that the
 * guest is there.
 */
static bool is_late(const struct bond_view *v, const struct sk_buff *skb)
{
	const struct bond_balance *bal = v->mode_data;
	const struct ethhdr *eth = eth_hdr(skb);

	if (is_multicast_ether_addr(eth->h_dest) || bond_balance_echo(v, skb))
		return false;
	if (!bond_balance_moving(bal))
		return false;
	if (ether_addr_equal_64bits(eth->h_dest, bal->mac) ||
	    is_for_guest(v, skb))
		return true;
	return time_before64(get_jiffies_64(),
			     READ_ONCE(bal->switched) + GRACE_OTHERS);
}

/**
 * bond_balance_receive() - mode->receive of balance-tlb
 * @v: the view
 * @port: where the frame arrived
 * @skb: the frame
 *
 * Context: RCU, BH off, the hot path.
 * Return: what becomes of the frame.
 */
enum bond_verdict bond_balance_receive(const struct bond_view *v,
				       struct bond_port *port,
				       struct sk_buff *skb)
{
	const struct bond_balance *bal = v->mode_data;
	enum bond_verdict verdict;

	if (likely(port == v->active)) {
		if (unlikely(skb->pkt_type == PACKET_OTHERHOST) &&
		    bond_balance_echo(v, skb))
			return BOND_RX_EXACT;
		claim(bal, skb);
		return BOND_RX_DELIVER;
	}
	if (!bal)
		return BOND_RX_EXACT;
	verdict = is_late(v, skb) ? BOND_RX_DELIVER :
				      bond_rx_single(v, port, skb);
	if (verdict == BOND_RX_DELIVER)
		claim(bal, skb);
	return verdict;
}

/**
 * bond_balance_direct() - mode->direct of balance-tlb and balance-alb
 * @v: the view
 * @port: the port
 *
 * What tells an address of a peer (ARP, ICMPv6 for neighbour discovery, anything
 * below a tag) must be looked at, and what is not for the bond's address, too:
 * asked so, it is one test of a byte.
 *
 * Context: bond->lock held.
 * Return: other IP for the active port's address, nothing of the others.
 */
enum bond_direct bond_balance_direct(const struct bond_view *v,
				     const struct bond_port *port)
{
	return port == v->active ? BOND_DIRECT_SILENT : BOND_DIRECT_NONE;
}
