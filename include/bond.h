/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bond itself and what the engine's rooms offer each other and the doors.
 */
#ifndef BOND_BOND_H
#define BOND_BOND_H

#include <linux/hrtimer.h>
#include <linux/if_bonding.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/netns/generic.h>

#include "abi.h"
#include "config.h"
#include "mode.h"
#include "port.h"
#include "prober.h"
#include "view.h"

struct bond_crypto;
struct bond_learn;
struct bond_ledger;
struct bpf_prog;
struct choose_port;
struct proc_dir_entry;

/* reasons for the agenda to run, in the order it handles them */
enum bond_reason {
	BOND_R_LINKS,		/* a carrier or a delay may have changed something */
	BOND_R_TELL,		/* the active port or a link changed untold */
	BOND_R_MODE,		/* mode->advance() */
	BOND_R_ADDRESS,		/* the active port may have another address */
	BOND_R_ANNOUNCE,	/* peers are to be told where we are */
	BOND_R_IGMP,		/* membership reports are to be repeated */
	BOND_R_SPEED,		/* a driver may know its speed by now */
	BOND_R_FEATURES,	/* a port has changed what it can do */
	BOND_R_COUNT
};

/* who brought the news that made the bond change */
enum bond_seen_by {
	BOND_BY_MODE,		/* LACP and the like, probes */
	BOND_BY_TRAFFIC,	/* a packet found its port dead */
	BOND_BY_EVENT,		/* a notifier about the port's device */
	BOND_BY_TIMER,		/* a delay or a suppression was over */
	BOND_BY_ADMIN,		/* settings, members */
};

/**
 * struct bond_agenda - what the one worker of a bond still has to do, and when
 * @pending: bit per enum bond_reason
 * @due: ms (bond_now()) per reason, 0 = never. Protected by @lock
 * @tick_due: when mode->tick() runs, 0 = never. Protected by @lock
 * @probe_due: when bond_probe_tick() runs, 0 = never. Protected by @lock
 * @lock: protects @due, @tick_due, @probe_due and @timer
 * @timer: fires at the earliest of the above
 * @work: takes RTNL and handles reasons
 * @stopped: the bond is going away, kicks are ignored. Written under RTNL and
 *	@lock
 */
struct bond_agenda {
	unsigned long pending;
	u64 due[BOND_R_COUNT];
	u64 tick_due;
	u64 probe_due;
	spinlock_t lock;	/* protects the above and timer */
	struct hrtimer timer;
	struct work_struct work;
	bool stopped;
};

/**
 * struct bond_tls - what a bond knows of TLS its ports encrypt
 * @used: a packet of such a connection was seen. Written under bond.lock
 * @fell_back: packets encrypted in software because their port could not send
 * @refused: packets of which it was not known whether they were encrypted
 */
struct bond_tls {
	bool used;
	atomic64_t fell_back;
	atomic64_t refused;
};

/**
 * struct bond - one bond device
 * @view: what the fast path reads. Published under @lock, read under RCU
 * @rr_counter: balance-rr packets sent, per CPU
 * @dev: the device
 * @mode: the mode's vtable. Written under RTNL and @lock, only while empty
 * @ports: members in order of joining. Written under RTNL and @lock, read
 *	under either or RCU
 * @nports: their number. As @ports
 * @active: the port in use for single-port traffic (users: active slave).
 *	Protected by @lock. What users were told is @told_active
 * @last_rank: rank of the last port that was @active. Protected by @lock
 * @switches: times another port than before became @active. Written under
 *	@lock
 * @returned: the last of @switches was the return of the port that was @active
 *	before. Protected by @lock
 * @strayed: packets have left by another port since the loss of @active began
 *	to be tolerated. A hint
 * @told_switches: @switches when users were last told. Protected by RTNL
 * @primary: the preferred port, if it is a member. Written under RTNL and @lock,
 *	read under either or anywhere as a word
 * @force_primary: take the primary as soon as it can be used whatever
 *	primary_reselect says. Protected by @lock
 * @lock: the switch lock: link states, choice of the active port, view.
 *	Taken from any context, so always with interrupts off
 * @closed_at: when the bond was last closed, bond_now(), 0 if never. Written under
 *	RTNL and @lock
 * @reselect: choose the active port anew at the next opportunity. Protected
 *	by @lock
 * @emptying: all ports are leaving, nobody is to succeed anybody. Protected by
 *	@lock
 * @dirty: the mode changed what ports may do, the view is to follow at the next
 *	bond_settle_atomic(). Protected by @lock
 * @facts: room for the choice's candidates, @facts_cap of them. Written under
 *	RTNL and @lock
 * @facts_cap: see @facts
 * @spare: a view kept back so that leaving cannot fail. Protected by @lock
 * @view_stale: memory was short, @view is behind the facts. Protected by @lock
 * @config: all settings. Written under RTNL and @lock; single words are read
 *	anywhere
 * @told_active: the active port the world has been told of. Protected by RTNL
 * @announce_left: peer announcements still to be sent. Protected by RTNL
 * @announce_slowly: a switch may take a while to listen. Written under RTNL
 * @announce_first: the first of them is still to come. Protected by RTNL
 * @untold: who heard us before the bond was closed is to be told that we are
 *	elsewhere now. Protected by RTNL
 * @igmp_left: membership reports still to be sent. Protected by RTNL
 * @computing: features are being reckoned. Protected by RTNL
 * @xdp_prog: the program that runs on all ports, or NULL. Protected by RTNL
 * @speed_tries: times ports of unknown speed are still asked. Protected by RTNL
 * @next_rank: rank for the next port. Protected by RTNL
 * @stats: counters of all ports past and present. Protected by @stats_lock
 * @stats_lock: protects @stats and every port's stats
 * @prober: the ARP and NS monitor
 * @agenda: the worker
 * @ledger: the last changes and how long they took. Protected by @lock
 * @learn: addresses behind the bond, NULL until announce was all or slb on for
 *	the first time, or a port joined in a mode that always announces. Set
 *	under RTNL, stays
 * @diverted: packets that took another port than the one chosen for them, per
 *	CPU
 * @crypto: IPsec states that ports encrypt, NULL until there was one. Set once
 * @tls: TLS connections that ports encrypt
 * @proc: /proc/net/bonding/NAME. Protected by RTNL
 * @list: on the namespace's list of bonds. Protected by RTNL
 * @debug: our folder in debugfs, or NULL. Protected by RTNL
 * @mode_data: private to the mode
 */
struct bond {
	struct bond_view __rcu *view;
	u32 __percpu *rr_counter;
	struct net_device *dev;
	const struct bond_mode *mode;

	struct list_head ports;
	u32 nports;
	struct bond_port *active;
	u32 last_rank;
	u32 switches;
	bool returned;
	bool strayed;
	u32 told_switches;
	struct bond_port *primary;
	bool force_primary;
	bool reselect;
	bool dirty;
	bool emptying;
	spinlock_t lock;	/* the switch lock, see above */
	u64 closed_at;
	struct choose_port *facts;
	u32 facts_cap;
	struct bond_view *spare;
	bool view_stale;

	struct bond_config config;
	struct bond_port *told_active;
	u32 announce_left;
	bool announce_slowly;
	bool announce_first;
	bool untold;
	u32 igmp_left;
	bool computing;
	struct bpf_prog *xdp_prog;
	u32 speed_tries;
	u32 next_rank;

	struct rtnl_link_stats64 stats;
	spinlock_t stats_lock;	/* protects stats and ports' stats */

	struct bond_prober prober;
	struct bond_agenda agenda;
	struct bond_ledger *ledger;
	struct bond_learn *learn;
	u64 __percpu *diverted;
	struct bond_crypto *crypto;
	struct bond_tls tls;
	struct proc_dir_entry *proc;
	struct list_head list;
	struct dentry *debug;
	void *mode_data;
};

/**
 * struct bond_net - what the module keeps per network namespace
 * @net: the namespace
 * @bonds: all bonds in it, in order of creation. Protected by RTNL
 * @proc_dir: /proc/net/bonding
 * @clients: /proc/net/bonding_clients, NULL when there was no memory for it
 * @masters: the namespace's /sys/class/net/bonding_masters attribute
 */
struct bond_net {
	struct net *net;
	struct list_head bonds;
	struct proc_dir_entry *proc_dir;
	struct proc_dir_entry *clients;
	struct class_attribute masters;
};

extern unsigned int bond_net_id;

/**
 * bond_of() - the bond behind a bond device
 * @dev: a device for which bond_is_ours() holds
 *
 * Context: any.
 * Return: the bond.
 */
static inline struct bond *bond_of(const struct net_device *dev)
{
	return netdev_priv(dev) + BOND_ABI_BOND_ROOM;
}

/** bond_lock_of() - reading locks too, though the reader promises to change nothing */
static inline spinlock_t *bond_lock_of(const struct bond *bond)
{
	return (spinlock_t *)&bond->lock;
}

/** bond_now() - the driver's clock, ms since boot, never 0 */
static inline u64 bond_now(void)
{
	return ktime_to_ms(ktime_get()) + 1;
}

#define bond_for_each_port(bond, port) \
	list_for_each_entry(port, &(bond)->ports, list)
#define bond_for_each_port_rcu(bond, port) \
	list_for_each_entry_rcu(port, &(bond)->ports, list)

/* log lines in the words users grep for: "bond0: ..." / "bond0: (slave eth0): ..." */
#define bond_info(bond, fmt, ...) \
	netdev_info((bond)->dev, fmt, ##__VA_ARGS__)
#define bond_warn(bond, fmt, ...) \
	netdev_warn((bond)->dev, fmt, ##__VA_ARGS__)
#define port_info(port, fmt, ...) \
	netdev_info((port)->bond->dev, "(slave %s): " fmt, (port)->dev->name, ##__VA_ARGS__)
#define port_warn(port, fmt, ...) \
	netdev_warn((port)->bond->dev, "(slave %s): " fmt, (port)->dev->name, ##__VA_ARGS__)
#define port_err(port, fmt, ...) \
	netdev_err((port)->bond->dev, "(slave %s): " fmt, (port)->dev->name, ##__VA_ARGS__)

/* bond_netdev.c */
bool bond_is_ours(const struct net_device *dev);
void bond_setup(struct net_device *dev);
int bond_register(struct net_device *dev, const struct bond_config *config);
void bond_unregister(struct net_device *dev, struct list_head *head);
int bond_create(struct net *net, const char *name);
void bond_create_stop(void);
void bond_compute_features(struct bond *bond);

/* bond_active.c: the active port and what the world is told */
void bond_settle(struct bond *bond);
void bond_settle_atomic(struct bond *bond);
void bond_settle_because(struct bond *bond, enum bond_seen_by by);
void bond_republish(struct bond *bond);
void bond_uppers_changed(struct bond *bond);
void bond_opening(struct bond *bond);
void bond_opened(struct bond *bond);
void bond_closed(struct bond *bond);
int bond_choice_reserve(struct bond *bond, u32 cap);
void bond_tell(struct bond *bond);
bool bond_active_possible(struct bond *bond, const struct bond_port *port);
int bond_active_set(struct bond *bond, struct bond_port *port);
void bond_active_reconsider(struct bond *bond, const struct bond_port *port);

/* bond_agenda.c, see also agenda.h */
void bond_kick(struct bond *bond, enum bond_reason why);
void bond_wake_at(struct bond *bond, enum bond_reason why, u64 when);
void bond_tick_at(struct bond *bond, u64 when);
void bond_probe_at(struct bond *bond, u64 when);

#endif
