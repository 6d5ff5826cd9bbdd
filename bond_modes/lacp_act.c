// SPDX-License-Identifier: GPL-2.0
/*
 * 802.3ad: what the LACP core asks for. Ports begin or cease to carry traffic
 * and frames are made under bond->lock; the view is published and the frames
 * leave when the lock is dropped.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>

#include "engine.h"
#include "lacp_mode.h"
#include "lacp_trace.h"
#include "ledger.h"

/* Slow_Protocols_Multicast: never forwarded by a bridge */
const u8 bond_lacp_address[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x02 };

/**
 * struct out_note - whose frame this is, in the skb's control buffer
 * @port: the port; valid while RCU is held since before it was queued
 * @what: LACP_DO_SEND or LACP_DO_MARKER, 0 when nobody asks what became of it
 */
struct out_note {
	struct bond_port *port;
	u32 what;
};

static struct out_note *note_of(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct out_note) > sizeof(skb->cb));
	return (struct out_note *)skb->cb;
}

/* A frame for the port's device with room for the payload at *payload. */
static struct sk_buff *make_frame(const struct bond_lacp_port *lp, u32 what,
				  u8 **payload)
{
	struct bond_port *port = lp->port;
	struct net_device *dev = port->dev;
	struct sk_buff *skb;
	struct ethhdr *eth;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + LACP_PDU_LEN +
			dev->needed_tailroom, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	*payload = skb_put(skb, LACP_PDU_LEN);
	eth = skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	ether_addr_copy(eth->h_dest, bond_lacp_address);
	/* the port's own address: all ports of a bond share the other one */
	ether_addr_copy(eth->h_source, port->perm_addr);
	eth->h_proto = htons(ETH_P_SLOW);
	skb->protocol = htons(ETH_P_SLOW);
	skb->priority = TC_PRIO_CONTROL;
	skb->dev = dev;
	*note_of(skb) = (struct out_note) { .port = port, .what = what };
	return skb;
}

/**
 * bond_lacp_goodbye() - the last LACPDU before a port leaves or the bond goes down
 * @lp: the port, still working
 * @leaves: the port leaves; else the partner is to keep its place for it
 *
 * Context: bond->lock held.
 * Return: a frame that the caller queues, or NULL when there is nothing to say
 * or no memory.
 */
struct sk_buff *bond_lacp_goodbye(struct bond_lacp_port *lp, bool leaves)
{
	bool (*say)(struct lacp_port *port, u8 *buf, u64 now) =
		leaves ? lacp_goodbye : lacp_pause;
	struct sk_buff *skb;
	u8 *payload;

	lockdep_assert_held(&lp->port->bond->lock);
	skb = make_frame(lp, 0, &payload);
	if (skb && !say(&lp->core, payload, bond_now())) {
		kfree_skb(skb);
		skb = NULL;
	}
	return skb;
}

/**
 * bond_lacp_part() - wait until a port that is to leave may say goodbye
 * @port: the port, a member with or without LACP
 *
 * Only over the limit, and only where somebody goes on sending if not told. The
 * port carries traffic until then, as the partner believes.
 *
 * Context: RTNL, may sleep, for a second and a little at most.
 */
void bond_lacp_part(struct bond_port *port)
{
	struct bond_lacp_port *lp = port->mode_data;
	struct bond *bond = port->bond;
	unsigned long flags;
	u32 wait = 0;

	ASSERT_RTNL();
	if (!lp || !bond_port_live(port))
		return;
	spin_lock_irqsave(&bond->lock, flags);
	wait = lacp_parting(&lp->core, bond_now());
	spin_unlock_irqrestore(&bond->lock, flags);
	if (wait)
		fsleep(wait * USEC_PER_MSEC);
}

static bool owes(struct bond *bond)
{
	struct bond_port *port;
	unsigned long flags;
	bool owed = false;

	spin_lock_irqsave(&bond->lock, flags);
	bond_for_each_port(bond, port) {
		struct bond_lacp_port *lp = port->mode_data;

		owed |= lp && lp->core.owes;
	}
	spin_unlock_irqrestore(&bond->lock, flags);
	return owed;
}

/**
 * bond_lacp_linger() - wait until all ports of a closed bond have told their partners
 * @bond: the bond
 *
 * The tick says what the limit has delayed.
 *
 * Context: RTNL, may sleep, for a second and a little at most.
 */
void bond_lacp_linger(struct bond *bond)
{
	u64 until = bond_now() + 2 * MSEC_PER_SEC;

	ASSERT_RTNL();
	while (owes(bond) && bond_now() < until)
		msleep(20);
	if (bond->mode_data)
		bond_lacp_flush(bond->mode_data);
}

static bool queue_frame(struct bond_lacp *lacp, struct bond_lacp_port *lp,
			u32 what)
{
	struct sk_buff *skb;
	u8 *payload;

	skb = make_frame(lp, what, &payload);
	if (!skb)
		return false;
	if (what == LACP_DO_SEND)
		lacp_build_pdu(&lp->core, payload);
	else
		lacp_build_marker(&lp->core, payload);
	__skb_queue_tail(&lacp->out, skb);
	return true;
}

/* Does another port carry traffic, or may another group soon, whose partner is heard? */
static bool others_are_there(const struct bond_lacp *lacp,
			     const struct lacp_port *self)
{
	const struct lacp_port *core;

	list_for_each_entry(core, &lacp->core.ports, list)
		if (core != self && core->enabled &&
		    (core->distributing ||
		     (core->agg != self->agg &&
		      !(core->defaulted || core->expired))))
			return true;
	return false;
}

/*
 * Is it the partner's doing that the port carries nothing any more? By now it
 * may be STANDBY, another group having taken over, or UNSELECTED by a setting of
 * ours. One that still collects waits for a partner that no longer does. A
 * silent one is EXPIRED before there is none.
 */
static bool partner_left(const struct lacp_port *core)
{
	return lacp_has_partner(core) &&
	       (core->expired || !core->partner_sync || core->collecting);
}

static const char *cause_of(const struct bond_lacp *lacp,
			    const struct lacp_port *core)
{
	if (!lacp->up)
		return "bond-down";
	/* what keeps it out now is another group, which is not why it left */
	if (!core->distributing && lacp_has_partner(core) && !core->expired &&
	    !core->partner_sync)
		return lacp_reason_word(LACP_REASON_PARTNER_WAITS);
	return lacp_reason_word(core->reason);
}

/*
 * For the ledger. A link that went down is noted as such, a port that leaves by
 * who takes it out; one that stands back for a better group is not lost.
 */
static void note_bundle(const struct bond_lacp *lacp,
			const struct bond_lacp_port *lp)
{
	const struct lacp_port *core = &lp->core;
	bool lost;

	if (lp->port->gone || !link_usable(lp->port->link.state))
		return;
	lost = lacp->up && !core->distributing && partner_left(core) &&
	       others_are_there(lacp, core);
	bond_ledger_bundle(lp->port, core->distributing, cause_of(lacp, core),
			   lost);
}

static void forward(struct bond_lacp *lacp, struct bond_lacp_port *lp)
{
	struct bond_port *port = lp->port;

	if (lp->core.distributing != port->tx_live)
		note_bundle(lacp, lp);
	if (lp->core.distributing && !port->tx_live)
		lacp->announce = true;
	WRITE_ONCE(port->tx_live, lp->core.distributing);
	WRITE_ONCE(port->rx_live, lp->core.collecting);
	lacp->bond->dirty = true;
}

/* Nobody answers, by any port that has been waiting for it? */
static bool is_alone(const struct bond_lacp *lacp)
{
	const struct lacp_port *core;
	bool alone = false;

	list_for_each_entry(core, &lacp->core.ports, list) {
		if (!core->enabled)
			continue;
		if (lacp_has_partner(core))
			return false;
		if (core->state[LACP_MACHINE_RECEIVE] == LACP_RX_DEFAULTED ||
		    !core->defaulted)
			alone = true;
	}
	return alone;
}

static bool is_bundled(const struct bond_lacp *lacp)
{
	const struct lacp_port *core;

	list_for_each_entry(core, &lacp->core.ports, list)
		if (core->reason == LACP_REASON_BUNDLED)
			return true;
	return false;
}

/*
 * Administrators look for this in the log when a bond does not come up, or is
 * left by its partner. Once: a neighbour that talks nonsense, or a switch that
 * floods LACPDUs, would else write a line a second into it.
 */
static void note_alone(struct bond_lacp *lacp)
{
	if (lacp->alone) {
		lacp->alone = !is_bundled(lacp);
		return;
	}
	lacp->alone = is_alone(lacp);
	lacp->log_alone |= lacp->alone;
}

/* One port's part of the list. Return: flags of what followed from it. */
static u32 act_on(struct bond_lacp *lacp, struct bond_lacp_port *lp, u32 what,
		  u64 *next)
{
	struct lacp_effects fx;
	u32 flags = 0, kind;

	if (what & LACP_DO_FORWARD)
		forward(lacp, lp);
	if (what & LACP_DO_REASON)
		trace_bond_lacp_reason(lacp->bond->dev, lp->port->dev,
				       lacp_reason_name(lp->core.reason));
	for (kind = LACP_DO_SEND; kind <= LACP_DO_MARKER; kind <<= 1) {
		if (!(what & kind) || queue_frame(lacp, lp, kind))
			continue;
		fx = lacp_sent(&lp->core, kind, false, bond_now());
		*next = fx.next;
		flags |= fx.flags;
	}
	return flags;
}

static void note_late(struct bond_lacp *lacp)
{
	u64 late = lacp->core.stats.late_ms;

	if (late == lacp->late)
		return;
	trace_bond_lacp_late(lacp->bond->dev, late - lacp->late);
	lacp->late = late;
}

/**
 * bond_lacp_act() - do what the core asks for
 * @bond: the bond
 * @fx: what a call into the core returned
 *
 * Frames are made and queued. Who holds the lock sends them by
 * bond_lacp_unlock(), or has the tick do it.
 *
 * Context: bond->lock held, any context.
 */
void bond_lacp_act(struct bond *bond, struct lacp_effects fx)
{
	struct bond_lacp *lacp = bond->mode_data;
	struct lacp_port *core;
	u32 flags = fx.flags;
	u64 next = fx.next;
	u32 what;

	lockdep_assert_held(&bond->lock);
	while ((core = lacp_next_todo(&lacp->core, &what)))
		flags |= act_on(lacp, bond_lacp_port_of(core), what, &next);
	if (flags & (LACP_DO_ACTIVE | LACP_DO_CARRIER))
		bond->dirty = true;
	note_late(lacp);
	note_alone(lacp);
	if (lacp->announce || lacp->log_alone)
		bond_kick(bond, BOND_R_MODE);
	bond_tick_at(bond, next == LACP_NEVER ? 0 : next);
}

/* Tell the core what became of a frame; it retries LACPDUs by itself. */
static void note_sent(struct bond *bond, const struct out_note *note, bool ok)
{
	struct bond_lacp_port *lp;
	unsigned long flags;

	if (!note->what)
		return;
	/* without carrier it was dropped, and the queue does not say so */
	ok = ok && bond_port_live(note->port);
	spin_lock_irqsave(&bond->lock, flags);
	lp = note->port->mode_data;
	if (lp)
		bond_lacp_act(bond, lacp_sent(&lp->core, note->what, ok,
					      bond_now()));
	spin_unlock_irqrestore(&bond->lock, flags);
}

static void send_frames(struct bond *bond, struct sk_buff_head *out)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(out))) {
		struct out_note note = *note_of(skb);
		int ret;

		memset(skb->cb, 0, sizeof(skb->cb));
		ret = dev_queue_xmit(skb);
		note_sent(bond, &note, net_xmit_eval(ret) == 0);
	}
}

/**
 * bond_lacp_unlock() - drop the lock, then switch and send
 * @bond: the bond
 * @flags: interrupt flags from when the lock was taken
 *
 * A new view comes first: a LACPDU that says "distributing" or "no longer"
 * must not leave before it is true. One at a time sends, so that an older
 * LACPDU never overtakes a newer one; whoever finds somebody sending leaves
 * his frames to them, also when that is himself further up the stack.
 *
 * Context: bond->lock held on entry, not on return; softirq or process.
 */
void bond_lacp_unlock(struct bond *bond, unsigned long flags)
	__releases(&bond->lock)
{
	struct bond_lacp *lacp = bond->mode_data;
	struct sk_buff_head out;
	bool mine, dirty;

	__skb_queue_head_init(&out);
	/* ports whose frames were queued outlive their sending */
	rcu_read_lock();
	mine = lacp && !lacp->sending;
	if (mine)
		WRITE_ONCE(lacp->sending, true);
	do {
		if (mine)
			skb_queue_splice_tail_init(&lacp->out, &out);
		dirty = bond->dirty;
		spin_unlock_irqrestore(&bond->lock, flags);
		/* others leave their frames to us: not to be put off */
		local_bh_disable();
		if (dirty)
			bond_settle_atomic(bond);
		send_frames(bond, &out);
		local_bh_enable();
		spin_lock_irqsave(&bond->lock, flags);
	} while (bond->dirty || (mine && !skb_queue_empty(&lacp->out)));
	if (mine)
		WRITE_ONCE(lacp->sending, false);
	spin_unlock_irqrestore(&bond->lock, flags);
	rcu_read_unlock();
}

/**
 * bond_lacp_flush() - wait until another processor has sent what is queued
 * @lacp: the system
 *
 * For who is about to take away what a queued frame needs.
 *
 * Context: may sleep; nobody can free @lacp meanwhile.
 */
void bond_lacp_flush(const struct bond_lacp *lacp)
{
	might_sleep();
	while (READ_ONCE(lacp->sending))
		usleep_range(10, 50);
}
