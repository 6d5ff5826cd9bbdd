// SPDX-License-Identifier: GPL-2.0
/*
 * TLS connections that a port encrypts (kTLS offload), where the choice of a
 * port depends on the connection alone.
 *
 * The stack asks once, for a new connection, which port will carry it, and
 * makes the arrangements with that port's driver. From then on its packets go
 * there as long as the port can send, and through another port encrypted in
 * software: neither lost nor readable.
 *
 * The stack's check of a connection's packets (sk_validate_xmit_skb) runs at
 * every device on their way. It is one of two. The first lets a packet pass as
 * it is at any bond and at the device that is to encrypt it, and encrypts it
 * for any other. Once that device has gone down it is replaced, for good, by
 * the second, which always encrypts: at the bond and at the port, and the second
 * time undoes the first. So the bond must know what was done to the packet when
 * it came, and see to it that nothing more is done than needed. A packet keeps
 * its mark "decrypted" in all cases. What tells is which of the two checks was
 * in force just before it ran, noted in ndo_features_check.
 */
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/inet_connection_sock.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <net/tls.h>

#include "bond.h"
#include "crypto.h"
#include "engine.h"
#include "hash.h"
#include "bond_core/flow_plain.h"

/*
 * The first of the two checks. Looked up when the first packet is seen, so that
 * the module loads without tls.ko, and kept until we are unloaded.
 */
static typeof(tls_validate_xmit_skb) *first_check;

static typeof(first_check) first_check_get(void)
{
	typeof(first_check) fn = READ_ONCE(first_check);

	if (likely(fn))
		return fn;
	fn = symbol_get(tls_validate_xmit_skb);
	if (fn && cmpxchg(&first_check, NULL, fn))
		symbol_put(tls_validate_xmit_skb);
	return fn;
}

/**
 * bond_tls_exit() - let tls.ko go
 *
 * Context: the module's exit; no bond is left.
 */
void bond_tls_exit(void)
{
	if (first_check)
		symbol_put(tls_validate_xmit_skb);
}

/* What the stack's check did to a packet when it came to the bond. */
enum done {
	DONE_UNKNOWN,	/* it is not TLS */
	DONE_NOTHING,	/* a device is to encrypt it */
	DONE_ENCRYPTED,
};

/* No queueing discipline of the bond needs its part of the packet any more. */
static enum done *mark_of(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(enum done) > QDISC_CB_PRIV_LEN);
	return (enum done *)qdisc_skb_cb(skb)->data;
}

static bool is_tls(const struct sock *sk)
{
	const struct tcp_ulp_ops *ulp;

	/* others send packets for a card to encrypt, too */
	if (!sk_is_tcp(sk))
		return false;
	ulp = READ_ONCE(inet_csk(sk)->icsk_ulp_ops);
	return ulp && !strcmp(ulp->name, "tls");
}

/*
 * This packet is before its pick. Will the view by which it is picked look for
 * TLS? A view that does is never followed by one that does not.
 */
static bool look_for_them(struct bond *bond)
{
	unsigned long flags;
	bool done, used;

	rcu_read_lock();
	done = rcu_dereference(bond->view)->flags & BOND_VIEW_CRYPTO;
	rcu_read_unlock();
	if (likely(done))
		return true;
	spin_lock_irqsave(&bond->lock, flags);
	/* true already where a view of times without memory is shown */
	used = bond->tls.used;
	WRITE_ONCE(bond->tls.used, true);
	done = bond_view_publish(bond);
	if (!done)
		WRITE_ONCE(bond->tls.used, used);
	spin_unlock_irqrestore(&bond->lock, flags);
	return done;
}

/**
 * bond_tls_note() - a packet that may be TLS has come: what is done to it next?
 * @bond: the bond
 * @skb: the packet, marked "decrypted", before the stack's check
 *
 * Where that cannot be known the packet loses its connection, for which the
 * stack drops it and says so.
 *
 * Context: RCU, BH off.
 */
void bond_tls_note(struct bond *bond, struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	typeof(first_check) first;

	*mark_of(skb) = DONE_UNKNOWN;
	if (!sk || !sk_fullsock(sk) || !is_tls(sk))
		return;
	first = first_check_get();
	if (!first || !look_for_them(bond)) {
		atomic64_inc(&bond->tls.refused);
		skb_orphan(skb);
		return;
	}
	*mark_of(skb) = READ_ONCE(sk->sk_validate_xmit_skb) == first ?
			DONE_NOTHING : DONE_ENCRYPTED;
}

/* It is a packet like any other from now on: no check, no card looks at it. */
static void settle(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb->decrypted = 0;
}

/*
 * Another port than the one that is to encrypt takes it. The stack's check
 * encrypts for that one, but drivers drop what belongs to a connection that
 * they do not know, so it is asked here.
 */
static struct bond_port *send_by(const struct bond_view *v,
				 struct bond_port *port, struct sk_buff *skb)
{
	/* a bond looks after its own */
	if (netif_is_bond_master(port->dev))
		return port;
	atomic64_inc(&v->bond->tls.fell_back);
	skb = first_check(skb->sk, port->dev, skb);
	if (skb) {
		settle(skb);
		bond_send(port, skb);
	} else {
		dev_core_stats_tx_dropped_inc(v->bond->dev);
	}
	return BOND_PICK_SENT;
}

static struct bond_port *pick_untouched(const struct bond_view *v,
					struct sk_buff *skb)
{
	const struct net_device *dev;
	struct bond_port *port;
	u32 i;

	/* the checks were changed over, and which one it met is not known */
	if (READ_ONCE(skb->sk->sk_validate_xmit_skb) != first_check) {
		atomic64_inc(&v->bond->tls.refused);
		return NULL;
	}
	dev = rcu_access_pointer(tls_get_ctx(skb->sk)->netdev);
	for (i = 0; i < v->usable; i++)
		if (v->ports[i]->dev == dev && bond_port_live(v->ports[i]))
			return v->ports[i];
	port = v->pick_only(v, bond_pkt_skb(skb));
	if (port == BOND_PICK_ALL)
		port = bond_view_next_live(v, 0);
	/* it may be the one that encrypts, standing in before its updelay is over */
	if (!port || port->dev == dev)
		return port;
	return send_by(v, port, skb);
}

/**
 * bond_tls_pick() - pick for a packet that is marked "decrypted"
 * @v: the view
 * @skb: the packet
 *
 * Context: RCU, BH off.
 * Return: as a mode's pick, or BOND_PICK_SENT when it has left.
 */
struct bond_port *bond_tls_pick(const struct bond_view *v, struct sk_buff *skb)
{
	enum done done = *mark_of(skb);

	if (done == DONE_NOTHING)
		return pick_untouched(v, skb);
	if (done == DONE_ENCRYPTED)
		settle(skb);
	return v->after_crypto(v, bond_pkt_skb(skb));
}

/* --- which port for a connection? ------------------------------------------ */

/* What flow_read_plain() will find in the connection's packets. */
static bool keys_of(const struct sock *sk, struct flow_plain *k)
{
	const struct inet_sock *inet = inet_sk(sk);
	__be16 ports[2] = { inet->inet_sport, inet->inet_dport };
	u8 head[FLOW_IP6_LEN];

	k->ports = flow_word((const u8 *)ports);
	if (sk->sk_family == AF_INET ||
	    (sk->sk_family == AF_INET6 && ipv6_addr_v4mapped(&sk->sk_v6_daddr))) {
		k->addrs = (__force u32)(inet->inet_saddr ^ inet->inet_daddr);
		return true;
	}
	if (sk->sk_family != AF_INET6)
		return false;
	memcpy(head + 8, &inet6_sk(sk)->saddr, sizeof(struct in6_addr));
	memcpy(head + 24, &sk->sk_v6_daddr, sizeof(struct in6_addr));
	k->addrs = flow_addrs6(head);
	return true;
}

/**
 * bond_sk_get_lower_dev() - ndo_sk_get_lower_dev: which port for a connection?
 * @dev: the bond
 * @sk: the connection
 *
 * There is an answer in modes that choose by xmit_hash_policy, if that is
 * layer3+4: then, and only then, all its packets go the same way. And if the
 * bond offers it, of which the stack asks the port only: without checksum
 * offload it does not, as sums of plain text are none of what is sent.
 *
 * Context: RTNL or RCU for the answer to stay; older kernels ask without RCU.
 * Return: a port's device, or NULL.
 */
struct net_device *bond_sk_get_lower_dev(struct net_device *dev,
					 struct sock *sk)
{
	struct bond_port *port = NULL;
	const struct bond_view *v;
	struct flow_plain k;

	rcu_read_lock();
	v = rcu_dereference(bond_of(dev)->view);
	if ((dev->features & NETIF_F_HW_TLS_TX) &&
	    (v->mode->traits & BOND_T_HASH) &&
	    v->policy == BOND_XMIT_POLICY_LAYER34 && keys_of(sk, &k))
		port = bond_hash_port(v, flow_mix_l4(k.addrs, k.ports));
	dev = port ? port->dev : NULL;
	rcu_read_unlock();
	return dev;
}
