// SPDX-License-Identifier: GPL-2.0
/*
 * balance-alb: which port has which slot among the addresses that clients
 * send to, see rlb_mode.h.
 */
#include <linux/ethtool.h>
#include <linux/slab.h>

#include "balance.h"
#include "rlb_mode.h"

/**
 * bond_rlb_make() - receive balancing for a new bond
 *
 * Context: may sleep.
 * Return: an empty table, or NULL when memory is short. kvfree() it.
 */
struct bond_rlb *bond_rlb_make(void)
{
	struct bond_rlb *rlb = kvzalloc(sizeof(*rlb), GFP_KERNEL);

	if (!rlb)
		return NULL;
	rlb_init(&rlb->table);
	rlb->home = RLB_NOBODY;
	return rlb;
}

static u32 slot_of(const struct bond_port *port)
{
	return ((struct bond_balance_port *)port->mode_data)->rlb_slot;
}

static void give_slot(struct bond_rlb *rlb, struct bond_port *port, u32 slot)
{
	rlb->port[slot] = port;
	if (port)
		((struct bond_balance_port *)port->mode_data)->rlb_slot = slot;
}

/**
 * bond_rlb_join() - a slot for a new port
 * @rlb: receive balancing of the bond, which has at most TLB_PORTS ports
 * @port: the port
 *
 * Context: bond->lock held.
 */
void bond_rlb_join(struct bond_rlb *rlb, struct bond_port *port)
{
	u32 slot;

	lockdep_assert_held(&port->bond->lock);
	BUILD_BUG_ON(RLB_PORTS < TLB_PORTS);
	/* the bond's own is kept for the next active port */
	for (slot = 0; slot < RLB_PORTS - 1; slot++)
		if (!rlb->port[slot] && slot != rlb->home)
			break;
	if (rlb->port[slot])
		slot = rlb->home;
	if (rlb->home == RLB_NOBODY)
		rlb->home = slot;
	/* clients of the bond's own were told it and go on sending there */
	if (slot != rlb->home)
		eth_zero_addr(rlb->mac[slot]);
	give_slot(rlb, port, slot);
}

static void change(struct bond_rlb *rlb, u32 slot, u32 speed, bool up)
{
	const struct rlb_port *known = &rlb->table.port[slot];

	if (known->usable != up || known->speed != speed)
		rlb_port_change(&rlb->table, slot, speed, up, bond_now());
}

/* Its driver did not take the address that clients of the slot are told. */
static bool is_misnamed(const struct bond_rlb *rlb, u32 slot)
{
	const struct bond_port *port = rlb->port[slot];

	return slot != rlb->home && READ_ONCE(port->mac_kept) &&
	       !ether_addr_equal(port->dev->dev_addr, rlb->mac[slot]);
}

/* A port gets no clients before there is an address to tell them. */
static void tell_table(struct bond_rlb *rlb, u32 slot)
{
	const struct bond_port *port = rlb->port[slot];
	const struct bond_balance_port *bp = port ? port->mode_data : NULL;

	change(rlb, slot, bp ? bp->speed : 0,
	       bp && bp->usable && !is_zero_ether_addr(rlb->mac[slot]) &&
	       !is_misnamed(rlb, slot));
}

static void tell_table_all(struct bond_rlb *rlb)
{
	u32 slot;

	for (slot = 0; slot < RLB_PORTS; slot++)
		if (rlb->port[slot] || slot != rlb->home)
			tell_table(rlb, slot);
}

/**
 * bond_rlb_leave() - a port gives its slot back
 * @rlb: receive balancing of the bond
 * @port: the port
 *
 * Clients of the bond's own address need not be told: the next active port
 * takes it over.
 *
 * Context: bond->lock held.
 */
void bond_rlb_leave(struct bond_rlb *rlb, struct bond_port *port)
{
	u32 slot = slot_of(port);

	lockdep_assert_held(&port->bond->lock);
	rlb->port[slot] = NULL;
	if (slot != rlb->home)
		change(rlb, slot, 0, false);
}

/* The bond's own address goes to the active port, which gives its own for it. */
static void bring_home(struct bond_rlb *rlb, struct bond_port *active)
{
	u32 slot;

	if (!active || !active->mode_data || slot_of(active) == rlb->home)
		return;
	slot = slot_of(active);
	give_slot(rlb, rlb->port[rlb->home], slot);
	give_slot(rlb, active, rlb->home);
}

/*
 * Note the slots' addresses. While ports have not swapped yet, what is known
 * of a slot holds. Who was told an address that is no more is told anew.
 */
static void note_macs(struct bond_balance *bal)
{
	struct bond_rlb *rlb = bal->rlb;
	u32 slot;

	for (slot = 0; slot < RLB_PORTS; slot++) {
		const struct bond_port *port = rlb->port[slot];
		const u8 *mac = bal->mac;

		if (!port)
			continue;
		if (slot != rlb->home) {
			mac = port->dev->dev_addr;
			if (ether_addr_equal(mac, bal->mac))
				continue;
		}
		if (ether_addr_equal(rlb->mac[slot], mac))
			continue;
		if (!is_zero_ether_addr(rlb->mac[slot]))
			rlb_retell(&rlb->table, slot, bond_now());
		ether_addr_copy(rlb->mac[slot], mac);
		bal->rlb_due = bond_now();
	}
}

/**
 * bond_rlb_address() - some address has changed
 * @bal: the balancing side of a bond, with its own address noted
 *
 * Context: bond->lock held.
 */
void bond_rlb_address(struct bond_balance *bal)
{
	lockdep_assert_held(&bal->bond->lock);
	note_macs(bal);
	tell_table_all(bal->rlb);
	if (netif_running(bal->bond->dev))
		bal->rlb_due = bond_now();
	bond_balance_rearm(bal);
}

/**
 * bond_rlb_speed() - a port's speed has changed
 * @bal: the balancing side of the bond
 * @port: the port, whose speed the balancer knows
 *
 * Context: bond->lock held.
 */
void bond_rlb_speed(struct bond_balance *bal, const struct bond_port *port)
{
	const struct bond_balance_port *bp = port->mode_data;

	lockdep_assert_held(&bal->bond->lock);
	tell_table(bal->rlb, bp->rlb_slot);
	if (netif_running(bal->bond->dev))
		bal->rlb_due = bond_now();
	bond_balance_rearm(bal);
}

/**
 * bond_rlb_slot() - which slot has this address?
 * @rlb: receive balancing of the bond
 * @mac: the address
 *
 * Context: bond->lock held.
 * Return: the slot, RLB_NOBODY when it is none of those clients are told.
 */
u32 bond_rlb_slot(const struct bond_rlb *rlb, const u8 *mac)
{
	u32 slot;

	for (slot = 0; slot < RLB_PORTS; slot++)
		if (rlb->port[slot] && ether_addr_equal(rlb->mac[slot], mac))
			return slot;
	return RLB_NOBODY;
}

/**
 * bond_rlb_view() - a view was filled: what does the table not know yet?
 * @bal: the balancing side of the bond
 * @v: the view
 *
 * Context: bond->lock held.
 */
void bond_rlb_view(struct bond_balance *bal, const struct bond_view *v)
{
	struct bond_rlb *rlb = bal->rlb;

	lockdep_assert_held(&bal->bond->lock);
	bring_home(rlb, v->active);
	note_macs(bal);
	tell_table_all(rlb);
	/* nobody is left who could take it over */
	if (!v->total && rlb->home != RLB_NOBODY)
		change(rlb, rlb->home, 0, false);
	rlb_active(&rlb->table, v->active ? rlb->home : RLB_NOBODY);
	if (netif_running(v->bond->dev))
		bal->rlb_due = bond_now();
	bond_balance_rearm(bal);
}

/**
 * bond_rlb_row() - one client as users read it
 * @bond: the bond, in balance-alb
 * @n: number of the entry
 * @buf: for the text, RLB_ROW_MAX octets
 *
 * Context: bond->lock held.
 * Return: length of the text, 0 when the entry is not in use, -ENOENT when
 * there is none of that number.
 */
int bond_rlb_row(const struct bond *bond, u32 n, char *buf)
{
	const struct bond_balance *bal = bond->mode_data;
	const struct rlb_client *c;
	const struct bond_port *port;

	lockdep_assert_held(&bond->lock);
	if (!bal || !bal->rlb || n >= bal->rlb->table.high)
		return -ENOENT;
	c = &bal->rlb->table.client[n];
	if (!c->live)
		return 0;
	port = c->slot == RLB_NOBODY ? NULL : bal->rlb->port[c->slot];
	return rlb_row(buf, RLB_ROW_MAX, c, port ? port->dev->name : "-");
}
