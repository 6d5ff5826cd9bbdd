/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BOND_PORT_H
#define BOND_PORT_H

#include <linux/netdevice.h>
#include "abi.h"
#include "config.h"
#include "../bond_core/damp.h"
#include "prober.h"
#include "../bond_core/link.h"

struct bond;
struct netpoll;
struct netlink_ext_ack;

/**
 * struct bond_port - a member of a bond
 * @dev: the member's device
 * @bond: the bond it belongs to
 * @upper: the bond's device, for each packet that is received. Constant
 * @netpoll: for netconsole over the bond, or NULL. Protected by RTNL, read
 *	under RCU, for each packet that is sent
 * @tx_live: mode's word that the port may transmit (802.3ad: distributing).
 *	Written under bond->lock, read by pick() and receive()
 * @rx_live: mode's word that the port may receive for the bond (802.3ad:
 *	collecting). Written under bond->lock, read by receive()
 * @direct: what goes to the bond without asking the mode, enum bond_direct.
 *	Written with the view under bond->lock, read by the receive handler
 * @rx_idle: frames that arrive here are not for the bond (a backup port).
 *	Written under bond->lock, read anywhere; users see it as the state "backup"
 * @list: on bond->ports. Written under RTNL, read under RTNL or RCU
 * @link: up, going down, down, coming up. Protected by bond->lock
 * @early: ms of its updelay that were left when it was taken nevertheless, 0 if
 *	none. Protected by bond->lock
 * @damp: what its flapping has cost it. Protected by bond->lock
 * @told_damped: users were told that it is suppressed. Protected by RTNL
 * @told_link: the state users were last told of. Protected by RTNL
 * @told_early: the @early users are about to be told of. Protected by RTNL
 * @told_since: jiffies when @told_link began. Protected by RTNL
 * @told_idle: the @rx_idle users were last told of. Protected by RTNL
 * @failures: times the link was lost. Protected by bond->lock
 * @speed: Mbit/s or SPEED_UNKNOWN. Protected by RTNL, read anywhere
 * @duplex: DUPLEX_*. Protected by RTNL, read anywhere
 * @known_speed: the last @speed that was one: many drivers forget it with the
 *	carrier. Protected by RTNL, read anywhere
 * @known_duplex: the @duplex of that time. Protected by RTNL, read anywhere
 * @cfg: the port's settings. Written under RTNL and bond->lock, read anywhere
 * @perm_addr: address to restore when the port leaves
 * @addr_len: octets in @perm_addr
 * @mtu: MTU to restore when the port leaves
 * @steps: join steps done so far, for undoing. Protected by RTNL
 * @joined: all steps of joining are done. Protected by RTNL
 * @adopted: the bond took this port's address. Protected by RTNL
 * @featured: the bond's features count this port. Protected by RTNL
 * @bond_addr: the bond's address before this port came
 * @bond_assign: how the bond had come by it, NET_ADDR_*
 * @bond_type: the bond's ARPHRD_* before this port came
 * @bond_tso: the bond's tso_max_size before this port came, bytes
 * @bond_fom: the bond's fail_over_mac before this port came
 * @filters: the bond's address lists are on this port. Written under RTNL, read
 *	anywhere
 * @xdp: the bond's XDP program was given to the device. Protected by RTNL
 * @mac_soft: the driver does not change addresses while up: the device has
 *	@heard_addr, whatever dev_addr says. Protected by RTNL
 * @mac_kept: it did not give the bond's address up when another port took it.
 *	Written under RTNL, read anywhere
 * @heard_addr: the address a @mac_soft device really has. Protected by RTNL
 * @sent_addr: what its dev_addr says again once it is open. Protected by RTNL
 * @promisc: promiscuity given to the device. Protected by RTNL
 * @allmulti: all-multicast given to the device. Protected by RTNL
 * @stats: device counters up to which the bond has counted. Protected by
 *	bond->stats_lock
 * @stats_round: times @stats was renewed. Written under bond->stats_lock
 * @rank: order of joining, decides ties. Constant
 * @mark: tells the first 256 members apart in one octet. Constant
 * @gone: the port is leaving, views must not show it. Protected by bond->lock
 * @closing: the device is being taken down. Written under RTNL, read anywhere
 * @unregistering: the device leaves its namespace or the system. Protected by
 *	RTNL
 * @link_since: jiffies of the last change of @link. Protected by bond->lock
 * @probe: the ARP and NS monitor's part
 * @mode_data: private to the mode, allocated by port_join
 * @rcu: frees the port
 */
struct bond_port {
	struct net_device *dev;
	struct bond *bond;
	struct net_device *upper;
	struct netpoll *netpoll;
	bool tx_live;
	bool rx_live;
	u8 direct;
	bool rx_idle;

	struct list_head list ____cacheline_aligned_in_smp;
	struct link link;
	u32 early;
	struct damp damp;
	enum link_state told_link;
	u32 told_early;
	unsigned long told_since;
	u32 failures;
	u32 speed;
	u32 known_speed;
	u8 duplex;
	u8 known_duplex;
	bool told_idle;
	bool told_damped;
	bool joined;
	bool adopted;
	bool featured;
	unsigned short bond_type;
	u8 bond_addr[MAX_ADDR_LEN];
	u8 bond_assign;
	unsigned int bond_tso;
	u32 bond_fom;
	bool filters;
	bool xdp;
	bool gone;
	bool closing;
	bool unregistering;
	bool mac_soft;
	bool mac_kept;
	u8 heard_addr[ETH_ALEN];
	u8 sent_addr[ETH_ALEN];
	bool promisc;
	bool allmulti;
	u8 addr_len;
	u8 perm_addr[MAX_ADDR_LEN];
	u32 mtu;
	u32 steps;
	u32 rank;
	u8 mark;
	unsigned long link_since;
	struct bond_port_config cfg;
	struct bond_port_prober probe;
	struct rtnl_link_stats64 stats;
	u32 stats_round;
	void *mode_data;
	struct rcu_head rcu;
};

/** bond_port_mailbox() - the head of the port's allocation, see abi.h */
static inline void *bond_port_mailbox(struct bond_port *port)
{
	return (void *)port - BOND_ABI_PORT_ROOM;
}

/* Device state bits say "running with carrier" before any notifier has. */
#define BOND_LIVE_MASK	(BIT(__LINK_STATE_START) | BIT(__LINK_STATE_NOCARRIER))

/**
 * bond_port_live() - can a frame given to the port's driver leave now?
 * @port: the port
 *
 * Context: any. One load; the driver clears the bits before anybody is told.
 * Return: true when it can.
 */
static inline bool bond_port_live(const struct bond_port *port)
{
	return (READ_ONCE(port->dev->state) & BOND_LIVE_MASK) ==
	       BIT(__LINK_STATE_START);
}

/**
 * bond_port_get_rcu() - the port behind a member device
 * @dev: a device whose receive handler is ours
 *
 * The receive handler's data is the mailbox of bond_abi.c, at the head of the
 * port's allocation; see abi.h.
 *
 * Context: RCU.
 * Return: the port, or NULL when it has left.
 */
static inline struct bond_port *bond_port_get_rcu(const struct net_device *dev)
{
	void *mailbox = rcu_dereference(dev->rx_handler_data);

	return mailbox ? mailbox + BOND_ABI_PORT_ROOM : NULL;
}

static inline struct bond_port *bond_port_get_rtnl(const struct net_device *dev)
{
	void *mailbox = rcu_dereference_rtnl(dev->rx_handler_data);

	return mailbox ? mailbox + BOND_ABI_PORT_ROOM : NULL;
}

int bond_port_join(struct bond *bond, struct net_device *dev,
		   struct netlink_ext_ack *ea);
int bond_port_leave(struct bond *bond, struct net_device *dev,
		    struct netlink_ext_ack *ea);
void bond_port_leave_all(struct bond *bond);
struct bond_port *bond_port_by_dev(struct bond *bond,
				   const struct net_device *dev);
struct bond_port *bond_port_by_name(struct bond *bond, const char *name);
bool bond_port_speed(struct bond_port *port);
bool bond_port_speed_event(struct bond_port *port);
void bond_port_deaf(struct bond_port *port);

#endif
