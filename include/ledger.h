/* SPDX-License-Identifier: GPL-2.0 */
/* The ledger's book-keeping inside phase one of settling; bond_ledger.c. */
#ifndef BOND_LEDGER_H
#define BOND_LEDGER_H

#include "bond.h"

/* how long failovers took from the news to the new view, by powers of ten */
#define BOND_LEDGER_BINS	5

/**
 * struct bond_ledger_sums - what a bond's failovers add up to
 * @failovers: changes of the active port because the old one was lost; in
 *	modes without one, losses of a port while others were there (802.3ad:
 *	of one that carried traffic, also to a partner that fell silent)
 * @bins: the same by duration: below 10 us, 100 us, 1 ms, 10 ms, above
 * @diverted: packets that took another port than the one chosen for them
 */
struct bond_ledger_sums {
	u64 failovers;
	u64 bins[BOND_LEDGER_BINS];
	u64 diverted;
};

/**
 * struct bond_ledger_line - an entry in the words that users read
 * @event: "link", "active", "damp" or "bundle"
 * @port: whose, "-" for an active port
 * @from: what it was; the old active port
 * @to: what it is; the new active port
 * @cause: why
 * @by: who noticed
 * @switched: ns from the news until the view showed it, 0 = not yet
 * @told: the same until the world was told
 * @announced: the same until the peers were
 * @diverted: the bond's packets diverted since
 * @dropped: the bond's packets dropped on transmit since
 */
struct bond_ledger_line {
	const char *event;
	const char *port;
	const char *from;
	const char *to;
	const char *cause;
	const char *by;
	u64 switched;
	u64 told;
	u64 announced;
	u64 diverted;
	u64 dropped;
};

void bond_ledger_news(struct bond *bond, u64 since, enum bond_seen_by by);
void bond_ledger_link(const struct bond_port *port, enum link_state was,
		      enum link_state now);
void bond_ledger_active(struct bond *bond, const struct bond_port *was,
			const struct bond_port *now);
void bond_ledger_damp(const struct bond_port *port, bool suppressed,
		      const char *cause);
void bond_ledger_bundle(const struct bond_port *port, bool in,
			const char *cause, bool failover);
void bond_ledger_switched(struct bond *bond);
void bond_ledger_sum(struct bond *bond, struct bond_ledger_sums *out);

#endif
