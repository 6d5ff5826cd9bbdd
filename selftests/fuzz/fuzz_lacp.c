// SPDX-License-Identifier: GPL-2.0
/*
 * LACP under a partner that says anything: libFuzzer target.
 *
 * The input is a script. Each step takes an octet that says what happens, one
 * that says to which port, and what else it needs: raw payloads of any length,
 * valid LACPDUs with a few octets changed, Markers, link changes, settings,
 * ports that join and leave, time that passes.
 *
 * Fails on: a sanitizer, a broken invariant in the core (WARN_ON_ONCE aborts
 * here), no progress, more than 3 LACPDUs or 10 Marker responses in a second,
 * traffic on a port that must not carry any.
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
 *	-I../.. fuzz_lacp.c ../../bond_core/lacp_*.c ../../bond_core/speed.c -o fuzz_lacp
 */
#include "bond_core/lacp.h"
#include "bond_core/lacp_priv.h"

#define PORTS	4

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct input {
	const u8 *p;
	size_t left;
};

struct line {
	struct lacp_port port;
	struct lacp_port_params params;
	bool member;
	u64 sent_at[LACP_TX_BURST + 1];
	u64 marked_at[LACP_MARKER_BURST + 1];
	unsigned int sent;
	unsigned int marked;
};

struct bed {
	struct lacp_system sys;
	struct lacp_config cfg;
	struct line line[PORTS];
	u64 now;
	u64 next;
};

static u8 take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->p++;
}

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void note(u64 *ring, unsigned int n, unsigned int *count, u64 now)
{
	if (*count >= n)
		must(now - ring[*count % n] > 1000, "rate limit");
	ring[(*count)++ % n] = now;
}

static void check(struct bed *bed)
{
	int i;

	must(bed->next > bed->now, "no progress");
	for (i = 0; i < PORTS; i++) {
		const struct lacp_port *port = &bed->line[i].port;

		if (!bed->line[i].member)
			continue;
		must(!port->distributing || port->collecting, "distributing, not collecting");
		must(!port->collecting || port->agg == bed->sys.active, "not active");
		must(!port->collecting || port->enabled, "collecting without link");
		must(!port->collecting || !port->looped, "collecting a reflection");
		must(!port->collecting || !port->defaulted || !bed->cfg.strict, "strict");
		must(port->agg && port->agg->nports, "no aggregator");
	}
}

static void settle(struct bed *bed, struct lacp_effects fx)
{
	struct lacp_port *port;
	u8 buf[LACP_PDU_LEN];
	u32 what;

	bed->next = fx.next;
	while ((port = lacp_next_todo(&bed->sys, &what))) {
		struct line *l = container_of(port, struct line, port);

		if (what & LACP_DO_SEND) {
			lacp_build_pdu(port, buf);
			note(l->sent_at, ARRAY_SIZE(l->sent_at), &l->sent, bed->now);
			bed->next = lacp_sent(port, LACP_DO_SEND, buf[50] == 0, bed->now).next;
		}
		if (what & LACP_DO_MARKER) {
			lacp_build_marker(port, buf);
			note(l->marked_at, ARRAY_SIZE(l->marked_at), &l->marked, bed->now);
			bed->next = lacp_sent(port, LACP_DO_MARKER, true, bed->now).next;
		}
	}
	check(bed);
}

static void hear(struct bed *bed, struct line *l, const u8 *data, size_t len)
{
	/* a copy of exactly this size, so that one octet too many is seen */
	u8 *exact = malloc(len ? len : 1);

	if (!exact)
		abort();
	memcpy(exact, data, len);
	settle(bed, lacp_receive(&l->port, exact, len, bed->now));
	free(exact);
}

static void hear_raw(struct bed *bed, struct line *l, struct input *in)
{
	size_t len = min_t(size_t, take(in), in->left);

	hear(bed, l, in->p, len);
	in->p += len;
	in->left -= len;
}

/* what a perfect partner would say, with some octets changed */
static void hear_almost(struct bed *bed, struct line *l, struct input *in)
{
	struct lacp_pdu pdu = {
		.actor = { .system = { 2, 0, 0, 0, 0, 9 }, .sys_prio = 9, .key = 7,
			   .port_prio = 1, .port = 1 + (l - bed->line), .state = 0x3f },
	};
	u8 buf[LACP_PDU_LEN + 16] = {}, changes;
	size_t len;

	lacp_port_actor(&l->port, &pdu.partner);
	lacp_pdu_write(&pdu, buf);
	changes = take(in);
	len = LACP_PDU_LEN + (changes & 0x10 ? 16 : 0);
	/* a reflection of our own is as good as any */
	if (changes & 0x80)
		lacp_build_pdu(&l->port, buf);
	for (changes &= 3; changes; changes--)
		buf[take(in) % LACP_PDU_LEN] = take(in);
	hear(bed, l, buf, len);
}

static void hear_marker(struct bed *bed, struct line *l, struct input *in)
{
	struct lacp_marker marker = { .port = take(in), .transaction = take(in) };
	u8 buf[LACP_PDU_LEN];

	lacp_marker_write(&marker, take(in) & 1, buf);
	hear(bed, l, buf, sizeof(buf));
}

static void configure(struct bed *bed, struct input *in)
{
	struct lacp_config *cfg = &bed->cfg;
	u8 bits = take(in);

	cfg->active = bits & 1;
	cfg->fast = bits & 2;
	cfg->coupled = bits & 4;
	cfg->strict = bits & 8;
	cfg->select = (bits >> 4) & 3;
	if (bits & 0x40)
		cfg->user_key = take(in) * 4;
	if (bits & 0x80)
		cfg->sys_prio = take(in);
	settle(bed, lacp_configure(&bed->sys, cfg, bed->now));
}

static void change_port(struct bed *bed, struct line *l, struct input *in)
{
	static const u32 speeds[] = { 0, 1000, 10000, (u32)-1 };
	u8 bits = take(in);

	l->params.enabled = bits & 3;
	l->params.full_duplex = bits & 12;
	l->params.speed = speeds[(bits >> 4) & 3];
	l->params.prio = bits;
	settle(bed, lacp_port_params(&l->port, &l->params, bed->now));
}

static void leave(struct bed *bed, struct line *l)
{
	struct lacp_aggregator *spare;
	struct lacp_effects fx;
	u8 buf[LACP_PDU_LEN];

	if (lacp_goodbye(&l->port, buf, bed->now))
		note(l->sent_at, ARRAY_SIZE(l->sent_at), &l->sent, bed->now);
	fx = lacp_port_remove(&l->port, bed->now, &spare);
	must(spare->nports == 0, "an aggregator in use was given back");
	free(spare);
	l->member = false;
	settle(bed, fx);
}

static void join(struct bed *bed, struct line *l)
{
	struct lacp_aggregator *agg = malloc(sizeof(*agg));

	if (!agg)
		abort();
	l->member = true;
	l->sent = 0;
	l->marked = 0;
	settle(bed, lacp_port_add(&bed->sys, &l->port, agg, &l->params, bed->now));
}

static void pass_time(struct bed *bed, struct input *in)
{
	u64 end = bed->now + ((u64)take(in) << (take(in) & 9));

	if (take(in) & 1) {
		/* nobody calls us: the host starves */
		bed->now = end;
		settle(bed, lacp_advance(&bed->sys, bed->now));
	}
	while (bed->next <= end) {
		bed->now = bed->next;
		settle(bed, lacp_advance(&bed->sys, bed->now));
	}
	bed->now = max(bed->now, end);
}

static void one_step(struct bed *bed, struct input *in)
{
	u8 what = take(in);
	struct line *l = &bed->line[(what >> 4) % PORTS];

	what &= 15;
	if (what < 3)
		pass_time(bed, in);
	else if (what == 3)
		configure(bed, in);
	else if (!l->member)
		join(bed, l);
	else if (what == 4)
		leave(bed, l);
	else if (what == 5)
		change_port(bed, l, in);
	else if (what == 6)
		hear_marker(bed, l, in);
	else if (what < 10)
		hear_raw(bed, l, in);
	else
		hear_almost(bed, l, in);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { .p = data, .left = size };
	static struct bed bed;
	struct bed *b = &bed;
	int i;

	memset(b, 0, sizeof(*b));
	b->cfg.system[0] = 2;
	b->cfg.sys_prio = 0xffff;
	b->cfg.active = true;
	b->cfg.fast = true;
	b->cfg.coupled = true;
	b->next = LACP_NEVER;
	lacp_init(&b->sys, &b->cfg, NULL);
	for (i = 0; i < PORTS; i++) {
		b->line[i].params.enabled = true;
		b->line[i].params.full_duplex = true;
		b->line[i].params.speed = 10000;
		if (i < 2)
			join(b, &b->line[i]);
	}
	while (in.left)
		one_step(b, &in);
	for (i = 0; i < PORTS; i++)
		if (b->line[i].member)
			leave(b, &b->line[i]);
	must(list_empty(&b->sys.aggs), "an aggregator was lost");
	return 0;
}
