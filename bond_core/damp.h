/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Damping core: a port whose link comes and goes is left alone until it has
 * been quiet for a while, in the style of RFC 2439. Every loss adds a penalty
 * that halves each half-life; above one threshold the port's signal is not
 * believed, below another it is again. Times are ms on any monotone clock,
 * handed in by the caller.
 */
#ifndef BOND_CORE_DAMP_H
#define BOND_CORE_DAMP_H

#include "shim.h"

#define DAMP_LOSS	1000U	/* what one loss of the signal costs */
#define DAMP_SUPPRESS	1500U	/* above this the signal is not believed */
#define DAMP_REUSE	750U	/* at or below this it is again */
#define DAMP_CEILING	12000U	/* most that can gather: 4 half-lives to reuse */

#define DAMP_HALF_LIFE_MAX	3600000U	/* ms; keeps all sums in 32 bits */

/**
 * struct damp - what one port has gathered
 * @since: when @penalty was true, ms
 * @reuse: when the signal will be believed again, ms; 0 while it is
 * @penalty: see the thresholds above
 * @suppressed: times the port was suppressed
 * @signal: the signal at the last step
 */
struct damp {
	u64 since;
	u64 reuse;
	u32 penalty;
	u32 suppressed;
	bool signal;
};

/**
 * struct damp_rules - what governs a step
 * @half_life: ms in which a penalty halves, 0 = no damping
 * @needed: no other port can carry traffic, so this one is never suppressed
 * @guilty: a loss seen now is the link's own doing and not an administrator's, nor
 *	that of a host which no longer answers
 */
struct damp_rules {
	u32 half_life;
	bool needed;
	bool guilty;
};

bool damp_step(struct damp *damp, bool signal, const struct damp_rules *rules,
	       u64 now);
void damp_rehalve(struct damp *damp, u32 old, u32 half_life, u64 now);
u32 damp_penalty(const struct damp *damp, u32 half_life, u64 now);

#endif
