// SPDX-License-Identifier: GPL-2.0
/* What must hold at every moment, whatever the wire does, and at the end. */
#include "world.h"

#define BITS_ALWAYS_TOLD (LACP_BIT_SYNC | LACP_BIT_COLLECTING)

/* Never more than three LACPDUs in any closed window of one second. */
void rules_sent(struct world *w, int s, int p, const u8 *octets)
{
	struct end *e = &w->side[s].end[p];
	struct lacp_info actor;

	if (e->sent >= SENT_TIMES &&
	    w->now - e->sent_at[e->sent % SENT_TIMES] <= 1000)
		broke(w, "more than 3 LACPDUs in a second", "side %d port %d", s, p);
	lacp_port_actor(&e->port, &actor);
	if (e->told_any && octets[18] != actor.state)
		broke(w, "a LACPDU does not say what is true", "side %d port %d", s, p);
}

static void check_forwarding(struct world *w, int s, int p)
{
	const struct side *side = &w->side[s];
	const struct lacp_port *port = &side->end[p].port;
	const char *what = NULL;

	if (port->distributing && !port->collecting)
		what = "distributing without collecting";
	else if (port->collecting && !port->enabled)
		what = "collecting on a disabled port";
	else if (port->collecting && port->agg != side->sys.active)
		what = "collecting outside the active aggregator";
	else if (port->collecting && port->selected != LACP_SEL_SELECTED)
		what = "collecting without being selected";
	else if (port->collecting && !port->sync)
		what = "collecting without Actor.Sync";
	else if (port->collecting && !port->defaulted &&
		 !(port->partner.state & LACP_BIT_SYNC))
		what = "collecting while the partner is out of sync";
	else if (port->distributing && !port->defaulted && !side->cfg.coupled &&
		 !(port->partner.state & LACP_BIT_COLLECTING))
		what = "distributing to a partner that does not collect";
	else if (port->collecting && port->defaulted &&
		 (side->cfg.strict || port->agg->nports != 1))
		what = "a port without partner in use against the rules";
	if (what)
		broke(w, what, "side %d port %d", s, p);
}

/* What the partner was told last is still true, or a LACPDU is on its way. */
static void check_told(struct world *w, int s, int p)
{
	const struct end *e = &w->side[s].end[p];
	struct lacp_info actor;

	lacp_port_actor(&e->port, &actor);
	if (!e->port.enabled || !e->told_any || e->port.ntt || lacp_no_periodic(&e->port))
		return;
	if ((actor.state ^ e->told) & BITS_ALWAYS_TOLD)
		broke(w, "the partner was not told", "side %d port %d (number %u): told %02x is %02x",
		      s, p, e->port.number, e->told, actor.state);
}

static void check_groups(struct world *w, int s)
{
	const struct lacp_system *sys = &w->side[s].sys;
	const struct lacp_aggregator *agg;
	const struct lacp_port *port;

	list_for_each_entry(agg, &sys->aggs, list) {
		int n = 0;

		list_for_each_entry(port, &sys->ports, list) {
			if (port->agg != agg)
				continue;
			n++;
			if (port->key != agg->key ||
			    port->partner.key != agg->partner.key ||
			    !lacp_same_system(&port->partner, &agg->partner))
				broke(w, "ports of different groups share an aggregator",
				      "side %d aggregator %u", s, agg->id);
		}
		if (n != agg->nports)
			broke(w, "an aggregator has miscounted its ports",
			      "side %d aggregator %u: %d, not %u", s, agg->id, n,
			      agg->nports);
	}
}

void rules_always(struct world *w, int s)
{
	const struct side *side = &w->side[s];
	int p;

	for (p = 0; p < w->nports; p++) {
		if (!side->end[p].member)
			continue;
		if (!side->end[p].port.agg ||
		    side->end[p].port.selected == LACP_SEL_UNSELECTED)
			broke(w, "a port without aggregator", "side %d port %d", s, p);
		check_forwarding(w, s, p);
		check_told(w, s, p);
	}
	check_groups(w, s);
}

static const struct lacp_port *far_end(const struct world *w, int s, int p)
{
	return &w->side[!s].end[w->side[s].end[p].peer].port;
}

/* Every cable of the group in use carries traffic, and in both directions. */
static int check_members(struct world *w, int s)
{
	int p, n = 0;

	for (p = 0; p < w->nports; p++) {
		const struct lacp_port *port = &w->side[s].end[p].port;
		const struct lacp_port *peer = far_end(w, s, p);

		if (port->defaulted)
			broke(w, "a port has not found its partner", "side %d port %d", s, p);
		else if (port->distributing != peer->distributing ||
			 port->collecting != peer->collecting ||
			 port->distributing != port->collecting)
			broke(w, "the sides disagree on the members",
			      "side %d port %d: %d%d, other end %d%d", s, p,
			      port->collecting, port->distributing,
			      peer->collecting, peer->distributing);
		else if (!port->distributing && port->agg == w->side[s].sys.active)
			broke(w, "a port of the active group does not work",
			      "side %d port %d: %s", s, p, lacp_reason_name(port->reason));
		n += port->distributing;
	}
	return n;
}

static void check_reasons(struct world *w, int s)
{
	int p;

	for (p = 0; p < w->nports; p++) {
		const struct lacp_port *port = &w->side[s].end[p].port;

		if ((port->reason == LACP_REASON_BUNDLED) != port->distributing)
			broke(w, "the reason is wrong", "side %d port %d: %s", s, p,
			      lacp_reason_name(port->reason));
	}
}

/* Two passive systems stay silent: at most one port each, as without partner. */
static void check_silence(struct world *w, int s)
{
	int p, n = 0;

	for (p = 0; p < w->nports; p++) {
		if (!w->side[s].end[p].port.defaulted)
			broke(w, "two passive systems have met", "side %d port %d", s, p);
		n += w->side[s].end[p].port.distributing;
	}
	if (n != !w->side[s].cfg.strict)
		broke(w, "wrong number of ports in use without partner",
		      "side %d: %d", s, n);
}

void rules_end(struct world *w)
{
	int s;

	for (s = 0; s < 2 && !w->broken; s++) {
		if (!w->side[0].cfg.active && !w->side[1].cfg.active) {
			check_silence(w, s);
			continue;
		}
		if (!check_members(w, s))
			broke(w, "nothing works in the end", "side %d", s);
		if (!w->broken && !lacp_carrier(&w->side[s].sys))
			broke(w, "no carrier in the end", "side %d", s);
		if (!w->broken)
			check_reasons(w, s);
	}
}
