// SPDX-License-Identifier: GPL-2.0
/*
 * XDP: the bond's program runs on its ports, frames that are redirected to the
 * bond leave by the port that the mode picks, and an answer (XDP_TX) given on
 * one port leaves by the port picked for it.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <net/xdp.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"
#include "steps.h"
#include "bond_core/bulk.h"

/* --- the program --------------------------------------------------------- */

/**
 * bond_xdp_possible() - can a program run on a bond with these settings?
 * @config: the settings
 *
 * The mode must be able to choose without an skb, which vlan+srcmac is not: the
 * tag it wants is no part of the frame. Rule of Linux 7.3.
 *
 * Context: any.
 * Return: true when it can.
 */
bool bond_xdp_possible(const struct bond_config *config)
{
	u32 traits = bond_mode_by_id(config->mode)->traits;

	if ((traits & BOND_T_HASH) &&
	    config->xmit_policy == BOND_XMIT_POLICY_VLAN_SRCMAC)
		return false;
	return traits & BOND_T_XDP;
}

static bool runs_xdp(const struct net_device *dev)
{
	return dev->netdev_ops->ndo_bpf && dev->netdev_ops->ndo_xdp_xmit;
}

/* Drivers take over one reference to a program they accept. */
static int give(struct bond_port *port, struct bpf_prog *prog,
		struct netlink_ext_ack *ea)
{
	struct netdev_bpf cmd = {
		.command = XDP_SETUP_PROG,
		.prog = prog,
		.extack = ea,
	};
	int err;

	if (prog)
		bpf_prog_inc(prog);
	err = bond_compat_xdp_propagate(port->dev, &cmd);
	if (err && prog)
		bpf_prog_put(prog);
	if (!err)
		port->xdp = prog;
	return err;
}

/*
 * Taking away cannot fail. A port that is a bond may have got a program of its
 * own meanwhile; that one stays.
 */
static void take(struct bond_port *port)
{
	if (port->xdp && !dev_xdp_prog_count(port->dev) &&
	    give(port, NULL, NULL))
		port_err(port, "failed to unload XDP program\n");
	port->xdp = false;
}

static int refuse_port(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;

	if (!runs_xdp(port->dev))
		return bond_refuse(bond, port->dev, ea, -EOPNOTSUPP,
				   "Slave device does not support XDP");
	if (dev_xdp_prog_count(port->dev))
		return bond_refuse(bond, port->dev, ea, -EOPNOTSUPP,
				   "Slave has XDP program loaded, please unload before enslaving");
	return 0;
}

static int give_all(struct bond *bond, struct bpf_prog *prog,
		    struct netlink_ext_ack *ea)
{
	struct bond_port *port;
	int err;

	bond_for_each_port(bond, port) {
		err = refuse_port(port, ea);
		if (err)
			return err;
	}
	bond_for_each_port(bond, port) {
		err = give(port, prog, ea);
		if (err)
			goto undo;
	}
	return 0;
undo:
	port_err(port, "Error %d calling ndo_bpf\n", err);
	list_for_each_entry_continue_reverse(port, &bond->ports, list) {
		if (!bond->xdp_prog)
			take(port);
		else if (give(port, bond->xdp_prog, NULL))
			port_err(port, "failed to return to the XDP program before\n");
	}
	return err;
}

static void take_all(struct bond *bond)
{
	struct bond_port *port;

	bond_for_each_port(bond, port)
		take(port);
}

/* The caller's reference is ours when this succeeds. */
static int set_prog(struct bond *bond, struct bpf_prog *prog,
		    struct netlink_ext_ack *ea)
{
	struct bpf_prog *old = bond->xdp_prog;
	int err;

	ASSERT_RTNL();
	if (prog && !bond_xdp_possible(&bond->config)) {
		NL_SET_ERR_MSG(ea, "No native XDP support for the current bonding mode");
		return -EOPNOTSUPP;
	}
	if (prog) {
		err = give_all(bond, prog, ea);
		if (err)
			return err;
	} else {
		take_all(bond);
	}
	/* with the key on, XDP_TX on a port asks us for the way out */
	if (prog && !old)
		static_branch_inc(&bpf_master_redirect_enabled_key);
	else if (old && !prog)
		static_branch_dec(&bpf_master_redirect_enabled_key);
	bond->xdp_prog = prog;
	if (old)
		bpf_prog_put(old);
	return 0;
}

/**
 * bond_bpf() - ndo_bpf
 * @dev: the bond
 * @cmd: what to do; only setting a program is possible
 *
 * Context: RTNL, may sleep.
 * Return: 0; -EOPNOTSUPP when mode, policy or a port cannot, or the -errno of
 * a port's driver, and then all ports have the program they had; -EINVAL.
 */
int bond_bpf(struct net_device *dev, struct netdev_bpf *cmd)
{
	if (cmd->command != XDP_SETUP_PROG)
		return -EINVAL;
	return set_prog(bond_of(dev), cmd->prog, cmd->extack);
}

/**
 * bond_xdp_join() - give a joining port the bond's program
 * @port: the port
 * @ea: where to explain a refusal
 *
 * Context: RTNL, may sleep.
 * Return: 0, or the -errno of the port's driver.
 */
int bond_xdp_join(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bpf_prog *prog = port->bond->xdp_prog;

	ASSERT_RTNL();
	return prog ? give(port, prog, ea) : 0;
}

/**
 * bond_xdp_leave() - take the bond's program from a leaving port
 * @port: the port, still below the bond: a frame under way may ask for it
 *
 * Context: RTNL, may sleep.
 */
void bond_xdp_leave(struct bond_port *port)
{
	ASSERT_RTNL();
	if (!port->xdp)
		return;
	take(port);
	synchronize_net();
}

/**
 * bond_xdp_refuse() - reasons of XDP not to let a device join
 * @bond: the bond
 * @dev: the device
 * @ea: where to explain
 *
 * Context: RTNL. Changes nothing.
 * Return: 0 or -EOPNOTSUPP.
 */
int bond_xdp_refuse(struct bond *bond, struct net_device *dev,
		    struct netlink_ext_ack *ea)
{
	ASSERT_RTNL();
	if (!bond->xdp_prog)
		return 0;
	if (!runs_xdp(dev))
		return bond_refuse(bond, dev, ea, -EOPNOTSUPP,
				   "Slave does not support XDP");
	if (dev_xdp_prog_count(dev))
		return bond_refuse(bond, dev, ea, -EOPNOTSUPP,
				   "Slave has XDP program loaded, please unload before enslaving");
	return 0;
}

/**
 * bond_xdp_features() - tell what of XDP all ports can
 * @bond: the bond
 *
 * Kernels before 6.3 have no such flags and find out by trying.
 *
 * Context: RTNL, may sleep.
 */
void bond_xdp_features(struct bond *bond)
{
	const struct bond_port *port;
	u32 can = bond_compat_xdp_all();

	ASSERT_RTNL();
	if (!bond->nports || !bond_xdp_possible(&bond->config))
		can = 0;
	bond_for_each_port(bond, port)
		can &= bond_compat_xdp_features(port->dev);
	bond_compat_xdp_set_features(bond->dev, can);
}

/* --- frames -------------------------------------------------------------- */

static struct bond_port *pick(const struct bond_view *v, const u8 *data,
			      u32 len)
{
	struct bond_frame frame = { .data = data, .len = len };
	struct bond_port *port = v->pick_only(v, bond_pkt_frame(&frame));

	/* neighbour discovery to everybody is for frames that can be cloned */
	return port == BOND_PICK_ALL ? bond_view_next_live(v, 0) : port;
}

/*
 * The doorbell is rung every time: a later batch of the same burst may have
 * nothing for this port.
 */
static __always_inline int send_run(void *owner, void **frames, int n)
{
	const struct bond_port *port = owner;
	const struct net_device_ops *ops = port->dev->netdev_ops;
	int sent;

	if (unlikely(!ops->ndo_xdp_xmit))
		return 0;
	sent = ops->ndo_xdp_xmit(port->dev, n, (struct xdp_frame **)frames,
				 XDP_XMIT_FLUSH);
	return unlikely(sent < 0) ? 0 : sent;
}

static __always_inline struct bond_port *owner_of(const struct bond_view *v,
						  const struct xdp_frame *frame)
{
	return pick(v, frame->data, frame->len);
}

/**
 * struct split - the beginning of a batch that is for several
 * @first: whose the first frames are
 * @next: whose the one after them is
 * @count: how many are @first's
 */
struct split {
	struct bond_port *first;
	struct bond_port *next;
	int count;
};

/* A batch for several. Apart, as its tables are cleared each time. */
static noinline int send_mixed(const struct bond_view *v,
			       struct xdp_frame **frames, int n,
			       const struct split *split)
{
	void *owners[BULK_MAX];
	int i;

	for (i = 0; i < split->count; i++)
		owners[i] = split->first;
	owners[i] = split->next;
	while (++i < n)
		owners[i] = owner_of(v, frames[i]);
	return bulk_send((void **)frames, owners, n, send_run);
}

/* Is the choice the same for all frames, once it fell on the active port? */
static __always_inline bool one_for_all(const struct bond_view *v,
					const struct bond_port *port)
{
	return port && port == v->active &&
	       (v->mode->traits & BOND_T_ACTIVE_PORT);
}

static int send_batch(const struct bond_view *v, struct xdp_frame **frames,
		      int n)
{
	struct bond_port *first = owner_of(v, frames[0]), *next;
	int i;

	if (one_for_all(v, first))
		return send_run(first, (void **)frames, n);
	for (i = 1; i < n; i++) {
		next = owner_of(v, frames[i]);
		if (next != first)
			return send_mixed(v, frames, n, &(struct split) {
						first, next, i });
	}
	return likely(first) ? send_run(first, (void **)frames, n) : 0;
}

/**
 * bond_xdp_xmit() - ndo_xdp_xmit
 * @dev: the bond
 * @n: number of frames
 * @frames: the frames
 * @flags: XDP_XMIT_*
 *
 * Context: RCU, BH off.
 * Return: how many were sent, the first ones of @frames afterwards; the rest
 * is the caller's to free. -EINVAL for unknown flags, -ENETDOWN, -EOPNOTSUPP in
 * a mode that cannot choose without an skb.
 */
int bond_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		  u32 flags)
{
	const struct bond_view *v = rcu_dereference_bh(bond_of(dev)->view);
	int i, sent, done = 0;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!netif_running(dev)))
		return -ENETDOWN;
	if (unlikely(!(v->mode->traits & BOND_T_XDP)))
		return -EOPNOTSUPP;
	for (i = 0; i < n; i += BULK_MAX) {
		sent = send_batch(v, frames + i, min(n - i, BULK_MAX));
		done = bulk_forward((void **)frames, done, i, i + sent);
	}
	for (i = done; unlikely(i < n); i++)
		dev_core_stats_tx_dropped_inc(dev);
	return done;
}

/**
 * bond_xdp_get_xmit_slave() - ndo_xdp_get_xmit_slave: the way out for XDP_TX
 * @dev: the bond
 * @xdp: the frame
 *
 * Context: RCU, BH off.
 * Return: the port's device, or NULL when there is none.
 */
struct net_device *bond_xdp_get_xmit_slave(struct net_device *dev,
					   struct xdp_buff *xdp)
{
	const struct bond_view *v = rcu_dereference_bh(bond_of(dev)->view);
	const struct bond_port *port;

	if (unlikely(!(v->mode->traits & BOND_T_XDP)))
		return NULL;
	port = pick(v, xdp->data, xdp->data_end - xdp->data);
	return port ? port->dev : NULL;
}
