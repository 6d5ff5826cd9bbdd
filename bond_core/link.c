// SPDX-License-Identifier: GPL-2.0
/*
 * Link core. Pure: called with the same inputs twice it answers the same, so
 * that events, deadlines and safety nets may all call it.
 */
#include "link.h"

static bool link_enter(struct link *link, enum link_state state, u64 deadline)
{
	link->state = state;
	link->deadline = deadline;
	return true;
}

static bool link_lost(struct link *link, const struct link_rules *rules,
		      u64 now)
{
	switch (link->state) {
	case LINK_UP:
		if (rules->downdelay)
			return link_enter(link, LINK_FAIL,
					  now + rules->downdelay);
		return link_enter(link, LINK_DOWN, 0);
	case LINK_FAIL:
		/* what is lost now may be a thing that is not tolerated */
		if (rules->downdelay && now < link->deadline)
			return false;
		return link_enter(link, LINK_DOWN, 0);
	case LINK_BACK:
		return link_enter(link, LINK_DOWN, 0);
	case LINK_DOWN:
		break;
	}
	return false;
}

static bool link_found(struct link *link, const struct link_rules *rules,
		       u64 now)
{
	switch (link->state) {
	case LINK_DOWN:
		if (rules->updelay && !rules->hurry)
			return link_enter(link, LINK_BACK,
					  now + rules->updelay);
		return link_enter(link, LINK_UP, 0);
	case LINK_BACK:
		if (rules->updelay && now < link->deadline && !rules->hurry)
			return false;
		return link_enter(link, LINK_UP, 0);
	case LINK_FAIL:
		/* back within the tolerance: nothing ever happened */
		return link_enter(link, LINK_UP, 0);
	case LINK_UP:
		break;
	}
	return false;
}

/**
 * link_step() - advance one link
 * @link: the link
 * @signal: carrier (or probe answer) present now
 * @rules: delays
 * @now: the time, ms
 *
 * Context: serialised by the caller.
 * Return: true when the state changed; then @link->deadline, if not 0, is when
 * to call again even though nothing happened.
 */
bool link_step(struct link *link, bool signal, const struct link_rules *rules,
	       u64 now)
{
	return signal ? link_found(link, rules, now) :
			link_lost(link, rules, now);
}

/**
 * link_state_name() - the word users read
 * @state: a link state
 *
 * Context: any.
 * Return: a constant string, "unknown" for a number that names none.
 */
const char *link_state_name(enum link_state state)
{
	static const char * const names[] = {
		[LINK_UP]   = "up",
		[LINK_FAIL] = "going down",
		[LINK_DOWN] = "down",
		[LINK_BACK] = "going back",
	};

	return state < ARRAY_SIZE(names) ? names[state] : "unknown";
}
