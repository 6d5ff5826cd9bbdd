// SPDX-License-Identifier: GPL-2.0
/*
 * IPsec states whose packets the port in use encrypts (ESP offload), in modes
 * where one port carries everything.
 *
 * A state is held by at most one port: xso.real_dev says which. The stack
 * encrypts in software whatever the holder would not carry: bond_features_check()
 * takes the offload away from such a packet before anything is done to it. So a
 * failover costs no packet, and moving the states, which may sleep, can wait
 * until the world is told. Meanwhile all is done in software (@paused), and no
 * packet that was prepared for the old port is on its way through the bond any
 * more when the old port forgets the state.
 *
 * A packet prepared for a port's hardware is not encrypted yet. It leaves
 * through the port that holds its state or not at all: bond_esp_pick().
 *
 * The stack calls with the state's own lock held to delete it, and without
 * locks to add and free it; deleting may be asked while a port is being told.
 * Whoever comes second tidies up, see struct held.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/sch_generic.h>

#include "bond.h"
#include "compat_xfrm.h"
#include "crypto.h"
#include "engine.h"
#include "learn.h"

/* What the bond knows of encryption, made when first needed. */
static struct bond_crypto *crypto_get(struct bond *bond)
{
	struct bond_crypto *crypto = READ_ONCE(bond->crypto), *other;

	if (crypto)
		return crypto;
	crypto = kzalloc(sizeof(*crypto), GFP_KERNEL);
	if (!crypto)
		return NULL;
	mutex_init(&crypto->mutex);
	spin_lock_init(&crypto->lock);
	hash_init(crypto->states);
	other = cmpxchg(&bond->crypto, NULL, crypto);
	if (!other)
		return crypto;
	kfree(crypto);
	return other;
}

/**
 * struct held - an IPsec state the stack has left to the bond
 * @node: in bond_crypto.states
 * @x: the state; alive as long as this is in the table
 * @by: device of the port that holds it, or NULL
 * @deleted: the stack has asked to delete it. Under bond_crypto.lock
 * @forgotten: @by has been asked to. Under bond_crypto.lock
 */
struct held {
	struct hlist_node node;
	struct xfrm_state *x;
	struct net_device *by;
	bool deleted;
	bool forgotten;
};

static struct held *find(struct bond_crypto *crypto, const struct xfrm_state *x)
{
	struct held *held;

	hash_for_each_possible(crypto->states, held, node, (unsigned long)x)
		if (held->x == x)
			return held;
	return NULL;
}

/* May the device hold this state? A bond below would pass it on under our name. */
static bool may_hold(const struct net_device *dev, const struct xfrm_state *x)
{
	const struct xfrmdev_ops *ops = dev->xfrmdev_ops;

	if (!ops || !ops->xdo_dev_state_add || !ops->xdo_dev_state_delete ||
	    netif_is_bond_master(dev))
		return false;
	return !(x->props.flags & XFRM_STATE_ESN) ||
	       ops->xdo_dev_state_advance_esn;
}

/* Under crypto->lock, as all that may ask for it hold. */
static void forget(struct held *held)
{
	if (held->by && !held->forgotten)
		bond_compat_xdo_delete(held->by, held->x);
	held->forgotten = true;
}

static void free_on(struct net_device *dev, struct xfrm_state *x)
{
	if (dev && dev->xfrmdev_ops->xdo_dev_state_free)
		bond_compat_xdo_free(dev, x);
}

/* The port that holds it no longer does. */
static void take_off(struct bond_crypto *crypto, struct held *held)
{
	struct net_device *by = held->by;

	lockdep_assert_held(&crypto->mutex);
	spin_lock_bh(&held->x->lock);
	spin_lock(&crypto->lock);
	forget(held);
	spin_unlock(&crypto->lock);
	spin_unlock_bh(&held->x->lock);

	free_on(by, held->x);

	/* last: the driver may look for its device here */
	spin_lock_bh(&crypto->lock);
	held->by = NULL;
	spin_unlock_bh(&crypto->lock);
	WRITE_ONCE(held->x->xso.real_dev, NULL);
}

/* Give it to a port. Whoever deletes it meanwhile finds it in nobody's hands. */
static int put_on(struct bond_crypto *crypto, struct held *held,
		  struct net_device *dev, struct netlink_ext_ack *ea)
{
	struct xfrm_state *x = held->x;
	bool too_late;
	int err;

	lockdep_assert_held(&crypto->mutex);
	WRITE_ONCE(x->xso.real_dev, dev);
	err = bond_compat_xdo_add(dev, x, ea);
	if (err) {
		WRITE_ONCE(x->xso.real_dev, NULL);
		return err;
	}
	spin_lock_bh(&x->lock);
	spin_lock(&crypto->lock);
	held->by = dev;
	held->forgotten = false;
	too_late = held->deleted;
	/* the driver may have read the sequence number before it went on */
	if (!too_late && (x->props.flags & XFRM_STATE_ESN) &&
	    dev->xfrmdev_ops->xdo_dev_state_advance_esn)
		dev->xfrmdev_ops->xdo_dev_state_advance_esn(x);
	spin_unlock(&crypto->lock);
	spin_unlock_bh(&x->lock);
	if (too_late)
		take_off(crypto, held);
	return 0;
}

/* Nothing is prepared for a port from here on, and what was has left the bond. */
static void pause(struct bond_crypto *crypto)
{
	lockdep_assert_held(&crypto->mutex);
	WRITE_ONCE(crypto->paused, true);
	synchronize_net();
}

static void resume(struct bond_crypto *crypto)
{
	lockdep_assert_held(&crypto->mutex);
	WRITE_ONCE(crypto->paused, false);
}

/* --- what the stack asks --------------------------------------------------- */

/*
 * Transmit must look at packets before the first can be prepared: nobody may
 * still send by a view that does not.
 */
static int look_for_them(struct bond *bond)
{
	unsigned long flags;
	bool looks, done;

	spin_lock_irqsave(&bond->lock, flags);
	looks = rcu_dereference_protected(bond->view,
					  lockdep_is_held(&bond->lock))->flags &
		BOND_VIEW_CRYPTO;
	done = looks || bond_view_publish(bond);
	spin_unlock_irqrestore(&bond->lock, flags);
	if (!done)
		return -ENOMEM;
	if (!looks)
		synchronize_net();
	return 0;
}

static int add_locked(struct bond *bond, struct held *held,
		      struct netlink_ext_ack *ea)
{
	struct bond_crypto *crypto = READ_ONCE(bond->crypto);
	struct net_device *dev = bond_active_device(bond, BOND_T_ESP);
	int err;

	lockdep_assert_held(&crypto->mutex);
	if (!dev)
		return -ENODEV;
	if (may_hold(dev, held->x)) {
		err = put_on(crypto, held, dev, ea);
	} else {
		NL_SET_ERR_MSG_MOD(ea, "Slave does not support ipsec offload");
		err = -EOPNOTSUPP;
	}
	if (!err) {
		if (hash_empty(crypto->states))
			crypto->on = dev;
		else if (crypto->on != dev)
			crypto->on = NULL; /* a failover nobody was told yet */
		spin_lock_bh(&crypto->lock);
		hash_add(crypto->states, &held->node, (unsigned long)held->x);
		spin_unlock_bh(&crypto->lock);
	}
	dev_put(dev);
	return err;
}

/*
 * xdo_dev_state_add. What the port in use cannot encrypt, the stack does:
 * -EOPNOTSUPP is not an error to who asked, other answers are.
 */
static int state_add(struct net_device *dev, struct xfrm_state *x,
		     struct netlink_ext_ack *ea)
{
	struct bond *bond = bond_of(dev);
	struct bond_crypto *crypto;
	struct held *held;
	int err;

	if (x->xso.type != XFRM_DEV_OFFLOAD_CRYPTO) {
		NL_SET_ERR_MSG_MOD(ea, "Packet offload has no way back to software");
		return -EOPNOTSUPP;
	}
	if (x->xso.dev != dev || !(bond->mode->traits & BOND_T_ESP)) {
		NL_SET_ERR_MSG_MOD(ea, "Slave does not support ipsec offload");
		return -EOPNOTSUPP;
	}
	crypto = crypto_get(bond);
	held = kzalloc(sizeof(*held), GFP_KERNEL);
	if (!crypto || !held) {
		kfree(held);
		return -ENOMEM;
	}
	held->x = x;
	mutex_lock(&crypto->mutex);
	err = look_for_them(bond) ?: add_locked(bond, held, ea);
	mutex_unlock(&crypto->mutex);
	if (err)
		kfree(held);
	return err;
}

/* xdo_dev_state_delete: with the state's lock held, in any context. */
static void state_delete(struct net_device *dev, struct xfrm_state *x)
{
	struct bond_crypto *crypto = READ_ONCE(bond_of(dev)->crypto);
	struct held *held;

	if (!crypto)
		return;
	spin_lock_bh(&crypto->lock);
	held = find(crypto, x);
	if (held) {
		WRITE_ONCE(held->deleted, true);
		if (held->by)
			forget(held);
	}
	spin_unlock_bh(&crypto->lock);
}

/* xdo_dev_state_free: nobody uses the state any more; may sleep. */
static void state_free(struct net_device *dev, struct xfrm_state *x)
{
	struct bond_crypto *crypto = READ_ONCE(bond_of(dev)->crypto);
	struct held *held;

	if (!crypto)
		return;
	mutex_lock(&crypto->mutex);
	held = find(crypto, x);
	if (held) {
		if (held->by)
			take_off(crypto, held);
		spin_lock_bh(&crypto->lock);
		hash_del(&held->node);
		spin_unlock_bh(&crypto->lock);
		kfree(held);
	}
	mutex_unlock(&crypto->mutex);
}

/* The stack may take the state from the bond while it asks about it. */
static struct bond_crypto *crypto_of(const struct xfrm_state *x)
{
	struct net_device *dev = READ_ONCE(x->xso.dev);

	return dev ? READ_ONCE(bond_of(dev)->crypto) : NULL;
}

static void advance_esn(struct xfrm_state *x)
{
	struct bond_crypto *crypto = crypto_of(x);
	struct held *held;

	if (!crypto)
		return;
	spin_lock_bh(&crypto->lock);
	held = find(crypto, x);
	if (held && held->by && !held->forgotten &&
	    held->by->xfrmdev_ops->xdo_dev_state_advance_esn)
		held->by->xfrmdev_ops->xdo_dev_state_advance_esn(x);
	spin_unlock_bh(&crypto->lock);
}

static void __maybe_unused update_stats(struct xfrm_state *x)
{
	struct bond_crypto *crypto = crypto_of(x);
	struct held *held;

	if (!crypto)
		return;
	spin_lock_bh(&crypto->lock);
	held = find(crypto, x);
	if (held && held->by && !held->forgotten)
		bond_compat_xdo_stats(held->by, x);
	spin_unlock_bh(&crypto->lock);
}

/* The port that would carry this state's packets now, if it holds the state. */
static struct bond_port *holder(const struct bond_view *v,
				const struct xfrm_state *x)
{
	const struct bond_crypto *crypto;
	struct bond_port *port = v->active;

	/* the empty view has no bond */
	if (!port)
		return NULL;
	crypto = READ_ONCE(v->bond->crypto);
	if (!crypto || READ_ONCE(crypto->paused) ||
	    READ_ONCE(x->xso.real_dev) != port->dev || !bond_port_live(port))
		return NULL;
	return port;
}

/* xdo_dev_offload_ok: if not, the stack encrypts in software. */
static bool offload_ok(struct sk_buff *skb, struct xfrm_state *x)
{
	struct net_device *dev = READ_ONCE(x->xso.dev);
	const struct xfrmdev_ops *ops;
	struct bond_port *port;
	bool ok = false;

	if (!dev)
		return false;
	rcu_read_lock();
	port = holder(rcu_dereference(bond_of(dev)->view), x);
	if (port) {
		ops = port->dev->xfrmdev_ops;
		ok = !ops->xdo_dev_offload_ok || ops->xdo_dev_offload_ok(skb, x);
	}
	rcu_read_unlock();
	return ok;
}

BOND_COMPAT_XDO(state_add, state_delete, state_free)

static const struct xfrmdev_ops xfrmdev_ops = {
	.xdo_dev_state_add	= BOND_COMPAT_XDO_NAME(state_add),
	.xdo_dev_state_delete	= BOND_COMPAT_XDO_NAME(state_delete),
	.xdo_dev_state_free	= BOND_COMPAT_XDO_NAME(state_free),
	.xdo_dev_offload_ok	= offload_ok,
	.xdo_dev_state_advance_esn = advance_esn,
	BOND_COMPAT_XDO_STATS(update_stats)
};

/**
 * bond_crypto_setup() - offer the stack to look after IPsec states
 * @dev: the bond, not registered
 *
 * Context: any; nobody else knows @dev.
 */
void bond_crypto_setup(struct net_device *dev)
{
	dev->xfrmdev_ops = &xfrmdev_ops;
}

/* --- transmit ---------------------------------------------------------------- */

/**
 * bond_esp_features_check() - who is to encrypt this packet of IPsec?
 * @skb: a packet with a security path, nothing prepared yet
 * @dev: the bond
 * @features: what may be left to the device
 *
 * Context: RCU, BH off.
 * Return: @features, without ESP offload where the port that would carry the
 * packet does not hold its state.
 */
netdev_features_t bond_esp_features_check(struct sk_buff *skb,
					  struct net_device *dev,
					  netdev_features_t features)
{
	const struct sec_path *path = skb_sec_path(skb);
	const struct bond_port *port;
	netdev_features_t can = 0;

	if (!path->len)
		return features;
	rcu_read_lock();
	port = holder(rcu_dereference(bond_of(dev)->view),
		      path->xvec[path->len - 1]);
	if (port)
		can = port->dev->features & port->dev->hw_enc_features;
	rcu_read_unlock();
	return features & (can | ~BOND_ESP_FEATURES);
}

/**
 * bond_esp_pick() - pick for a packet prepared for a port's hardware
 * @v: the view
 * @skb: the packet, bond_esp_prepared() is true for it
 *
 * The hardware held the packet's state a moment ago. Its port may no longer be
 * the one in use and will do all the same, if it lives.
 *
 * Context: RCU, BH off.
 * Return: the port, or NULL.
 */
struct bond_port *bond_esp_pick(const struct bond_view *v, struct sk_buff *skb)
{
	const struct net_device *dev;
	u32 i;

	dev = READ_ONCE(xfrm_input_state(skb)->xso.real_dev);
	for (i = 0; i < v->total; i++)
		if (v->ports[i]->dev == dev && bond_port_live(v->ports[i]))
			return v->ports[i];
	atomic64_inc(&READ_ONCE(v->bond->crypto)->refused);
	return NULL;
}

/* --- another port is in use ---------------------------------------------------- */

#define DRAIN_MS	20

static bool holds_any(const struct bond_crypto *crypto,
		      const struct net_device *dev)
{
	const struct held *held;
	int i;

	lockdep_assert_held(&crypto->mutex);
	hash_for_each(crypto->states, i, held, node)
		if (held->by == dev)
			return true;
	return false;
}

/* What is queued at a port shall meet the states it was prepared with. */
static void drain(const struct bond_port *port)
{
	int i;

	ASSERT_RTNL();
	for (i = 0; i < DRAIN_MS && bond_port_live(port) &&
	     !qdisc_all_tx_empty(port->dev); i++)
		usleep_range(1000, 2000);
	/* the last one may be on its way from the queue to the driver */
	synchronize_net();
}

static void move_all(struct bond *bond, struct net_device *dev)
{
	struct bond_crypto *crypto = READ_ONCE(bond->crypto);
	const struct bond_port *port;
	struct held *held;
	int i, err;

	lockdep_assert_held(&crypto->mutex);
	pause(crypto);
	/* one that was added since the switch is with another port than the rest */
	bond_for_each_port(bond, port)
		if (port->dev != dev && holds_any(crypto, port->dev))
			drain(port);
	hash_for_each(crypto->states, i, held, node) {
		if (held->by == dev)
			continue;
		if (held->by)
			take_off(crypto, held);
		if (READ_ONCE(held->deleted))
			continue;
		err = may_hold(dev, held->x) ?
		      put_on(crypto, held, dev, NULL) : -EOPNOTSUPP;
		if (err)
			WRITE_ONCE(crypto->fell_back, crypto->fell_back + 1);
		else
			WRITE_ONCE(crypto->moved, crypto->moved + 1);
	}
	crypto->on = dev;
	resume(crypto);
}

/**
 * bond_crypto_follow() - give the IPsec states to the port now in use
 * @bond: the bond
 *
 * Those it cannot take are encrypted in software until there is another.
 * While no port is in use they stay where they are.
 *
 * Context: RTNL, may sleep.
 */
void bond_crypto_follow(struct bond *bond)
{
	struct bond_crypto *crypto = READ_ONCE(bond->crypto);
	struct net_device *dev;

	ASSERT_RTNL();
	if (!crypto)
		return;
	dev = bond_active_device(bond, BOND_T_ESP);
	if (!dev)
		return;
	mutex_lock(&crypto->mutex);
	if (hash_empty(crypto->states))
		crypto->on = dev;
	else if (crypto->on != dev)
		move_all(bond, dev);
	mutex_unlock(&crypto->mutex);
	dev_put(dev);
}

/**
 * bond_crypto_leave() - a port must not hold any IPsec state any more
 * @port: the port, about to leave, or in no view any more
 *
 * Context: RTNL, may sleep. Cannot fail.
 */
void bond_crypto_leave(struct bond_port *port)
{
	struct bond_crypto *crypto = READ_ONCE(port->bond->crypto);
	struct held *held;
	int i;

	ASSERT_RTNL();
	if (!crypto)
		return;
	mutex_lock(&crypto->mutex);
	if (holds_any(crypto, port->dev)) {
		pause(crypto);
		drain(port);
		hash_for_each(crypto->states, i, held, node)
			if (held->by == port->dev)
				take_off(crypto, held);
		resume(crypto);
	}
	if (crypto->on == port->dev)
		crypto->on = NULL;
	mutex_unlock(&crypto->mutex);
}
