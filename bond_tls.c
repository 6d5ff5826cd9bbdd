// SPDX-License-Identifier: GPL-2.0
/*
 * TLS connections that a port encrypts (kTLS offload), where the choice of a
 * port depends on the connection alone.
 *
 * The stack asks once, for a new connection, which port will carry it, and
 * makes the arrangements with that port's driver. From then on its packets go
 * there as long as the port can send. Through any other port they leave too:
 * the stack sees that it is not the one they were meant for and encrypts in
 * software, so nothing is lost and nothing can be read.
 */
#include <linux/inet.h>
#include <linux/ipv6.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>

#include "bond.h"
#include "compat_xfrm.h"
#include "crypto.h"
#include "engine.h"
#include "hash.h"
#include "../bond_core/flow_plain.h"

/* What flow_read_plain() will find in the connection's packets. */
static bool keys_of(const struct sock *sk, struct flow_plain *k)
{
	const struct inet_sock *inet = inet_sk(sk);
	__be16 ports[2] = { inet->inet_sport, inet->inet_dport };
	u8 head[FLOW_IP6_LEN];

	k->ports = flow_word((const u8 *)ports);
	if (sk->sk_family == AF_INET || (sk->sk_family == AF_INET6 &&
					 ipv6_addr_v4mapped(&sk->sk_v6_daddr))) {
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

/* The view has to look for such connections from now on. */
static bool look_for_them(struct bond *bond)
{
	const struct bond_view *v = rcu_dereference(bond->view);
	unsigned long flags;
	bool done;

	if (v->flags & BOND_VIEW_CRYPTO)
		return true;
	if (!bond_crypto_get(bond, GFP_ATOMIC))
		return false;
	spin_lock_irqsave(&bond->lock, flags);
	done = bond_view_publish(bond);
	spin_unlock_irqrestore(&bond->lock, flags);
	return done;
}

/**
 * bond_sk_get_lower_dev() - ndo_sk_get_lower_dev: which port for a connection?
 * @dev: the bond
 * @sk: the connection
 *
 * There is an answer in modes that choose by xmit_hash_policy, if that is
 * layer3+4: then, and only then, all its packets go the same way.
 *
 * Context: RCU.
 * Return: a port's device, or NULL.
 */
struct net_device *bond_sk_get_lower_dev(struct net_device *dev,
					 struct sock *sk)
{
	struct bond *bond = bond_of(dev);
	const struct bond_view *v = rcu_dereference(bond->view);
	struct bond_port *port;
	struct flow_plain k;

	if (!(v->mode->traits & BOND_T_HASH) ||
	    v->policy != BOND_XMIT_POLICY_LAYER34 ||
	    !keys_of(sk, &k) || !look_for_them(bond))
		return NULL;
	port = bond_hash_port(v, flow_mix_l4(k.addrs, k.ports));
	return port ? port->dev : NULL;
}

/**
 * bond_tls_port() - the port that is to encrypt a packet of a TLS connection
 * @v: the view
 * @skb: the packet
 *
 * Context: RCU, BH off, the hot path.
 * Return: a port that can send, or NULL where any other choice is as good.
 */
struct bond_port *bond_tls_port(const struct bond_view *v,
				const struct sk_buff *skb)
{
	const struct net_device *dev = bond_compat_tls_device(skb);
	u32 i;

	if (likely(!dev))
		return NULL;
	for (i = 0; i < v->usable; i++)
		if (v->ports[i]->dev == dev && bond_port_live(v->ports[i]))
			return v->ports[i];
	atomic64_inc(&READ_ONCE(v->bond->crypto)->software);
	return NULL;
}
