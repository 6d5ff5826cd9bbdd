// SPDX-License-Identifier: GPL-2.0
/* The clock, the wire and the two callers of the LACP core. */
#include <stdarg.h>
#include "world.h"

static u64 rnd(struct world *w)
{
	w->rng ^= w->rng >> 12;
	w->rng ^= w->rng << 25;
	w->rng ^= w->rng >> 27;
	return w->rng * 0x2545f4914f6cdd1dULL;
}

u32 pick(struct world *w, u32 n)
{
	return n ? (u32)((rnd(w) >> 32) % n) : 0;
}

bool chance(struct world *w, int percent)
{
	return pick(w, 100) < (u32)percent;
}

void broke(struct world *w, const char *what, const char *fmt, ...)
{
	va_list args;

	if (w->broken)
		return;
	w->broken = what;
	va_start(args, fmt);
	vsnprintf(w->detail, sizeof(w->detail), fmt, args);
	va_end(args);
}

/* ---- frames in flight: a binary heap by (arrival, order) ---- */

static bool before(const struct frame *a, const struct frame *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void push(struct world *w, const struct frame *f)
{
	int i = w->nframes;

	if (i == MAX_FRAMES) {
		broke(w, "too many frames in flight", "%d", i);
		return;
	}
	w->nframes++;
	for (; i && before(f, &w->heap[(i - 1) / 2]); i = (i - 1) / 2)
		w->heap[i] = w->heap[(i - 1) / 2];
	w->heap[i] = *f;
}

static struct frame pop(struct world *w)
{
	struct frame top = w->heap[0], last = w->heap[--w->nframes];
	int i = 0, c;

	for (;;) {
		c = 2 * i + 1;
		if (c >= w->nframes)
			break;
		if (c + 1 < w->nframes && before(&w->heap[c + 1], &w->heap[c]))
			c++;
		if (!before(&w->heap[c], &last))
			break;
		w->heap[i] = w->heap[c];
		i = c;
	}
	w->heap[i] = last;
	return top;
}

/* ---- the wire ---- */

/* A cable is named after its port at side 0. */
int world_wire_of(const struct world *w, int s, int p)
{
	return s ? w->side[1].end[p].peer : p;
}

bool world_carrier(const struct world *w, int s, int p)
{
	return w->cable_up[world_wire_of(w, s, p)];
}

static void put_on_wire(struct world *w, int s, int p, struct frame *f)
{
	struct end *e = &w->side[s].end[p];
	bool clean = w->now >= w->clean_from;
	int copies = 1;

	if (!world_carrier(w, s, p))
		return;
	f->to_side = !s;
	f->to_port = e->peer;
	f->epoch = w->side[!s].end[e->peer].epoch;
	if (!clean) {
		if (w->mute[s][p] || chance(w, w->loss))
			return;
		copies += chance(w, w->dup);
	}
	while (copies--) {
		/* one constant delay when clean: in order, as cables are */
		f->at = w->now + (clean ? 1 : pick(w, w->max_delay + 1));
		f->order = w->order++;
		push(w, f);
	}
}

static void send_pdu(struct world *w, int s, int p, bool goodbye, const u8 *octets)
{
	struct end *e = &w->side[s].end[p];
	struct frame f = { .data = false };

	memcpy(f.octets, octets, LACP_PDU_LEN);
	e->sent_at[e->sent++ % SENT_TIMES] = w->now;
	e->told = octets[18];
	e->told_any = !goodbye;
	if (w->verbose)
		printf("# %8llu side %d port %d sends %02x (partner %02x)%s\n", w->now, s,
		       e->port.number, octets[18], octets[38], goodbye ? " farewell" : "");
	rules_sent(w, s, p, octets);
	put_on_wire(w, s, p, &f);
}

/* A data frame goes out right behind the LACPDU that announced it. */
static void send_data(struct world *w, int s, int p)
{
	struct frame f = { .data = true };

	put_on_wire(w, s, p, &f);
}

/* ---- what the core asks for ---- */

static int port_index(const struct side *side, const struct lacp_port *port)
{
	int i;

	for (i = 0; i < MAX_PORTS; i++)
		if (&side->end[i].port == port)
			return i;
	abort();
}

static struct lacp_effects serve(struct world *w, int s, struct lacp_port *port, u32 what)
{
	struct side *side = &w->side[s];
	struct lacp_effects fx = { .next = side->next };
	int p = port_index(side, port);
	u8 octets[LACP_PDU_LEN];
	bool ok;

	if (what & LACP_DO_FORWARD)
		w->last_change = w->now;
	if (what & LACP_DO_SEND) {
		ok = w->now >= w->clean_from || !chance(w, 2);
		lacp_build_pdu(port, octets);
		if (ok && !port->enabled && !side->end[p].owed)
			broke(w, "a disabled port sends", "side %d port %d", s, p);
		if (ok) {
			send_pdu(w, s, p, !port->enabled, octets);
			side->end[p].owed = false;
		}
		fx = lacp_sent(port, LACP_DO_SEND, ok, w->now);
	}
	if ((what & LACP_DO_FORWARD) && port->distributing && !port->defaulted &&
	    !port->ntt && w->now >= w->fair_from)
		send_data(w, s, p);
	return fx;
}

void world_drain(struct world *w, int s, struct lacp_effects fx)
{
	struct side *side = &w->side[s];
	struct lacp_port *port;
	u32 what;

	side->next = fx.next;
	while ((port = lacp_next_todo(&side->sys, &what)))
		side->next = serve(w, s, port, what).next;
	if (side->next <= w->now)
		broke(w, "no progress", "side %d wants to run at %llu", s, side->next);
	rules_always(w, s);
}

/* ---- what may happen to a side ---- */

void world_set_params(struct world *w, int s, int p)
{
	struct side *side = &w->side[s];
	struct end *e = &side->end[p];

	e->params.enabled = side->up && world_carrier(w, s, p);
	if (e->member)
		world_drain(w, s, lacp_port_params(&e->port, &e->params, w->now));
}

void world_configure(struct world *w, int s)
{
	world_drain(w, s, lacp_configure(&w->side[s].sys, &w->side[s].cfg, w->now));
}

void world_join(struct world *w, int s, int p)
{
	struct side *side = &w->side[s];
	struct end *e = &side->end[p];
	struct lacp_aggregator *agg = malloc(sizeof(*agg));

	if (!agg)
		abort();
	e->epoch++;
	e->member = true;
	e->told_any = false;
	e->sent = 0;
	e->params.enabled = side->up && world_carrier(w, s, p);
	world_drain(w, s, lacp_port_add(&side->sys, &e->port, agg, &e->params, w->now));
}

static void say_goodbye(struct world *w, int s, int p)
{
	struct end *e = &w->side[s].end[p];
	u32 wait = lacp_parting(&e->port, w->now);
	u8 octets[LACP_PDU_LEN];

	if (wait)
		world_run(w, w->now + wait);
	if (lacp_goodbye(&e->port, octets, w->now))
		send_pdu(w, s, p, true, octets);
	else if (wait && !lacp_no_periodic(&e->port))
		broke(w, "a goodbye was lost", "side %d port %d", s, p);
}

void world_leave(struct world *w, int s, int p, bool say_so)
{
	struct side *side = &w->side[s];
	struct end *e = &side->end[p];
	struct lacp_aggregator *spare;
	struct lacp_effects fx;

	if (say_so)
		say_goodbye(w, s, p);
	e->member = false;
	e->epoch++;
	fx = lacp_port_remove(&e->port, w->now, &spare);
	if (spare->nports)
		broke(w, "an aggregator in use was given back", "%u", spare->id);
	free(spare);
	w->last_change = w->now;
	world_drain(w, s, fx);
}

/* The bond goes down or up, the cables stay. */
void world_up_down(struct world *w, int s, bool up)
{
	struct side *side = &w->side[s];
	u8 octets[LACP_PDU_LEN];
	int p;

	for (p = 0; p < w->nports && !up; p++)
		if (side->end[p].member &&
		    lacp_pause(&side->end[p].port, octets, w->now))
			send_pdu(w, s, p, true, octets);
	for (p = 0; p < w->nports; p++)
		side->end[p].owed |= side->end[p].member && side->end[p].port.owes;
	side->up = up;
	for (p = 0; p < w->nports; p++)
		world_set_params(w, s, p);
}

void world_sleep(struct world *w, int s, u64 ms)
{
	w->side[s].asleep_until = max(w->side[s].asleep_until, w->now + ms);
}

static void deliver(struct world *w, struct frame *f)
{
	struct side *side = &w->side[f->to_side];
	struct end *e = &side->end[f->to_port];

	if (side->asleep_until > w->now) {
		/* it lies in a queue until the host wakes up */
		f->at = side->asleep_until;
		push(w, f);
		return;
	}
	if (!e->member || e->epoch != f->epoch || !e->params.enabled)
		return;
	if (!f->data) {
		world_drain(w, f->to_side,
			    lacp_receive(&e->port, f->octets, LACP_PDU_LEN, w->now));
		return;
	}
	w->data_ok++;
	/* fair only if this end could tell the other one to stop, and has not */
	if (!e->port.collecting && e->told_any && (e->told & LACP_BIT_SYNC) &&
	    !e->port.ntt && !lacp_no_periodic(&e->port))
		broke(w, "data was sent to a port that does not collect",
		      "side %d port %d", f->to_side, f->to_port);
}

static u64 side_due(const struct side *side)
{
	return side->next == LACP_NEVER ? LACP_NEVER : max(side->next, side->asleep_until);
}

void world_run(struct world *w, u64 until)
{
	struct frame f;
	u64 at;
	int s;

	while (!w->broken) {
		at = until;
		for (s = 0; s < 2; s++)
			at = min(at, side_due(&w->side[s]));
		if (w->nframes)
			at = min(at, w->heap[0].at);
		w->now = max(w->now, at);
		if (w->now >= until)
			return;
		for (s = 0; s < 2; s++)
			if (side_due(&w->side[s]) <= w->now)
				world_drain(w, s, lacp_advance(&w->side[s].sys, w->now));
		while (w->nframes && w->heap[0].at <= w->now && !w->broken) {
			f = pop(w);
			deliver(w, &f);
		}
	}
}

/* ---- the beginning ---- */

static void random_cfg(struct world *w, int s)
{
	struct lacp_config *cfg = &w->side[s].cfg;

	memset(cfg, 0, sizeof(*cfg));
	cfg->system[0] = 2;
	cfg->system[5] = s + 1;
	cfg->sys_prio = chance(w, 50) ? 0xffff : 1 + pick(w, 65535);
	cfg->user_key = chance(w, 70) ? 0 : pick(w, 1024);
	cfg->active = chance(w, 75);
	cfg->fast = chance(w, 60);
	cfg->coupled = chance(w, 70);
	cfg->strict = chance(w, 30);
	cfg->select = pick(w, 4);
}

static void tell(int s, const struct lacp_port *port, enum lacp_machine_id m, u8 from, u8 to)
{
	printf("# %8llu side %d port %u %s: %s -> %s\n", port->sys->now, s, port->number,
	       lacp_machine_name(m), lacp_state_name(m, from), lacp_state_name(m, to));
}

static void tell_0(const struct lacp_port *port, enum lacp_machine_id m, u8 from, u8 to)
{
	tell(0, port, m, from, to);
}

static void tell_1(const struct lacp_port *port, enum lacp_machine_id m, u8 from, u8 to)
{
	tell(1, port, m, from, to);
}

static const struct lacp_hooks tellers[2] = { { .trace = tell_0 }, { .trace = tell_1 } };

static const u32 speeds[] = { 1000, 10000, 25000 };

void world_init(struct world *w, u64 seed)
{
	bool verbose = w->verbose;
	int s, p;

	memset(w, 0, offsetof(struct world, heap));
	w->verbose = verbose;
	w->nframes = 0;
	w->data_ok = 0;
	w->broken = NULL;
	w->seed = seed;
	w->rng = seed * 0x9e3779b97f4a7c15ULL + 0x1234567;
	w->now = 1000 + pick(w, 1000);
	w->clean_from = LACP_NEVER;
	w->fair_from = LACP_NEVER;
	w->nports = 1 + pick(w, MAX_PORTS);
	w->loss = chance(w, 30) ? 0 : pick(w, 60);
	w->dup = chance(w, 50) ? 0 : pick(w, 30);
	w->max_delay = chance(w, 40) ? 2 : pick(w, 4000);
	for (s = 0; s < 2; s++) {
		random_cfg(w, s);
		lacp_init(&w->side[s].sys, &w->side[s].cfg, verbose ? &tellers[s] : NULL);
		w->side[s].up = true;
		w->side[s].next = LACP_NEVER;
	}
	for (p = 0; p < w->nports; p++) {
		u32 speed = chance(w, 75) ? speeds[1] : speeds[pick(w, ARRAY_SIZE(speeds))];

		w->cable_up[p] = chance(w, 80);
		for (s = 0; s < 2; s++) {
			struct end *e = &w->side[s].end[p];

			e->peer = p;
			e->params.speed = speed;
			e->params.full_duplex = true;
			e->params.prio = chance(w, 60) ? 255 : pick(w, 65536);
		}
	}
	for (p = 0; p < w->nports; p++)
		for (s = 0; s < 2; s++)
			if (chance(w, 90))
				world_join(w, s, p);
}

/**
 * world_init_pair() - two bonds of two ports as most are set up, the cables not plugged in
 * @w: the world
 * @seed: of its dice
 */
void world_init_pair(struct world *w, u64 seed)
{
	int s, p;

	memset(w, 0, sizeof(*w));
	w->rng = seed * 0x9e3779b97f4a7c15ULL + 0x1234567;
	w->now = 1000;
	w->fair_from = LACP_NEVER;
	w->nports = 2;
	for (s = 0; s < 2; s++) {
		struct lacp_config *cfg = &w->side[s].cfg;

		*cfg = (struct lacp_config) { .system = { 2, 0, 0, 0, 0, s + 1 }, .sys_prio = 0xffff,
					      .active = true, .fast = true, .coupled = true };
		lacp_init(&w->side[s].sys, cfg, NULL);
		w->side[s].up = true;
		w->side[s].next = LACP_NEVER;
		for (p = 0; p < 2; p++) {
			struct end *e = &w->side[s].end[p];

			e->peer = p;
			e->params = (struct lacp_port_params) { .speed = 10000, .full_duplex = true, .prio = 255 };
			world_join(w, s, p);
		}
	}
}

void world_free(struct world *w)
{
	struct lacp_aggregator *spare;
	int s, p;

	for (s = 0; s < 2; s++)
		for (p = 0; p < w->nports; p++)
			if (w->side[s].end[p].member) {
				lacp_port_remove(&w->side[s].end[p].port, w->now, &spare);
				free(spare);
			}
}
