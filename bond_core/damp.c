// SPDX-License-Identifier: GPL-2.0
/*
 * Damping core. Pure. The penalty is kept with the time at which it was true
 * and brought up to date when somebody looks, so nothing runs meanwhile.
 */
#include "damp.h"

#define STEPS	16	/* a half-life in the table below */

/* 65536 * 2^(-i / STEPS) */
static const u32 fraction[STEPS + 1] = {
	65536, 62757, 60096, 57548, 55109, 52772, 50535, 48393, 46341,
	44376, 42495, 40693, 38968, 37316, 35734, 34219, 32768,
};

/* What is left of @penalty after @ms; the table's steps are joined by lines. */
static u32 decayed(u32 penalty, u64 ms, u32 half_life)
{
	u32 halves, rest, step, into, factor;

	if (ms >= 32ULL * half_life)
		return 0;
	halves = (u32)ms / half_life;
	rest = (u32)ms % half_life;
	step = div_u64((u64)rest * STEPS, half_life);
	into = (u64)rest * STEPS - (u64)step * half_life;
	factor = fraction[step] -
		 div_u64((u64)(fraction[step] - fraction[step + 1]) * into,
			 half_life);
	return ((u64)penalty * factor >> 16) >> halves;
}

/* ms until @penalty has fallen to the reuse threshold. */
static u32 ms_to_reuse(u32 penalty, u32 half_life)
{
	/* DAMP_CEILING is 4 half-lives from DAMP_REUSE, and one to spare */
	u32 low = 0, high = 5 * half_life;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (decayed(penalty, mid, half_life) <= DAMP_REUSE)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/**
 * damp_penalty() - the penalty as it is now
 * @damp: the port's
 * @half_life: ms in which it halves, 0 = no damping
 * @now: the time, ms
 *
 * Context: serialised by the caller.
 * Return: the penalty, 0 without damping.
 */
u32 damp_penalty(const struct damp *damp, u32 half_life, u64 now)
{
	if (!half_life || !damp->penalty)
		return 0;
	if (now <= damp->since)
		return damp->penalty;
	return decayed(damp->penalty, now - damp->since, half_life);
}

static void charge(struct damp *damp, const struct damp_rules *rules, u64 now)
{
	u32 penalty = damp_penalty(damp, rules->half_life, now) + DAMP_LOSS;

	damp->penalty = min(penalty, DAMP_CEILING);
	damp->since = now;
	if (damp->penalty <= DAMP_SUPPRESS)
		return;
	if (!damp->reuse)
		damp->suppressed++;
	damp->reuse = now + ms_to_reuse(damp->penalty, rules->half_life);
}

/**
 * damp_step() - may a port's signal be believed?
 * @damp: the port's, zeroed when it joins
 * @signal: carrier (or probe answer) present now
 * @rules: how to damp
 * @now: the time, ms
 *
 * A port that is needed is believed at once and its account kept, so that its
 * next loss suppresses it again: a bad port is better than none. It stays in
 * use when the other returns; only its own next loss ends that.
 *
 * Context: serialised by the caller.
 * Return: the signal to act on; while @damp->reuse is not 0, that is when to
 * call again even though nothing happened.
 */
bool damp_step(struct damp *damp, bool signal, const struct damp_rules *rules,
	       u64 now)
{
	bool lost = damp->signal && !signal;

	damp->signal = signal;
	if (!rules->half_life) {
		damp->penalty = 0;
		damp->reuse = 0;
		return signal;
	}
	if (lost && rules->guilty)
		charge(damp, rules, now);
	if (damp->reuse && (now >= damp->reuse || (signal && rules->needed)))
		damp->reuse = 0;
	return signal && !damp->reuse;
}

/**
 * damp_rehalve() - another half-life from now on
 * @damp: the port's
 * @old: the half-life until now, ms, 0 = no damping
 * @half_life: the new one
 * @now: the time, ms
 *
 * What was gathered stays as large as it is, and is waited for anew; the next
 * step lets go of who need not wait.
 *
 * Context: serialised by the caller.
 */
void damp_rehalve(struct damp *damp, u32 old, u32 half_life, u64 now)
{
	damp->penalty = half_life ? damp_penalty(damp, old, now) : 0;
	damp->since = now;
	/* what happened while nobody looked is not charged */
	if (!old)
		damp->signal = false;
	if (damp->reuse)
		damp->reuse = now + (half_life ? ms_to_reuse(damp->penalty, half_life) : 0);
}
