// SPDX-License-Identifier: GPL-2.0
/*
 * What follows when settings have changed. bond_options.c has checked and
 * stored them; here the engine takes notice.
 */
#include "agenda.h"
#include "bond.h"
#include "compat.h"
#include "engine.h"
#include "option.h"

/**
 * bond_apply_mode() - another mode
 * @bond: the bond, down and without ports
 *
 * Context: RTNL.
 */
void bond_apply_mode(struct bond *bond)
{
	const struct bond_mode *mode = bond_mode_by_id(bond->config.mode);
	unsigned long flags;

	ASSERT_RTNL();
	bond_agenda_quiet(bond);
	if (bond->mode->exit)
		bond->mode->exit(bond);
	spin_lock_irqsave(&bond->lock, flags);
	WRITE_ONCE(bond->mode, mode);
	bond->reselect = true;
	spin_unlock_irqrestore(&bond->lock, flags);
	bond_abi_bond_mode(bond->dev, mode->id);
}

/**
 * bond_apply_primary() - another name in the option primary
 * @bond: the bond
 *
 * Writing a primary makes it take over once, whatever primary_reselect says.
 *
 * Context: RTNL.
 */
void bond_apply_primary(struct bond *bond)
{
	struct bond_port *port = bond_port_by_name(bond, bond->config.primary);
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	WRITE_ONCE(bond->primary, port);
	bond->force_primary = port;
	bond->reselect = true;
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_apply_reselect() - a setting that decides the active port
 * @bond: the bond
 *
 * Context: RTNL.
 */
void bond_apply_reselect(struct bond *bond)
{
	bond_active_reconsider(bond, NULL);
}

static void rehalve(struct bond *bond, u32 old)
{
	struct bond_port *port;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	bond_for_each_port(bond, port)
		damp_rehalve(&port->damp, old,
			     bond->config.flap_penalty_half_life, bond_now());
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_reconfigured() - settings have changed, after every row's own hook
 * @bond: the bond
 * @old: the settings until now
 *
 * Context: RTNL, may sleep.
 */
void bond_reconfigured(struct bond *bond, const struct bond_config *old)
{
	ASSERT_RTNL();
	if (bond->mode->config)
		bond->mode->config(bond, old);
	if (old->flap_penalty_half_life != bond->config.flap_penalty_half_life)
		rehalve(bond, old->flap_penalty_half_life);
	bond_probe_config(bond);
	if (old->mode != bond->config.mode)
		bond_features_mode(bond);
	else if (old->xmit_policy != bond->config.xmit_policy)
		bond_features_policy(bond);
	bond_xdp_features(bond);
	bond_republish(bond);
}
