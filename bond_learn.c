// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses behind the bond. A switch looks for a virtual machine where it
 * last heard it; after a failover that is the wrong cable until the machine
 * happens to send something. With the option announce set to all, addresses
 * seen leaving the bond are remembered (bond_core/mactab.c) and announced
 * by RARP frames in their name as soon as packets have another way: neither
 * RTNL nor a notifier is waited for. Modes that give each port an address of
 * its own tell a guest's frames from theirs anyway and always do so.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/pkt_sched.h>
#include <net/sch_generic.h>

#include "../bond_core/mactab.h"
#include "../bond_core/twice.h"
#include "agenda.h"
#include "bond.h"
#include "engine.h"
#include "learn.h"

#define AGE		300	/* s after which an address is out of date */
#define WINDOW		(HZ / 20 + 1)	/* between copies of one frame (slb) */
#define ECHO		1	/* s in which what we sent has come back (slb) */
#define BATCH		64	/* frames at once ... */
#define BATCH_PAUSE	8	/* ... and ms until the next ones */
#define RETRY		4	/* ms until a new carrier's queues are open */
#define TAG_8021AD	0x1000	/* see mactab_key() */
#define TAG_INSIDE	0x2000	/* the hint there: it stood in the frame itself */

/**
 * struct bond_learn - what a bond remembers
 * @tab: the addresses
 * @twice: frames that have just arrived (slb)
 * @bond: the bond
 * @work: sends a batch
 * @restart: a failover happened: begin anew. Protected by bond->lock
 * @returned: it was the return of a port that a switch may not hear yet. As
 *	@restart
 * @waits: what is left of the rounds has no way to go, or the bond is down. As
 *	@restart
 * @at: how far the walk over @tab has come. The work's own
 * @rounds: walks still to be made, this one included. The work's own
 * @slowly: a switch may take a while to listen. The work's own
 * @sent: frames sent
 * @said: second in which somebody behind us last said where he is (slb). Any
 *	context
 * @spoke: second in which we last said so for all of them. As @said
 */
struct bond_learn {
	struct mactab tab;
	struct twice twice;
	struct bond *bond;
	struct delayed_work work;
	bool restart;
	bool returned;
	bool waits;
	u32 at;
	u32 rounds;
	bool slowly;
	u64 sent;
	u32 said;
	u32 spoke;
};

/* All 64 bits of the tick: the lower 32 first wrap five minutes after boot. */
static u32 seconds(void)
{
	return (u32)div_u64(get_jiffies_64(), HZ);
}

/* --- the hot paths, where BOND_VIEW_KNOWS ---------------------------------- */

static u16 tag_of(const struct sk_buff *skb)
{
	u16 tci;

	if (skb_vlan_tag_present(skb))
		return skb_vlan_tag_get_id(skb) |
		       (skb->vlan_proto == htons(ETH_P_8021AD) ? TAG_8021AD : 0);
	if (likely(!eth_type_vlan(skb->protocol)) || __vlan_get_tag(skb, &tci))
		return 0;
	return (tci & VLAN_VID_MASK) | TAG_INSIDE |
	       (skb->protocol == htons(ETH_P_8021AD) ? TAG_8021AD : 0);
}

/* A frame that says nothing but where its sender is. */
static bool is_announcement(const struct sk_buff *skb)
{
	const struct arphdr *arp;
	struct {
		struct arphdr head;
		u8 body[2 * (ETH_ALEN + sizeof(__be32))];
	} __packed copy;
	const u8 *sender;

	if (skb->protocol == htons(ETH_P_RARP))
		return true;
	if (skb->protocol != htons(ETH_P_ARP))
		return false;
	arp = skb_header_pointer(skb, skb_network_offset(skb), sizeof(copy),
				 &copy);
	if (!arp || arp->ar_hln != ETH_ALEN || arp->ar_pln != sizeof(__be32))
		return false;
	sender = (const u8 *)(arp + 1) + ETH_ALEN;
	return !memcmp(sender, sender + sizeof(__be32) + ETH_ALEN,
		       sizeof(__be32));
}

/* What hides behind a tag in the frame itself comes back without it. */
static bool may_announce(const struct sk_buff *skb)
{
	return eth_type_vlan(skb->protocol) || is_announcement(skb);
}

static void stamp(u32 *when)
{
	u32 now = seconds();

	if (READ_ONCE(*when) != now)
		WRITE_ONCE(*when, now);
}

static bool just_now(const u32 *when)
{
	/* another processor's second may be a later one */
	return (s32)(seconds() - READ_ONCE(*when)) <= ECHO;
}

/**
 * bond_learn_note() - remember who sends
 * @v: a view with BOND_VIEW_KNOWS
 * @skb: a frame that leaves, its Ethernet header readable
 *
 * Context: RCU, BH off, transmit path.
 */
void bond_learn_note(const struct bond_view *v, const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (likely(is_valid_ether_addr(eth->h_source)))
		mactab_note(&v->bond->learn->tab,
			    mactab_key(eth->h_source, tag_of(skb)),
			    seconds(), AGE);
}

/**
 * bond_learn_knows() - was this address seen leaving, and is that still true?
 * @v: a view with BOND_VIEW_KNOWS
 * @skb: a frame that was received, for its tag
 * @mac: the address
 *
 * Context: RCU, BH off.
 * Return: true if it is.
 */
bool bond_learn_knows(const struct bond_view *v, const struct sk_buff *skb,
		      const u8 *mac)
{
	/* MACTAB_NEVER is above any age */
	return mactab_age(&v->bond->learn->tab, mactab_key(mac, tag_of(skb)),
			  seconds()) <= AGE;
}

/**
 * bond_learn_renew() - somebody was seen behind us, and is there still
 * @v: a view with BOND_VIEW_KNOWS
 * @mac: his address
 * @proto: protocol of his outermost tag, 0 = none
 * @vid: its VLAN
 *
 * Context: RCU, BH off.
 * Return: true; false when he was not seen, or is somewhere else since.
 */
bool bond_learn_renew(const struct bond_view *v, const u8 *mac, __be16 proto,
		      u16 vid)
{
	struct mactab *tab = &v->bond->learn->tab;
	u16 tag = proto == htons(ETH_P_8021AD) ? vid | TAG_8021AD : vid;
	u64 key = mactab_key(mac, tag);

	if (mactab_age(tab, key, seconds()) > AGE)
		return false;
	mactab_note(tab, key, seconds(), AGE);
	return true;
}

/**
 * bond_pick_learn() - pick where senders are to be remembered
 * @v: the view
 * @pkt: the packet
 *
 * Stands before the others, but for crypto's, in the views of bonds with
 * announce all or slb.
 *
 * Context: RCU, BH off, the hot path.
 * Return: a port, BOND_PICK_ALL, or NULL to drop.
 */
struct bond_port *bond_pick_learn(const struct bond_view *v,
				  const struct bond_pkt *pkt)
{
	struct sk_buff *skb = bond_skb_of(pkt);

	if (skb_headlen(skb) >= ETH_HLEN) {
		bond_learn_note(v, skb);
		if ((v->flags & BOND_VIEW_SLB) && may_announce(skb))
			stamp(&v->bond->learn->said);
	}
	return v->after_learn(v, pkt);
}

/**
 * bond_learn_forget() - who is heard from outside is not behind us
 * @v: the view
 * @port: where it came in
 * @skb: a frame that was received for the bond
 *
 * A virtual machine that has moved to another host must not be announced by
 * us. Our own broadcasts come back by other ports than the active one, or where
 * every port is in use within a moment, which says nothing.
 *
 * Context: RCU, BH off.
 */
void bond_learn_forget(const struct bond_view *v, const struct bond_port *port,
		       const struct sk_buff *skb)
{
	bool single = v->mode->traits & BOND_T_ACTIVE_PORT;
	struct mactab *tab = &v->bond->learn->tab;
	u64 key;

	/* with slb bond_learn_echo() has done it */
	if (single ? port != v->active : v->flags & BOND_VIEW_SLB)
		return;
	key = mactab_key(eth_hdr(skb)->h_source, tag_of(skb));
	/* MACTAB_NEVER is above any age, and there is nothing to forget */
	if (single || mactab_age(tab, key, seconds()) > ECHO)
		mactab_forget(tab, key);
}

/**
 * bond_learn_echo() - does a frame that arrives come from behind us?
 * @v: the view of a bond with slb
 * @skb: the frame
 *
 * What we sent comes back within a moment: an address not seen leaving for
 * longer is with somebody else now. A virtual machine that has just moved away
 * says so, by gratuitous or reverse ARP; that is believed unless we have said
 * such a thing ourselves in that moment.
 *
 * Context: RCU, BH off.
 * Return: true when it does and is not to be taken.
 */
bool bond_learn_echo(const struct bond_view *v, const struct sk_buff *skb)
{
	struct bond_learn *learn = v->bond->learn;
	const u8 *mac = eth_hdr(skb)->h_source;
	u32 age;
	u64 key;

	if (ether_addr_equal(mac, v->bond->dev->dev_addr))
		return true;
	key = mactab_key(mac, tag_of(skb));
	age = mactab_age(&learn->tab, key, seconds());
	if (age == MACTAB_NEVER)
		return false;
	if (age <= AGE && just_now(&learn->spoke))
		return true;
	if (age <= ECHO && (!is_announcement(skb) || just_now(&learn->said)))
		return true;
	mactab_forget(&learn->tab, key);
	return false;
}

/**
 * bond_learn_twice() - has this frame come by another port already?
 * @v: the view of a bond with slb
 * @port: where it arrived now
 * @skb: the frame
 *
 * Context: RCU, BH off.
 * Return: true for a copy; else the frame is remembered.
 */
bool bond_learn_twice(const struct bond_view *v, const struct bond_port *port,
		      const struct sk_buff *skb)
{
	const u8 *frame = skb_mac_header(skb);
	u32 len = skb->data + skb_headlen(skb) - frame;
	u64 hash;

	hash = twice_hash(frame, min_t(u32, len, TWICE_LOOK),
			  skb->len << 13 ^ tag_of(skb));
	return twice_seen(&v->bond->learn->twice, hash, port->mark,
			  (u32)jiffies, WINDOW);
}

/* --- announcing ---------------------------------------------------------- */

/*
 * The bond's own address may be in the table: does it go with the traffic? Not
 * where each port has its own, by the mode or by fail_over_mac, and these stay
 * where they are: a bridge that was given a port's must not draw it to the active
 * one, nor does the one that the bond had with its last active port.
 */
static bool concerns_us(const struct bond_view *v, const u8 *mac)
{
	bool own_macs = (v->mode->traits & BOND_T_OWN_MACS) ||
			!bond_mac_shared(v->bond);
	u32 i;

	for (i = 0; own_macs && i < v->total; i++)
		if (ether_addr_equal(mac, v->ports[i]->dev->dev_addr))
			return false;
	return !own_macs || !ether_addr_equal(mac, v->bond->dev->dev_addr);
}

/* "Where am I?", asked by @mac of everybody: a reverse ARP request. */
static struct sk_buff *make_rarp(struct net_device *dev, const u8 *mac)
{
	u32 len = ETH_ZLEN - ETH_HLEN;
	struct arphdr *arp;
	struct sk_buff *skb;
	struct ethhdr *eth;
	u8 *body;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + len + dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	arp = skb_put_zero(skb, len);
	arp->ar_hrd = htons(ARPHRD_ETHER);
	arp->ar_pro = htons(ETH_P_IP);
	arp->ar_hln = ETH_ALEN;
	arp->ar_pln = sizeof(__be32);
	arp->ar_op = htons(ARPOP_RREQUEST);
	body = (u8 *)(arp + 1);
	ether_addr_copy(body, mac);
	memcpy(body + ETH_ALEN + sizeof(__be32), mac, ETH_ALEN);
	eth = skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	eth_broadcast_addr(eth->h_dest);
	ether_addr_copy(eth->h_source, mac);
	eth->h_proto = htons(ETH_P_RARP);
	skb->protocol = htons(ETH_P_RARP);
	skb->priority = TC_PRIO_CONTROL;
	skb->dev = dev;
	return skb;
}

static void put_tag(struct sk_buff *skb, u16 tag)
{
	if (tag & (TAG_8021AD | VLAN_VID_MASK))
		__vlan_hwaccel_put_tag(skb, tag & TAG_8021AD ?
				       htons(ETH_P_8021AD) : htons(ETH_P_8021Q),
				       tag & VLAN_VID_MASK);
}

/*
 * By the way its traffic goes; not by the bond itself, which would learn it.
 * The choice of a port does not look for tags inside of a frame.
 */
static bool send_rarp(const struct bond_view *v, u64 key)
{
	u16 tag = mactab_vlan(key);
	struct bond_port *port;
	struct sk_buff *skb;
	u8 mac[ETH_ALEN];

	mactab_mac(key, mac);
	if (!concerns_us(v, mac))
		return false;
	skb = make_rarp(v->bond->dev, mac);
	if (!skb)
		return false;
	if (!(tag & TAG_INSIDE))
		put_tag(skb, tag);
	port = v->pick_only(v, bond_pkt_skb(skb));
	if (tag & TAG_INSIDE)
		put_tag(skb, tag);
	if (port <= BOND_PICK_ALL) {
		kfree_skb(skb);
		return false;
	}
	skb->dev = port->dev;
	stamp(&v->bond->learn->spoke);
	return dev_queue_xmit(skb) == NET_XMIT_SUCCESS;
}

/* Return: ms until the next batch, 0 when there is none. */
static u32 send_batch(struct bond_learn *learn, const struct bond_view *v)
{
	u32 n = 0;
	u64 key = 0;

	while (n < BATCH) {
		key = mactab_next(&learn->tab, &learn->at, seconds(), AGE);
		if (!key)
			break;
		n += send_rarp(v, key);
	}
	WRITE_ONCE(learn->sent, learn->sent + n);
	if (key)
		return BATCH_PAUSE;
	learn->at = 0;
	if (--learn->rounds)
		return max_t(u32, bond_announce_pause(v->bond),
			     learn->slowly ? RETURN_PAUSE : 0);
	return 0;
}

/* Can what we send leave, if by another than the active port? */
static bool has_way(const struct bond_view *v)
{
	return !v->active || bond_port_live(v->active) ||
	       bond_view_stand_in(v, 0);
}

/* Is the active port's carrier too new for its queues? */
static bool too_new(const struct bond_view *v)
{
	return v->active && bond_port_live(v->active) &&
	       qdisc_tx_is_noop(v->active->dev);
}

/*
 * A failover since the last batch? Its view is published when this returns.
 * Whoever settles after that the ports have changed finds what waits for it.
 */
static void restart(struct bond_learn *learn)
{
	struct bond *bond = learn->bond;
	const struct bond_view *v;

	spin_lock_irq(&bond->lock);
	if (learn->restart) {
		learn->restart = false;
		learn->at = 0;
		learn->rounds = bond->config.num_peer_notif;
		/* as our own addresses, see tell_return() */
		learn->slowly = learn->returned;
		learn->returned = false;
		if (learn->slowly && learn->rounds)
			learn->rounds = max_t(u32, learn->rounds, RETURN_TIMES);
	}
	v = rcu_dereference_protected(bond->view, lockdep_is_held(&bond->lock));
	WRITE_ONCE(learn->waits, learn->rounds &&
		   (!netif_running(bond->dev) || !has_way(v)));
	spin_unlock_irq(&bond->lock);
}

static void learn_work(struct work_struct *work)
{
	struct bond_learn *learn = container_of(to_delayed_work(work),
						struct bond_learn, work);
	struct bond *bond = learn->bond;
	const struct bond_view *v;
	u32 pause = 0, sent, shown;

	restart(learn);
	sent = learn->sent;
	shown = bond_ledger_shown(bond);
	rcu_read_lock_bh();
	v = rcu_dereference_bh(bond->view);
	if (learn->rounds && !READ_ONCE(learn->waits) &&
	    netif_running(bond->dev) && (v->flags & BOND_VIEW_KNOWS))
		pause = too_new(v) ? RETRY : send_batch(learn, v);
	rcu_read_unlock_bh();
	if (learn->sent != sent)
		bond_ledger_announced(bond, shown);
	spin_lock_irq(&bond->lock);
	/* a failover of the meantime has queued it for at once */
	if (pause && !learn->restart)
		bond_agenda_queue(&learn->work, pause);
	spin_unlock_irq(&bond->lock);
}

/**
 * bond_learn_announce() - packets have another way: tell it for everybody
 * @bond: the bond
 * @returned: back to the port they went by before, which may have come up this
 *	moment: it is said several times, RETURN_PAUSE apart
 *
 * Context: bond->lock held, any context.
 */
void bond_learn_announce(struct bond *bond, bool returned)
{
	struct bond_learn *learn = READ_ONCE(bond->learn);

	lockdep_assert_held(&bond->lock);
	if (!learn || !(bond->config.announce || bond->config.slb ||
			(bond->mode->traits & BOND_T_OWN_MACS)))
		return;
	learn->restart = true;
	learn->returned |= returned;
	bond_agenda_queue(&learn->work, 0);
}

/**
 * bond_learn_go_on() - ports may have changed: is there a way now for what waits?
 * @bond: the bond
 *
 * Context: bond->lock held, any context.
 */
void bond_learn_go_on(struct bond *bond)
{
	struct bond_learn *learn = READ_ONCE(bond->learn);

	lockdep_assert_held(&bond->lock);
	if (!learn || !learn->waits)
		return;
	WRITE_ONCE(learn->waits, false);
	bond_agenda_queue(&learn->work, 0);
}

/**
 * bond_learn_announced() - announcements sent so far
 * @bond: the bond
 *
 * Context: any.
 * Return: frames since the bond was made.
 */
u64 bond_learn_announced(const struct bond *bond)
{
	const struct bond_learn *learn = READ_ONCE(bond->learn);

	return learn ? READ_ONCE(learn->sent) : 0;
}

/* --- coming and going ---------------------------------------------------- */

/**
 * bond_learn_reserve() - make room to remember addresses
 * @bond: the bond
 *
 * It is kept as long as the bond lives.
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -ENOMEM.
 */
int bond_learn_reserve(struct bond *bond)
{
	struct bond_learn *learn;

	ASSERT_RTNL();
	if (bond->learn)
		return 0;
	learn = kvzalloc(sizeof(*learn), GFP_KERNEL);
	if (!learn)
		return -ENOMEM;
	learn->bond = bond;
	INIT_DELAYED_WORK(&learn->work, learn_work);
	/* read without a lock: whoever sees it sees it filled in */
	smp_store_release(&bond->learn, learn);
	return 0;
}

/**
 * bond_learn_quiet() - nothing of this file runs any more
 * @bond: the bond, which settles no more
 *
 * Context: process, may sleep.
 */
void bond_learn_quiet(struct bond *bond)
{
	if (bond->learn)
		cancel_delayed_work_sync(&bond->learn->work);
}

/**
 * bond_learn_exit() - forget everything
 * @bond: the bond, which nobody can reach any more
 *
 * Context: process; nobody can reach the bond any more, or yet.
 */
void bond_learn_exit(struct bond *bond)
{
	kvfree(bond->learn);
	bond->learn = NULL;
}
