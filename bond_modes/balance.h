/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What balance-tlb and balance-alb share: the balancer of what is sent
 * (bond_core/tlb.h), whose MAC address a frame leaves with, and the frames
 * that keep switches informed.
 */
#ifndef BOND_MODES_BALANCE_H
#define BOND_MODES_BALANCE_H

#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "../bond_core/rlb.h"
#include "../bond_core/tlb.h"
#include "bond.h"

struct bond_rlb;

/**
 * struct bond_balance - the balancing side of a bond
 * @mac: the bond's own address; two octets more, so that it can be compared
 *	as one word. Written under bond->lock, read by transmit and receive
 * @own: bit per low six bits of the ports' own addresses: whose bit is not
 *	set is no port's. Written under bond->lock, read by transmit and receive
 * @bytes: octets sent per bucket, per CPU
 * @port: ports by the balancer's slot. Written under bond->lock, read under RCU
 * @tlb: the balancer. Placing needs no lock, all else bond->lock
 * @sum: @bytes of all CPUs. Only for the tick
 * @bond: the bond
 * @active: the active port of the last view. Protected by bond->lock
 * @switches: bond->switches as of then. Protected by bond->lock
 * @switched: 64-bit jiffies of the last change of either. Written under bond->lock,
 *	read by receive
 * @measuring: buckets are in use, the window has an end. Written under
 *	bond->lock, read by transmit
 * @window_due: when the balancer is to look again, ms, 0 = never. Protected by
 *	bond->lock
 * @learn_due: when switches are to be told again, ms, 0 = never. Protected by
 *	bond->lock
 * @news: ports have come or gone, switches are to be told. Protected by
 *	bond->lock
 * @lost: a port was lost since switches were told. Protected by bond->lock
 * @rlb_due: when clients are to be told next, ms, 0 = never. Protected by
 *	bond->lock
 * @rlb: receive balancing: balance-alb has it from its first port on, in
 *	balance-tlb it is NULL
 *
 * Made with the first port and kept until the mode changes.
 */
struct bond_balance {
	u8 mac[8];
	u64 own;
	u64 __percpu *bytes;
	struct bond_port *port[TLB_PORTS];
	struct tlb_table tlb;
	u64 sum[TLB_BUCKETS];
	struct bond *bond;
	struct bond_port *active;
	u32 switches;
	u64 switched;
	bool measuring;
	u64 window_due;
	u64 learn_due;
	bool news;
	bool lost;
	u64 rlb_due;
	struct bond_rlb *rlb;
};

/**
 * struct bond_balance_port - the balancing side of a port
 * @slot: its slot in the balancer
 * @speed: Mbit/s the balancer was told, 0 = unknown
 * @usable: the balancer was told that it may transmit
 * @rlb_slot: its slot among those that clients send to, see rlb_mode.h
 *
 * Protected by bond->lock.
 */
struct bond_balance_port {
	u32 slot;
	u32 speed;
	bool usable;
	u32 rlb_slot;
};

/* balance.c */
struct bond_balance *bond_balance_make(struct bond *bond);
u32 bond_balance_place(struct bond_balance *bal, u32 bucket);
extern const char * const bond_balance_counters[];
void bond_balance_count(const struct bond *bond, u64 *to);
int bond_balance_join(struct bond_port *port, struct netlink_ext_ack *ea);
void bond_balance_leave(struct bond_port *port);
void bond_balance_exit(struct bond *bond);
int bond_balance_open(struct bond *bond);
void bond_balance_close(struct bond *bond);
void bond_balance_config(struct bond *bond, const struct bond_config *old);
void bond_balance_address(struct bond *bond);
void bond_balance_speed(struct bond_port *port);
void bond_balance_view(struct bond_view *v);
void bond_balance_tick(struct bond *bond, u64 now);

void bond_balance_rearm(struct bond_balance *bal);

/* balance_xmit.c */
bool bond_balance_own(const struct bond_view *v, const u8 *addr);
bool bond_balance_echo(const struct bond_view *v, const struct sk_buff *skb);
void bond_balance_view_pick(struct bond_view *v);

/* balance_rx.c */
bool bond_balance_moving(const struct bond_balance *bal);
enum bond_verdict bond_balance_receive(const struct bond_view *v,
				       struct bond_port *port,
				       struct sk_buff *skb);
enum bond_direct bond_balance_direct(const struct bond_view *v,
				     const struct bond_port *port);

/* balance_learn.c */
struct sk_buff *bond_balance_skb(const struct bond_port *port, u32 len);
struct sk_buff *bond_balance_finish(struct sk_buff *skb,
				    const struct rlb_tags *tags);
void bond_balance_learn(const struct bond *bond, bool lost);

#endif
