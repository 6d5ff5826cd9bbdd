// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: sim [COUNT [FIRST_SEED]]
 *
 * Plays COUNT lives of two bonds. A life has a bad part, in which the wire
 * loses, delays, doubles and swaps frames while ports come and go and settings
 * change, and a good part, in which everything is in order and both ends must
 * come to agree. What fails is printed with its seed: "sim 1 SEED" plays it
 * again, the same to the last octet.
 */
#include "world.h"

/*
 * The longest honest way to agreement on a clean wire, at the slow rate: stale
 * belief dies after 90 s and 3 s more, the next periodic LACPDU comes within
 * 30 s, then the wait of 2 s, and a refused group costs up to 10 s. Two passive
 * ends forget each other one after the other, which takes twice 93 s.
 */
#define SETTLE_TIME	140000
#define FORGET_TIME	200000
#define STEADY_TIME	61000

static void flip_cable(struct world *w, int p)
{
	int s;

	w->cable_up[p] = !w->cable_up[p];
	/* the two ends learn of it one after the other */
	for (s = 0; s < 2; s++) {
		int q = s ? w->side[0].end[p].peer : p;

		world_set_params(w, s, q);
		if (chance(w, 50))
			world_run(w, w->now + pick(w, 50));
	}
}

static void swap_cables(struct world *w, int a, int b)
{
	u8 *pa = &w->side[0].end[a].peer, *pb = &w->side[0].end[b].peer;

	if (w->cable_up[a] || w->cable_up[b])
		return;
	swap(*pa, *pb);
	w->side[1].end[*pa].peer = a;
	w->side[1].end[*pb].peer = b;
	/* both ends of a cable run at one speed, once they have carrier */
	w->side[1].end[*pa].params.speed = w->side[0].end[a].params.speed;
	w->side[1].end[*pb].params.speed = w->side[0].end[b].params.speed;
}

static void change_settings(struct world *w, int s)
{
	struct lacp_config *cfg = &w->side[s].cfg;

	switch (pick(w, 8)) {
	case 0:
		cfg->active = !cfg->active;
		break;
	case 1:
		cfg->fast = !cfg->fast;
		break;
	case 2:
		cfg->coupled = !cfg->coupled;
		break;
	case 3:
		cfg->strict = !cfg->strict;
		break;
	case 4:
		cfg->select = pick(w, 4);
		break;
	case 5:
		cfg->user_key = pick(w, 1024);
		break;
	case 6:
		cfg->sys_prio = 1 + pick(w, 65535);
		break;
	default:
		cfg->system[4] = pick(w, 256);
		break;
	}
	world_configure(w, s);
}

static void move_port(struct world *w, int s, int p)
{
	if (w->side[s].end[p].member)
		world_leave(w, s, p, chance(w, 70));
	else
		world_join(w, s, p);
}

static void change_port(struct world *w, int s, int p)
{
	struct end *e = &w->side[s].end[p];

	if (chance(w, 60))
		e->params.prio = pick(w, 65536);
	else if (chance(w, 30))
		e->params.full_duplex = !e->params.full_duplex;
	world_set_params(w, s, p);
}

static void disturb(struct world *w)
{
	int s = pick(w, 2), p = pick(w, w->nports);

	switch (pick(w, 16)) {
	case 0 ... 4:
		flip_cable(w, p);
		break;
	case 5:
		swap_cables(w, p, pick(w, w->nports));
		break;
	case 6 ... 7:
		change_settings(w, s);
		break;
	case 8 ... 9:
		move_port(w, s, p);
		break;
	case 10:
		world_up_down(w, s, !w->side[s].up);
		break;
	case 11 ... 12:
		w->mute[s][p] = !w->mute[s][p];
		break;
	case 13:
		world_sleep(w, s, pick(w, 8000));
		break;
	default:
		change_port(w, s, p);
		break;
	}
}

/* Everything is repaired; what the two believe of each other is still old. */
static void repair(struct world *w)
{
	int s, p;

	w->clean_from = w->now;
	for (s = 0; s < 2; s++) {
		w->side[s].up = true;
		w->side[s].asleep_until = 0;
	}
	for (p = 0; p < w->nports; p++)
		w->cable_up[p] = true;
	for (p = 0; p < w->nports; p++)
		for (s = 0; s < 2; s++) {
			w->side[s].end[p].params.full_duplex = true;
			if (!w->side[s].end[p].member)
				world_join(w, s, p);
			else
				world_set_params(w, s, p);
		}
}

static void live(struct world *w)
{
	int n = pick(w, 3) ? pick(w, 40) : 0;
	bool fair = !n;

	while (n-- && !w->broken) {
		u32 pause = chance(w, 80) ? 3000 : 40000;

		world_run(w, w->now + pick(w, pause));
		disturb(w);
	}
	/* after a bad time, belief in lost news lasts until the next regular LACPDU */
	w->fair_from = fair ? w->now : w->now + w->max_delay + LACP_SLOW_PERIODIC_TIME + 2000;
	repair(w);
	/* frames of the bad time still arrive for a while */
	world_run(w, w->now + (w->side[0].cfg.active || w->side[1].cfg.active ?
			       SETTLE_TIME : FORGET_TIME));
	w->last_change = 0;
	if (!w->broken)
		rules_end(w);
	world_run(w, w->now + STEADY_TIME);
	if (w->last_change)
		broke(w, "it does not stay settled", "changed at %llu", w->last_change);
	if (!w->broken)
		rules_end(w);
}

/* Both cables of two bonds get their carrier, within a few ms, at any time after the ports joined. */
static u64 plug_in(struct world *w)
{
	u8 order[4] = { 0, 1, 2, 3 };
	int i, other;

	world_run(w, w->now + pick(w, 8000));
	for (i = 3; i > 0; i--) {
		other = pick(w, i + 1);
		swap(order[i], order[other]);
	}
	for (i = 0; i < 4; i++) {
		w->cable_up[order[i] & 1] = true;
		world_set_params(w, order[i] >> 1, order[i] & 1);
		world_run(w, w->now + pick(w, 4));
	}
	return w->now;
}

static int distributing(const struct world *w)
{
	int s, p, n = 0;

	for (s = 0; s < 2; s++)
		for (p = 0; p < 2; p++)
			n += w->side[s].end[p].port.distributing;
	return n;
}

/* Return: the longest time to full use after carrier, in ms */
static u64 slowest_start(struct world *w, int lives)
{
	u64 longest = 0, start;

	while (lives--) {
		world_init_pair(w, lives + 1);
		start = plug_in(w);
		while (distributing(w) < 4 && w->now < start + 10000 && !w->broken)
			world_run(w, w->now + 1);
		longest = max(longest, w->broken ? LACP_NEVER : w->now - start);
		world_free(w);
	}
	return longest;
}

int main(int argc, char **argv)
{
	u64 count = argc > 1 ? strtoull(argv[1], NULL, 0) : 2000;
	u64 first = argc > 2 ? strtoull(argv[2], NULL, 0) : 1, seed, data = 0, start;
	struct world *w = malloc(sizeof(*w));
	int bad = 0;

	if (!w)
		return 2;
	w->verbose = count == 1;
	for (seed = first; seed < first + count; seed++) {
		world_init(w, seed);
		live(w);
		data += w->data_ok;
		if (w->broken) {
			printf("# seed %llu at %llu ms (wire clean from %lld): %s (%s)\n",
			       seed, w->now, w->clean_from, w->broken, w->detail);
			bad++;
		}
		world_free(w);
		if (bad == 20)
			break;
	}
	start = slowest_start(w, 20000);
	free(w);
	printf("1..3\n");
	printf("%sok 1 - both ends agree after %llu disturbed lives (seeds %llu..%llu)\n",
	       bad ? "not " : "", count, first, first + count - 1);
	printf("%sok 2 - %llu first data frames met a collecting port\n",
	       data ? "" : "not ", data);
	printf("%sok 3 - two ports carry traffic within 2.2 s of carrier, whenever it comes (%llu ms)\n",
	       start > 2200 ? "not " : "", start);
	return bad || !data || start > 2200;
}
