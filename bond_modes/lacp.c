// SPDX-License-Identifier: GPL-2.0
/*
 * 802.3ad: the ports that a partner agrees on carry the traffic, spread by
 * flow.
 *
 * All deciding is done by the LACP core (bond_core/lacp.h); this file hands it
 * the news. The core's state is protected by bond->lock, so a LACPDU or a
 * timeout that takes a port out of use changes the view in the same breath and
 * waits neither for RTNL nor for a worker.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/ndisc.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"
#include "hash.h"
#include "lacp_mode.h"
#include "lacp_trace.h"
#include "ledger.h"
#include "../bond_core/speed.h"

/* --- what the core is told ---------------------------------------------- */

static void trace_state(const struct lacp_port *core, enum lacp_machine_id id,
			u8 from, u8 to)
{
	const struct bond_port *port = bond_lacp_port_of(core)->port;

	trace_bond_lacp_state(port->bond->dev, port->dev, lacp_machine_name(id),
			      lacp_state_name(id, from),
			      lacp_state_name(id, to));
}

static const struct lacp_hooks hooks = {
	.trace = trace_state,
};

static struct lacp_config config_of(const struct bond *bond)
{
	const struct bond_config *config = &bond->config;
	struct lacp_config cfg = {
		.sys_prio = config->ad_actor_sys_prio,
		.user_key = config->ad_user_port_key,
		.active = config->lacp_active,
		.fast = config->lacp_rate,
		.coupled = config->coupled_control,
		.strict = config->lacp_strict,
		.select = config->ad_select,
		.min_links = config->min_links,
	};

	ether_addr_copy(cfg.system,
			is_zero_ether_addr(config->ad_actor_system) ?
			bond->dev->dev_addr : config->ad_actor_system);
	return cfg;
}

/*
 * Ports whose drivers tell no speed are a class of their own and not down, and
 * one that tells no duplex is not a half duplex one: virtio ports are both.
 */
static struct lacp_port_params params_of(const struct bond_lacp *lacp,
					 const struct bond_port *port)
{
	return (struct lacp_port_params) {
		.speed = READ_ONCE(port->speed),
		.prio = READ_ONCE(port->cfg.actor_port_prio),
		.full_duplex = READ_ONCE(port->duplex) != DUPLEX_HALF,
		.enabled = lacp->up && link_usable(port->link.state),
	};
}

static void tell_port(struct bond_port *port)
{
	struct bond_lacp *lacp = port->bond->mode_data;
	struct bond_lacp_port *lp = port->mode_data;
	struct lacp_port_params params;

	lockdep_assert_held(&port->bond->lock);
	if (!lp)
		return;
	lp->begun |= lacp->up;
	params = params_of(lacp, port);
	bond_lacp_act(port->bond,
		      lacp_port_params(&lp->core, &params, bond_now()));
}

static struct lacp_port_params params_by_core(const struct lacp_port *core)
{
	const struct bond_port *port = bond_lacp_port_of(core)->port;

	return params_of(port->bond->mode_data, port);
}

static void tell_ports(struct bond *bond)
{
	struct bond_lacp *lacp = bond->mode_data;
	struct bond_port *port;

	lockdep_assert_held(&bond->lock);
	bond_for_each_port(bond, port) {
		struct bond_lacp_port *lp = port->mode_data;

		if (lp)
			lp->begun |= lacp->up;
	}
	bond_lacp_act(bond, lacp_params(&lacp->core, params_by_core,
					bond_now()));
}

static void tell_all(struct bond *bond)
{
	struct bond_lacp *lacp = bond->mode_data;
	struct lacp_config cfg = config_of(bond);

	lockdep_assert_held(&bond->lock);
	bond_lacp_act(bond, lacp_configure(&lacp->core, &cfg, bond_now()));
	tell_ports(bond);
}

/* --- coming and going ----------------------------------------------------- */

/* Slow-protocol frames are wanted only while the bond is up. */
static int listen(struct bond_lacp_port *lp)
{
	struct net_device *dev = lp->port->dev;
	int err;

	ASSERT_RTNL();
	if (lp->listening)
		return 0;
	err = dev_mc_add(dev, bond_lacp_address);
	lp->listening = !err;
	if (!err)
		bond_compat_rx_mode_now(dev);
	return err;
}

static void unlisten(struct bond_port *port)
{
	struct bond_lacp_port *lp = port->mode_data;

	ASSERT_RTNL();
	if (lp->listening)
		dev_mc_del(port->dev, bond_lacp_address);
	lp->listening = false;
}

static int system_make(struct bond *bond)
{
	struct lacp_config cfg = config_of(bond);
	struct bond_lacp *lacp;
	unsigned long flags;

	if (bond->mode_data)
		return 0;
	lacp = kzalloc(sizeof(*lacp), GFP_KERNEL);
	if (!lacp)
		return -ENOMEM;
	lacp->bond = bond;
	lacp->up = netif_running(bond->dev);
	__skb_queue_head_init(&lacp->out);
	lacp_init(&lacp->core, &cfg, &hooks);
	spin_lock_irqsave(&bond->lock, flags);
	bond->mode_data = lacp;
	spin_unlock_irqrestore(&bond->lock, flags);
	return 0;
}

static void system_add(struct bond_port *port, struct bond_lacp_port *lp,
		       struct lacp_aggregator *agg)
{
	struct bond *bond = port->bond;
	struct lacp_port_params params;
	struct bond_lacp *lacp;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	lacp = bond->mode_data;
	/* the bond may have taken its address from this port */
	tell_all(bond);
	WRITE_ONCE(port->tx_live, false);
	WRITE_ONCE(port->rx_live, false);
	params = params_of(lacp, port);
	bond_lacp_act(bond, lacp_port_add(&lacp->core, &lp->core, agg, &params,
					  bond_now()));
	port->mode_data = lp;
	lp->begun = lacp->up;
	bond->dirty = true;
	bond_lacp_unlock(bond, flags);
}

static int lacp_port_join(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct lacp_aggregator *agg;
	struct bond_lacp_port *lp;
	int err;

	ASSERT_RTNL();
	err = system_make(port->bond);
	if (err)
		return err;
	lp = kzalloc(sizeof(*lp), GFP_KERNEL);
	agg = kzalloc(sizeof(*agg), GFP_KERNEL);
	err = lp && agg ? 0 : -ENOMEM;
	if (err)
		goto undo;
	lp->port = port;
	/* before the first LACPDU leaves: its answer comes at once */
	if (netif_running(port->bond->dev))
		err = listen(lp);
	if (err)
		goto undo;
	/* its link may be up already */
	bond_port_speed(port);
	system_add(port, lp, agg);
	return 0;
undo:
	kfree(lp);
	kfree(agg);
	return err;
}

static void lacp_port_leave(struct bond_port *port)
{
	struct bond_lacp_port *lp = port->mode_data;
	struct lacp_aggregator *spare = NULL;
	struct bond *bond = port->bond;
	struct bond_lacp *lacp;
	unsigned long flags;
	struct sk_buff *bye;

	ASSERT_RTNL();
	if (!lp)
		return;
	bond_lacp_part(port);
	unlisten(port);
	spin_lock_irqsave(&bond->lock, flags);
	lacp = bond->mode_data;
	bye = bond_lacp_goodbye(lp, true);
	if (bye)
		__skb_queue_tail(&lacp->out, bye);
	bond_lacp_act(bond, lacp_port_remove(&lp->core, bond_now(), &spare));
	port->mode_data = NULL;
	if (port->tx_live)
		bond_ledger_bundle(port, false, "left", false);
	WRITE_ONCE(port->tx_live, false);
	WRITE_ONCE(port->rx_live, false);
	bond->dirty = true;
	bond_lacp_unlock(bond, flags);
	/* its farewell leaves before its device is closed */
	bond_lacp_flush(lacp);
	kfree(spare);
	kfree(lp);
}

static int lacp_open(struct bond *bond)
{
	struct bond_lacp *lacp = bond->mode_data;
	struct bond_port *port;
	unsigned long flags;
	int err;

	ASSERT_RTNL();
	if (!lacp)
		return 0;
	bond_for_each_port(bond, port) {
		err = listen(port->mode_data);
		if (err)
			goto undo;
	}
	spin_lock_irqsave(&bond->lock, flags);
	lacp->up = true;
	lacp->alone = false;
	tell_all(bond);
	bond_lacp_unlock(bond, flags);
	return 0;
undo:
	bond_for_each_port(bond, port)
		unlisten(port);
	return err;
}

/* The farewells of all ports, while they still may speak. */
static void collect_goodbyes(struct bond *bond, struct sk_buff_head *byes)
{
	struct bond_port *port;

	lockdep_assert_held(&bond->lock);
	bond_for_each_port(bond, port) {
		struct sk_buff *bye = NULL;

		if (port->mode_data)
			bye = bond_lacp_goodbye(port->mode_data, false);
		if (bye)
			__skb_queue_tail(byes, bye);
	}
}

/*
 * The last word of every port is its farewell: frames that wait to be sent are
 * dropped. What the limit delays, the tick says.
 */
static void lacp_close(struct bond *bond)
{
	struct bond_lacp *lacp = bond->mode_data;
	struct sk_buff_head byes;
	struct bond_port *port;
	unsigned long flags;

	ASSERT_RTNL();
	if (!lacp)
		return;
	__skb_queue_head_init(&byes);
	spin_lock_irqsave(&bond->lock, flags);
	collect_goodbyes(bond, &byes);
	__skb_queue_purge(&lacp->out);
	lacp->up = false;
	tell_ports(bond);
	skb_queue_splice_tail_init(&byes, &lacp->out);
	bond_lacp_unlock(bond, flags);
	bond_lacp_flush(lacp);
	bond_for_each_port(bond, port)
		unlisten(port);
}

static void lacp_exit(struct bond *bond)
{
	struct bond_lacp *lacp;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	lacp = bond->mode_data;
	bond->mode_data = NULL;
	spin_unlock_irqrestore(&bond->lock, flags);
	if (!lacp)
		return;
	bond_lacp_flush(lacp);
	__skb_queue_purge(&lacp->out);
	kfree(lacp);
}

/* --- news -------------------------------------------------------------------- */

/*
 * Where the link itself is in order (probes unanswered, an administrator closes
 * the port) the partner would send by it until it misses our LACPDUs.
 */
static void give_up(struct bond_lacp *lacp, struct bond_port *port)
{
	struct sk_buff *bye = NULL;

	if (port->mode_data && lacp->up && bond_port_live(port))
		bye = bond_lacp_goodbye(port->mode_data, false);
	if (bye)
		__skb_queue_tail(&lacp->out, bye);
}

/*
 * It is about to be closed, and tolerated or not, that is the last moment in which
 * it can say so.
 */
static bool is_closing(const struct bond_port *port, enum link_state now)
{
	return now == LINK_FAIL && READ_ONCE(port->closing);
}

/* A loss was tolerated that the partner may have been told of. */
static void come_back(struct bond_port *port)
{
	struct bond_lacp_port *lp = port->mode_data;

	if (lp)
		bond_lacp_act(port->bond, lacp_resume(&lp->core, bond_now()));
}

/* The caller holds the lock, so frames leave with a tick of their own. */
static void lacp_port_link(struct bond_port *port, enum link_state now)
{
	struct bond *bond = port->bond;
	struct bond_lacp *lacp = bond->mode_data;

	if (lacp && (now == LINK_DOWN || is_closing(port, now)))
		give_up(lacp, port);
	if (lacp && now == LINK_UP)
		come_back(port);
	tell_port(port);
	if (lacp && !skb_queue_empty(&lacp->out))
		bond_tick_at(bond, bond_now());
}

static void lacp_port_speed(struct bond_port *port)
{
	struct bond *bond = port->bond;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	tell_port(port);
	bond_lacp_unlock(bond, flags);
}

static void lacp_news(struct bond *bond)
{
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	if (bond->mode_data)
		tell_all(bond);
	bond_lacp_unlock(bond, flags);
}

static void lacp_config_changed(struct bond *bond,
				const struct bond_config *old)
{
	lacp_news(bond);
}

static void lacp_tick(struct bond *bond, u64 now)
{
	struct bond_lacp *lacp;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	lacp = bond->mode_data;
	if (lacp)
		bond_lacp_act(bond, lacp_advance(&lacp->core, now));
	bond_lacp_unlock(bond, flags);
}

/* What may sleep, or is for the log. */
static void lacp_advance_slow(struct bond *bond, u64 now)
{
	bool announce = false, alone = false;
	struct bond_lacp *lacp;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	lacp = bond->mode_data;
	if (lacp) {
		swap(announce, lacp->announce);
		swap(alone, lacp->log_alone);
	}
	spin_unlock_irqrestore(&bond->lock, flags);
	if (alone)
		bond_warn(bond, "Warning: No 802.3ad response from the link partner for any adapters in the bond\n");
	/*
	 * Our neighbours are on several switches that do not tell each other; a
	 * port that begins to distribute is news to some of them.
	 */
	if (!announce || !bond->config.broadcast_neighbor ||
	    !netif_running(bond->dev))
		return;
	/* it asked to be told under the lock, before the view knew the port */
	bond_settle_atomic(bond);
	bond_announce_begin(bond);
	bond_kick(bond, BOND_R_ANNOUNCE);
}

/* --- frames ------------------------------------------------------------------- */

/* Slow-protocol frames are never tagged, other than with a priority. */
static bool is_slow(const struct sk_buff *skb)
{
	return ether_addr_equal(eth_hdr(skb)->h_dest, bond_lacp_address) &&
	       !(skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb));
}

/* Return: true when the frame was ours and is to go no further. */
static bool hear(struct bond_port *port, const struct sk_buff *skb)
{
	u32 len = min_t(u32, skb->len, LACP_PDU_LEN);
	struct bond *bond = port->bond;
	const struct bond_lacp *lacp;
	struct bond_lacp_port *lp;
	struct lacp_effects fx;
	u8 copy[LACP_PDU_LEN];
	unsigned long flags;
	const u8 *payload;

	payload = skb_header_pointer(skb, 0, len, copy);
	if (!payload)
		return false;
	fx.flags = 0;
	spin_lock_irqsave(&bond->lock, flags);
	lacp = bond->mode_data;
	lp = port->mode_data;
	/* down is deaf */
	if (lp && lacp->up) {
		fx = lacp_receive(&lp->core, payload, len, bond_now());
		bond_lacp_act(bond, fx);
	}
	bond_lacp_unlock(bond, flags);
	return fx.flags & LACP_DID_CONSUME;
}

static enum bond_verdict lacp_verdict(const struct bond_view *v,
				      struct bond_port *port,
				      struct sk_buff *skb)
{
	if (unlikely(skb->protocol == htons(ETH_P_SLOW)) && is_slow(skb) &&
	    hear(port, skb)) {
		consume_skb(skb);
		return BOND_RX_CONSUMED;
	}
	if (likely(READ_ONCE(port->rx_live)) ||
	    (v->flags & BOND_VIEW_ALL_ACTIVE))
		return BOND_RX_DELIVER;
	if (is_link_local_ether_addr(eth_hdr(skb)->h_dest))
		return BOND_RX_PASS;
	return BOND_RX_EXACT;
}

static enum bond_direct lacp_direct(const struct bond_view *v,
				    const struct bond_port *port)
{
	return port->rx_live || (v->flags & BOND_VIEW_ALL_ACTIVE) ?
	       BOND_DIRECT_NOT_SLOW : BOND_DIRECT_NONE;
}

static bool is_ndisc(const struct bond_pkt *pkt)
{
	struct sk_buff *skb = bond_skb_of(pkt);
	struct {
		struct ipv6hdr ip;
		struct icmp6hdr icmp;
	} copy;
	const typeof(copy) *head = NULL;

	if (skb)
		head = skb_header_pointer(skb, skb_network_offset(skb),
					  sizeof(copy), &copy);
	else if (bond_frame_of(pkt)->len >= ETH_HLEN + sizeof(copy))
		head = (const void *)(bond_frame_of(pkt)->data + ETH_HLEN);
	return head && head->ip.nexthdr == IPPROTO_ICMPV6 &&
	       (head->icmp.icmp6_type == NDISC_NEIGHBOUR_SOLICITATION ||
		head->icmp.icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT);
}

/* Apart, so that nobody else pays for the room that a header may need. */
static noinline struct bond_port *pick_ip6(const struct bond_view *v,
					   const struct bond_pkt *pkt)
{
	return is_ndisc(pkt) ? BOND_PICK_ALL : bond_pick_hash(v, pkt);
}

static struct bond_port *lacp_pick(const struct bond_view *v,
				   const struct bond_pkt *pkt)
{
	if (v->flags & BOND_VIEW_NEIGHBORS) {
		__be16 proto = bond_pkt_proto(pkt);

		if (proto == htons(ETH_P_ARP))
			return BOND_PICK_ALL;
		if (proto == htons(ETH_P_IPV6))
			return pick_ip6(v, pkt);
	}
	return bond_pick_hash(v, pkt);
}

static void lacp_view(struct bond_view *v)
{
	if (v->flags & BOND_VIEW_NEIGHBORS)
		bond_hash_prepare(v);
	else
		bond_hash_view(v);
}

static bool lacp_eligible(const struct bond_port *port)
{
	return port->tx_live && link_usable(port->link.state);
}

/*
 * A bond that is down has no LACP. It goes on showing the carrier it had, as
 * users know it, but none that it would lose on the way up: whoever configures
 * addresses looks then.
 */
static bool carrier_while_down(const struct bond *bond)
{
	const struct bond_port *port;
	u32 usable = 0;

	if (bond->config.lacp_strict || !netif_carrier_ok(bond->dev))
		return false;
	list_for_each_entry(port, &bond->ports, list)
		usable += !port->gone && link_usable(port->link.state);
	return usable >= max(bond->config.min_links, 1U);
}

static bool lacp_mode_carrier(const struct bond *bond)
{
	const struct bond_lacp *lacp = bond->mode_data;

	if (!lacp || !lacp->up)
		return carrier_while_down(bond);
	return lacp_carrier(&lacp->core);
}

const struct bond_mode bond_mode_lacp = {
	.name		= "802.3ad",
	.title		= "IEEE 802.3ad Dynamic link aggregation",
	.id		= BOND_MODE_8023AD,
	.traits		= BOND_T_NO_PROBES | BOND_T_ETHER_ONLY | BOND_T_LACP |
			  BOND_T_HASH | BOND_T_ALL_FILTERS | BOND_T_SUM_SPEED |
			  BOND_T_NEEDS_SPEED | BOND_T_XDP,
	.lag_tx		= NETDEV_LAG_TX_TYPE_HASH,
	.open		= lacp_open,
	.close		= lacp_close,
	.linger		= bond_lacp_linger,
	.exit		= lacp_exit,
	.port_join	= lacp_port_join,
	.port_leave	= lacp_port_leave,
	.port_link	= lacp_port_link,
	.port_speed	= lacp_port_speed,
	.config		= lacp_config_changed,
	.address	= lacp_news,
	.tick		= lacp_tick,
	.advance	= lacp_advance_slow,
	.pick		= lacp_pick,
	.view		= lacp_view,
	.pick_any	= bond_pick_hash_any,
	.receive	= lacp_verdict,
	.direct		= lacp_direct,
	.port_eligible	= lacp_eligible,
	.carrier	= lacp_mode_carrier,
	.ad_info	= bond_lacp_ad_info,
	.port_ad	= bond_lacp_port_ad,
	.ad_stats	= bond_lacp_ad_stats,
	.counters	= BOND_LACP_COUNTERS,
	.counter_names	= bond_lacp_counters,
	.count		= bond_lacp_count,
};
