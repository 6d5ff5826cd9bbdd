// SPDX-License-Identifier: GPL-2.0
/*
 * The table of modes. The only place that knows them all.
 */
#include "bond.h"
#include "engine.h"

static const struct bond_mode * const modes[] = {
	[BOND_MODE_ROUNDROBIN]	 = &bond_mode_roundrobin,
	[BOND_MODE_ACTIVEBACKUP] = &bond_mode_activebackup,
	[BOND_MODE_XOR]		 = &bond_mode_xor,
	[BOND_MODE_BROADCAST]	 = &bond_mode_broadcast,
	[BOND_MODE_8023AD]	 = &bond_mode_lacp,
	[BOND_MODE_TLB]		 = &bond_mode_tlb,
	[BOND_MODE_ALB]		 = &bond_mode_alb,
};

/**
 * bond_mode_by_id() - a mode's vtable
 * @id: BOND_MODE_* number, checked by the option table
 *
 * Context: any.
 * Return: the vtable, NULL for a number that is none.
 */
const struct bond_mode *bond_mode_by_id(u32 id)
{
	return id < ARRAY_SIZE(modes) ? modes[id] : NULL;
}

/**
 * bond_modes_check() - refuse to load with an incomplete mode
 *
 * Callers do not ask whether these members are there.
 *
 * Context: the module's init.
 * Return: 0 or -EINVAL.
 */
int bond_modes_check(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		const struct bond_mode *mode = modes[i];

		if (WARN_ON(!mode || mode->id != i || !mode->pick ||
			    !mode->receive || !mode->direct ||
			    !mode->port_eligible || !mode->carrier))
			return -EINVAL;
		if (WARN_ON((mode->traits & BOND_T_OWN_MACS) && !mode->address) ||
		    WARN_ON(mode->counters &&
			    !(mode->count && mode->counter_names)))
			return -EINVAL;
	}
	return 0;
}

/**
 * bond_mode_hashes() - does the bond spread by xmit_hash_policy?
 * @bond: the bond
 *
 * Context: any.
 * Return: true when its mode does, or is set to.
 */
bool bond_mode_hashes(const struct bond *bond)
{
	u32 traits = READ_ONCE(bond->mode)->traits;

	return (traits & BOND_T_HASH) ||
	       ((traits & BOND_T_HASH_OPTIONAL) &&
		!READ_ONCE(bond->config.tlb_dynamic_lb));
}

/**
 * bond_mode_port_up() - default port_eligible: the link is usable
 * @port: a port
 *
 * Context: bond->lock held.
 * Return: true when it is up or its loss is tolerated.
 */
bool bond_mode_port_up(const struct bond_port *port)
{
	lockdep_assert_held(&port->bond->lock);
	return link_usable(port->link.state);
}

/**
 * bond_mode_any_port_up() - default carrier: some port is usable
 * @bond: the bond
 *
 * Context: bond->lock held.
 * Return: true when one is.
 */
bool bond_mode_any_port_up(const struct bond *bond)
{
	const struct bond_port *port;

	lockdep_assert_held(&bond->lock);
	list_for_each_entry(port, &bond->ports, list)
		if (!port->gone && link_usable(port->link.state))
			return true;
	return false;
}
