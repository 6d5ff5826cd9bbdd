// SPDX-License-Identifier: GPL-2.0
/*
 * Choice core. Precedence: the primary, then the highest prio, both as far as
 * primary_reselect lets them replace a port that works; then the port in use,
 * then the first. Ports that are up and whose device could send go before ports
 * that are up on paper. When none is up there is nothing to choose before
 * choose_soonest() has said who need wait no longer.
 */
#include "choose.h"

static bool up_and_live(const struct choose_port *p)
{
	return p->state == LINK_UP && p->live;
}

static bool better_link(const struct choose_port *a,
			const struct choose_port *b)
{
	if (a->speed != b->speed)
		return a->speed > b->speed;
	return a->full_duplex && !b->full_duplex;
}

static int find_primary(const struct choose_port *ports, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (ports[i].primary)
			return i;
	return -1;
}

/* May @p, the primary or of higher prio, take over from the working port @cur? */
static bool takes_over(const struct choose_port *p,
		       const struct choose_port *cur,
		       enum choose_reselect reselect)
{
	switch (reselect) {
	case CHOOSE_ALWAYS:
		return true;
	case CHOOSE_BETTER:
		/* many drivers know no speed without carrier, which is waited for */
		return cur->state != LINK_FAIL && better_link(p, cur);
	case CHOOSE_FAILURE:
		break;
	}
	return false;
}

/*
 * The highest prio among the ports that @fits accepts; ties go to the port in
 * use, then to the first.
 */
static int best_prio(const struct choose_port *ports, int n, int current_port,
		     bool (*fits)(const struct choose_port *p))
{
	int best = -1, i;

	if (current_port >= 0 && fits(&ports[current_port]))
		best = current_port;
	for (i = 0; i < n; i++) {
		if (!fits(&ports[i]))
			continue;
		if (best < 0 || ports[i].prio > ports[best].prio)
			best = i;
	}
	return best;
}

static bool tolerated_and_live(const struct choose_port *p)
{
	return p->state == LINK_FAIL && p->live;
}

static bool up_on_paper(const struct choose_port *p)
{
	return p->state == LINK_UP;
}

static bool tolerated(const struct choose_port *p)
{
	return p->state == LINK_FAIL;
}

/* Whose switch has had the most time: on probation, just back, suppressed. */
static int trust(const struct choose_port *p)
{
	if (p->suppressed)
		return 0;
	return p->state == LINK_BACK ? 2 : 1;
}

static bool sooner(const struct choose_port *a, const struct choose_port *b)
{
	if (trust(a) != trust(b))
		return trust(a) > trust(b);
	return a->deadline < b->deadline;
}

/**
 * choose_soonest() - no port is usable: which one is not to wait any longer?
 * @ports: the candidates in order of joining, none of them UP or FAIL
 * @n: how many
 *
 * The rule is "updelay is skipped when no usable port exists". It is skipped for
 * the one that would be up soonest; the others keep their probation, which is no
 * longer without use once there is somebody to do the work. One that flaps is
 * taken when there is no other.
 *
 * Context: any, touches nothing but its arguments.
 * Return: index of the port, -1 when none has a signal.
 */
int choose_soonest(const struct choose_port *ports, int n)
{
	int best = -1, i;

	for (i = 0; i < n; i++) {
		if (!ports[i].signal)
			continue;
		if (best < 0 || sooner(&ports[i], &ports[best]))
			best = i;
	}
	return best;
}

/**
 * choose_active() - choose the active port
 * @ports: the candidates in order of joining
 * @n: how many
 * @rules: how to choose
 *
 * A port in use that is FAIL (its loss is tolerated for downdelay) keeps its
 * place: that is what the delay asks for. The transmit path diverts single
 * packets meanwhile.
 *
 * Context: any, touches nothing but its arguments.
 * Return: index of the port to use, -1 when there is none.
 */
int choose_active(const struct choose_port *ports, int n,
		  const struct choose_rules *rules)
{
	bool (* const classes[])(const struct choose_port *p) = {
		up_and_live, tolerated_and_live, up_on_paper, tolerated,
	};
	int cur = rules->current_port;
	int primary = find_primary(ports, n);
	const struct choose_port *in_use;
	int best;
	unsigned int i;

	if (primary >= 0 && up_and_live(&ports[primary])) {
		if (cur < 0 || cur == primary ||
		    !link_usable(ports[cur].state) || rules->force ||
		    takes_over(&ports[primary], &ports[cur], rules->reselect))
			return primary;
		return cur;
	}
	if (cur >= 0 && ports[cur].state == LINK_FAIL)
		return cur;
	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		best = best_prio(ports, n, cur, classes[i]);
		if (best < 0)
			continue;
		in_use = cur >= 0 ? &ports[cur] : NULL;
		if (in_use && classes[i](in_use) &&
		    !takes_over(&ports[best], in_use, rules->reselect))
			return cur;
		return best;
	}
	return -1;
}
