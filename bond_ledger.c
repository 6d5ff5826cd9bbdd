// SPDX-License-Identifier: GPL-2.0
/*
 * The failover ledger: the last changes of links, of the active port and of what
 * carries traffic by LACP's word, who noticed, and how long it took until the
 * packets had another way, until the world was told and until the peers were. A
 * ring of fixed size, made with the bond, so that keeping it never fails.
 */
#include <linux/slab.h>

#include "bond.h"
#include "bond_trace.h"
#include "engine.h"
#include "ledger.h"

#define ENTRIES		32
#define LINE_MAX	224	/* octets of the longest line */

enum what { LEDGER_LINK, LEDGER_ACTIVE, LEDGER_DAMP, LEDGER_BUNDLE };

/**
 * struct entry - one change
 * @news: when its settling began, ns of the monotonic clock
 * @switched: ns from @news until the view showed it, 0 = not yet
 * @told: ns from @news until phase two was through with it, 0 = not yet
 * @announced: ns from @news until the peers were told, 0 = they were not
 * @diverted: the bond's packets diverted before it
 * @dropped: the bond's packets dropped on transmit before it
 * @cause: one word
 * @port: name of the port; of the new active port, "none" where there is none
 * @other: LEDGER_ACTIVE: name of the old one
 * @from: LEDGER_LINK: enum link_state
 * @to: the same; LEDGER_DAMP, LEDGER_BUNDLE: suppressed, carries traffic
 * @failover: it counts as one
 * @what: enum what
 * @by: enum bond_seen_by
 */
struct entry {
	u64 news;
	u64 switched;
	u64 told;
	u64 announced;
	u64 diverted;
	u64 dropped;
	const char *cause;
	char port[IFNAMSIZ];
	char other[IFNAMSIZ];
	u8 from;
	u8 to;
	bool failover;
	u8 what;
	u8 by;
};

/**
 * struct bond_ledger - the ring; protected by bond->lock
 * @news: when the settling that is under way began, ns
 * @by: who made it begin
 * @sums: what they add up to; without @diverted
 * @count: entries ever made; the last is ring[(count - 1) % ENTRIES]
 * @unswitched: entries before this one are in the view
 * @untold: entries before this one were told
 * @unannounced: entries before this one were announced, or never will be
 * @ring: the entries
 */
struct bond_ledger {
	u64 news;
	enum bond_seen_by by;
	struct bond_ledger_sums sums;
	u32 count;
	u32 unswitched;
	u32 untold;
	u32 unannounced;
	struct entry ring[ENTRIES];
};

/**
 * bond_ledger_init() - give a new bond its ledger
 * @bond: the bond
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -ENOMEM; bond_ledger_exit() is due either way.
 */
int bond_ledger_init(struct bond *bond)
{
	bond->diverted = alloc_percpu(u64);
	bond->ledger = kzalloc(sizeof(*bond->ledger), GFP_KERNEL);
	return bond->diverted && bond->ledger ? 0 : -ENOMEM;
}

/**
 * bond_ledger_exit() - undo bond_ledger_init()
 * @bond: the bond, which nobody can reach any more
 *
 * Context: process; nobody can reach the bond any more, or yet.
 */
void bond_ledger_exit(struct bond *bond)
{
	kfree(bond->ledger);
	bond->ledger = NULL;
	free_percpu(bond->diverted);
	bond->diverted = NULL;
}

static u64 diverted(const struct bond *bond)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(bond->diverted, cpu));
	return sum;
}

static u64 dropped(const struct bond *bond)
{
	const struct net_device_core_stats __percpu *stats;
	u64 sum = 0;
	int cpu;

	stats = READ_ONCE(bond->dev->core_stats);
	if (!stats)
		return 0;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->tx_dropped);
	return sum;
}

/* --- phase one ----------------------------------------------------------- */

/**
 * bond_ledger_news() - a settling begins
 * @bond: the bond
 * @since: when the news came, ns of the monotonic clock
 * @by: who brought it
 *
 * Context: bond->lock held.
 */
void bond_ledger_news(struct bond *bond, u64 since, enum bond_seen_by by)
{
	lockdep_assert_held(&bond->lock);
	bond->ledger->news = since;
	bond->ledger->by = by;
}

static struct entry *add(struct bond *bond, enum what what, const char *cause)
{
	struct bond_ledger *ledger = bond->ledger;
	struct entry *e = &ledger->ring[ledger->count++ % ENTRIES];

	lockdep_assert_held(&bond->lock);
	*e = (struct entry) {
		.news = ledger->news,
		.diverted = diverted(bond),
		.dropped = dropped(bond),
		.cause = cause,
		.what = what,
		.by = ledger->by,
	};
	return e;
}

static void name_it(char *to, const struct bond_port *port)
{
	strscpy(to, port ? port->dev->name : "none", IFNAMSIZ);
}

static const char *loss(const struct bond_port *port)
{
	if (port->damp.reuse && port->damp.signal)
		return "flapping";
	if (READ_ONCE(port->closing) || !netif_running(port->dev))
		return "set-down";
	return bond_port_live(port) ? "no-answer" : "no-carrier";
}

/* Ended the delay by itself? Silence and a delay of 0 do not wait for it. */
static bool waited(const struct bond_port *port)
{
	return port->bond->config.downdelay &&
	       !(port->probe.silent && bond_port_live(port));
}

static const char *link_cause(const struct bond_port *port,
			      enum link_state was, enum link_state now)
{
	switch (now) {
	case LINK_FAIL:
		return loss(port);
	case LINK_DOWN:
		return was == LINK_FAIL && waited(port) ? "downdelay-over" :
							  loss(port);
	case LINK_BACK:
		return "signal";
	case LINK_UP:
		break;
	}
	if (was != LINK_BACK)
		return "signal";
	/* whoever called: a deadline of another port is no end of this one's */
	return port->early ? "needed" : "updelay-over";
}

/*
 * Where no port is the active one each carries a part of the traffic, and the
 * loss of one while others are there is the failover.
 */
static bool left_to_others(const struct bond_port *port, enum link_state was,
			   enum link_state now)
{
	const struct bond *bond = port->bond;
	const struct bond_port *other;

	if ((bond->mode->traits & BOND_T_ACTIVE_PORT) || !link_usable(was) ||
	    link_usable(now))
		return false;
	/* LACP had not let it carry anything, or no longer */
	if ((bond->mode->traits & BOND_T_LACP) && !port->tx_live)
		return false;
	list_for_each_entry(other, &bond->ports, list)
		if (other != port && !other->gone &&
		    link_usable(other->link.state))
			return true;
	return false;
}

/**
 * bond_ledger_link() - a port's link changed
 * @port: the port
 * @was: its state until now
 * @now: the new one
 *
 * Context: bond->lock held, before the mode is told.
 */
void bond_ledger_link(const struct bond_port *port, enum link_state was,
		      enum link_state now)
{
	struct entry *e = add(port->bond, LEDGER_LINK,
			      link_cause(port, was, now));

	name_it(e->port, port);
	e->from = was;
	e->to = now;
	e->failover = left_to_others(port, was, now);
	port->bond->ledger->sums.failovers += e->failover;
}

static bool was_lost(const struct bond_port *was)
{
	return was && !was->gone &&
	       (!link_usable(was->link.state) || !bond_port_live(was));
}

static const char *active_cause(const struct bond_port *was,
				const struct bond_port *now)
{
	if (!was)
		return "first";
	if (was->gone)
		return "left";
	return was_lost(was) ? "lost" : "preferred";
}

/**
 * bond_ledger_active() - another port is the active one
 * @bond: the bond
 * @was: the port until now, or NULL
 * @now: the new one, or NULL
 *
 * Context: bond->lock held.
 */
void bond_ledger_active(struct bond *bond, const struct bond_port *was,
			const struct bond_port *now)
{
	struct entry *e = add(bond, LEDGER_ACTIVE, active_cause(was, now));

	name_it(e->port, now);
	name_it(e->other, was);
	e->failover = (bond->mode->traits & BOND_T_ACTIVE_PORT) && now &&
		      was_lost(was);
	bond->ledger->sums.failovers += e->failover;
}

/**
 * bond_ledger_damp() - a flapping port is suppressed, or trusted again
 * @port: the port
 * @suppressed: which of the two
 * @cause: why
 *
 * Context: bond->lock held.
 */
void bond_ledger_damp(const struct bond_port *port, bool suppressed,
		      const char *cause)
{
	struct entry *e = add(port->bond, LEDGER_DAMP, cause);

	name_it(e->port, port);
	e->to = suppressed;
}

/**
 * bond_ledger_bundle() - a port whose link stays begins or ceases to carry
 *	traffic
 * @port: the port
 * @in: which of the two
 * @cause: one word, a constant
 * @failover: it was lost, and others are there
 *
 * This may be what follows from a change of another port that is being settled,
 * so it is an entry with a time and a cause of its own.
 *
 * Context: bond->lock held. The caller has the view published.
 */
void bond_ledger_bundle(const struct bond_port *port, bool in,
			const char *cause, bool failover)
{
	struct entry *e = add(port->bond, LEDGER_BUNDLE, cause);

	name_it(e->port, port);
	e->news = ktime_get_ns();
	e->by = BOND_BY_MODE;
	e->to = in;
	e->failover = failover;
	port->bond->ledger->sums.failovers += failover;
}

static void count_bin(struct bond_ledger *ledger, const struct entry *e)
{
	u64 limit = 10 * NSEC_PER_USEC;
	unsigned int i;

	if (!e->failover)
		return;
	for (i = 0; i < BOND_LEDGER_BINS - 1 && e->switched >= limit; i++)
		limit *= 10;
	ledger->sums.bins[i]++;
}

/* The first entry from @from on that the ring still has. */
static u32 oldest(const struct bond_ledger *ledger, u32 from)
{
	return ledger->count - from > ENTRIES ? ledger->count - ENTRIES : from;
}

/* ns since an entry's news; never 0, which means "not yet". */
static u64 since(const struct entry *e, u64 now)
{
	return now > e->news ? now - e->news : 1;
}

/**
 * bond_ledger_switched() - the view shows what was settled
 * @bond: the bond
 *
 * Context: bond->lock held.
 */
void bond_ledger_switched(struct bond *bond)
{
	struct bond_ledger *ledger = bond->ledger;
	u64 now;
	u32 i;

	lockdep_assert_held(&bond->lock);
	if (ledger->unswitched == ledger->count)
		return;
	now = ktime_get_ns();
	for (i = oldest(ledger, ledger->unswitched); i != ledger->count; i++) {
		struct entry *e = &ledger->ring[i % ENTRIES];

		e->switched = since(e, now);
		count_bin(ledger, e);
	}
	WRITE_ONCE(ledger->unswitched, ledger->count);
}

/* --- words --------------------------------------------------------------- */

static void name_event(const struct entry *e, struct bond_ledger_line *line)
{
	static const char * const states[] = {
		[LINK_UP] = "up", [LINK_FAIL] = "going-down",
		[LINK_DOWN] = "down", [LINK_BACK] = "going-back",
	};

	line->port = e->port;
	switch ((enum what)e->what) {
	case LEDGER_LINK:
		line->event = "link";
		line->from = states[e->from];
		line->to = states[e->to];
		break;
	case LEDGER_ACTIVE:
		line->event = "active";
		line->port = "-";
		line->from = e->other;
		line->to = e->port;
		break;
	case LEDGER_DAMP:
		line->event = "damp";
		line->from = e->to ? "trusted" : "suppressed";
		line->to = e->to ? "suppressed" : "trusted";
		break;
	case LEDGER_BUNDLE:
		line->event = "bundle";
		line->from = e->to ? "out" : "in";
		line->to = e->to ? "in" : "out";
		break;
	}
}

/*
 * @next has counted what happened to packets up to the following entry, or up
 * to now. The line points into @e.
 */
static void describe(const struct entry *e, const struct entry *next,
		     struct bond_ledger_line *line)
{
	static const char * const by[] = {
		[BOND_BY_MODE] = "mode", [BOND_BY_TRAFFIC] = "traffic",
		[BOND_BY_EVENT] = "event", [BOND_BY_TIMER] = "timer",
		[BOND_BY_ADMIN] = "admin",
	};

	*line = (struct bond_ledger_line) {
		.cause = e->cause,
		.by = by[e->by],
		.switched = e->switched,
		.told = e->told,
		.announced = e->announced,
		.diverted = next->diverted - e->diverted,
		.dropped = next->dropped - e->dropped,
	};
	name_event(e, line);
}

static void count_now(const struct bond *bond, struct entry *now)
{
	now->diverted = diverted(bond);
	now->dropped = dropped(bond);
}

/* What follows entry @i: the next one, or what has been counted up to now. */
static const struct entry *follower(const struct bond *bond, u32 i,
				    struct entry *now)
{
	const struct bond_ledger *ledger = bond->ledger;

	if (i + 1 != ledger->count)
		return &ledger->ring[(i + 1) % ENTRIES];
	count_now(bond, now);
	return now;
}

/* --- phase two ----------------------------------------------------------- */

/**
 * bond_ledger_shown() - how far is what happened in the view by now?
 * @bond: the bond
 *
 * Who is about to tell asks first: what happens while he tells he has not told.
 *
 * Context: any.
 * Return: for bond_ledger_told() and bond_ledger_announced().
 */
u32 bond_ledger_shown(struct bond *bond)
{
	unsigned long flags;
	u32 shown;

	spin_lock_irqsave(&bond->lock, flags);
	shown = bond->ledger->unswitched;
	spin_unlock_irqrestore(&bond->lock, flags);
	return shown;
}

/**
 * bond_ledger_told() - the world was told
 * @bond: the bond
 * @shown: bond_ledger_shown() before that began
 *
 * Context: RTNL.
 */
void bond_ledger_told(struct bond *bond, u32 shown)
{
	struct bond_ledger *ledger = bond->ledger;
	struct bond_ledger_line line;
	u64 now = ktime_get_ns();
	struct entry today = {};
	unsigned long flags;
	u32 i;

	ASSERT_RTNL();
	if ((s32)(shown - ledger->untold) <= 0)
		return;
	spin_lock_irqsave(&bond->lock, flags);
	i = oldest(ledger, ledger->untold);
	for (; (s32)(shown - i) > 0; i++) {
		struct entry *e = &ledger->ring[i % ENTRIES];

		e->told = since(e, now);
		if (!trace_bond_told_enabled())
			continue;
		describe(e, follower(bond, i, &today), &line);
		trace_bond_told(bond->dev, &line);
	}
	ledger->untold = shown;
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_ledger_announced() - peers were told where we are
 * @bond: the bond
 * @shown: bond_ledger_shown() before that began
 *
 * It was the last change of the active port that was announced.
 *
 * Context: any.
 */
void bond_ledger_announced(struct bond *bond, u32 shown)
{
	struct bond_ledger *ledger = bond->ledger;
	struct bond_ledger_line line;
	struct entry *last = NULL;
	struct entry today = {};
	unsigned long flags;
	u32 i, at = 0;

	spin_lock_irqsave(&bond->lock, flags);
	i = oldest(ledger, ledger->unannounced);
	for (; (s32)(shown - i) > 0; i++)
		if (ledger->ring[i % ENTRIES].what == LEDGER_ACTIVE)
			last = &ledger->ring[(at = i) % ENTRIES];
	if (last)
		last->announced = since(last, ktime_get_ns());
	if (last && trace_bond_announced_enabled()) {
		describe(last, follower(bond, at, &today), &line);
		trace_bond_announced(bond->dev, &line);
	}
	if ((s32)(shown - ledger->unannounced) > 0)
		ledger->unannounced = shown;
	spin_unlock_irqrestore(&bond->lock, flags);
}

/* --- reading ------------------------------------------------------------- */

/**
 * bond_ledger_sum() - what the failovers add up to
 * @bond: the bond
 * @out: is filled
 *
 * Context: any.
 */
void bond_ledger_sum(struct bond *bond, struct bond_ledger_sums *out)
{
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	*out = bond->ledger->sums;
	spin_unlock_irqrestore(&bond->lock, flags);
	out->diverted = diverted(bond);
}

static int show_ns(u64 ns, char *buf, int len)
{
	return ns ? sysfs_emit_at(buf, len, " %llu", ns) :
		    sysfs_emit_at(buf, len, " -");
}

static int show_entry(const struct entry *e, const struct entry *next,
		      char *buf, int len)
{
	struct bond_ledger_line line;
	int start = len;
	u32 us;
	u64 s;

	describe(e, next, &line);
	s = div_u64_rem(e->news, NSEC_PER_SEC, &us);
	len += sysfs_emit_at(buf, len, "%llu.%06u ", s, us / 1000);
	len += sysfs_emit_at(buf, len, "%s %s %s %s %s %s", line.event,
			     line.port, line.from, line.to, line.cause, line.by);
	len += show_ns(line.switched, buf, len);
	len += show_ns(line.told, buf, len);
	len += show_ns(line.announced, buf, len);
	len += sysfs_emit_at(buf, len, " %llu %llu\n", line.diverted,
			     line.dropped);
	return len - start;
}

/* A copy of entry @i; false when newer ones have taken its place meanwhile. */
static bool copy_entry(const struct bond *bond, u32 i, struct entry *to)
{
	const struct bond_ledger *ledger = bond->ledger;
	unsigned long flags;
	bool there;

	spin_lock_irqsave(bond_lock_of(bond), flags);
	there = ledger->count - i <= ENTRIES;
	*to = ledger->ring[i % ENTRIES];
	spin_unlock_irqrestore(bond_lock_of(bond), flags);
	return there;
}

/* How many entries there have been, and what has been counted up to now. */
static u32 entries_now(const struct bond *bond, struct entry *now)
{
	unsigned long flags;
	u32 count;

	spin_lock_irqsave(bond_lock_of(bond), flags);
	count = bond->ledger->count;
	count_now(bond, now);
	spin_unlock_irqrestore(bond_lock_of(bond), flags);
	return count;
}

static const char heading[] =
	"# time event port from to cause seen-by switched-ns told-ns announced-ns diverted dropped";

/**
 * bond_ledger_show() - the ledger as text, newest first
 * @bond: the bond
 * @buf: a page
 *
 * The lock is let go between lines. The ledger may grow meanwhile: what is shown
 * is what it had at the beginning, so that no entry is shown twice.
 *
 * Context: RCU; takes bond->lock.
 * Return: octets written.
 */
int bond_ledger_show(const struct bond *bond, char *buf)
{
	struct entry next = {}, e;
	u32 count, back;
	int len;

	len = sysfs_emit(buf, "%s\n", heading);
	count = entries_now(bond, &next);
	for (back = 1; back <= min_t(u32, count, ENTRIES); back++) {
		if (len >= PAGE_SIZE - LINE_MAX ||
		    !copy_entry(bond, count - back, &e))
			break;
		len += show_entry(&e, &next, buf, len);
		next = e;
	}
	return len;
}
