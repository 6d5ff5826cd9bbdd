// SPDX-License-Identifier: GPL-2.0
/*
 * Stage, check, commit. A request, whatever door it came in by, fills a copy
 * of the settings row by row; each row is checked against what the request
 * has already asked for; only a request without fault is committed, as a
 * whole. The rows themselves are in bond_option_table.c.
 */
#include <linux/netlink.h>
#include <net/ipv6.h>

#include "bond.h"
#include "bond_trace.h"
#include "learn.h"
#include "engine.h"
#include "option.h"

/* a text is quoted in messages without the newline it usually ends with */
static int quoted_len(const char *text)
{
	return strcspn(text, "\n");
}

/**
 * bond_stage_begin() - start a request to a bond
 * @st: the request
 * @bond: the bond
 * @ea: where refusals are explained, or NULL
 *
 * Context: RTNL, until bond_stage_commit() or until the request is dropped.
 */
void bond_stage_begin(struct bond_stage *st, struct bond *bond,
		      struct netlink_ext_ack *ea)
{
	ASSERT_RTNL();
	memset(st, 0, sizeof(*st));
	st->bond = bond;
	st->dev = bond->dev;
	st->want = bond->config;
	st->ea = ea;
}

/**
 * bond_stage_new() - start a request for a bond that is only being made
 * @st: the request; its @want is what to register the bond with
 * @dev: the device to be
 * @base: the settings to start from
 * @ea: where refusals are explained, or NULL
 *
 * Context: RTNL.
 */
void bond_stage_new(struct bond_stage *st, struct net_device *dev,
		    const struct bond_config *base, struct netlink_ext_ack *ea)
{
	memset(st, 0, sizeof(*st));
	st->dev = dev;
	st->want = *base;
	st->ea = ea;
}

/**
 * bond_stage_port() - let a request also concern one port
 * @st: the request
 * @port: a port of the request's bond
 *
 * Context: RTNL.
 */
void bond_stage_port(struct bond_stage *st, struct bond_port *port)
{
	ASSERT_RTNL();
	st->port = port;
	st->port_want = port->cfg;
}

/**
 * bond_stage_explain() - say in extack why a request is refused
 * @st: the request
 * @err: -errno
 * @why: constant text
 *
 * Context: RTNL.
 * Return: @err.
 */
int bond_stage_explain(struct bond_stage *st, int err, const char *why)
{
	if (!st->ea)
		return err;
	st->ea->_msg = why;
	if (st->attr)
		NL_SET_BAD_ATTR(st->ea, st->attr);
	return err;
}

/**
 * bond_stage_refuse() - explain why a row could not be set
 * @st: the request
 * @o: the row
 * @err: -errno, which decides the words
 * @text: the value as text, or NULL
 * @value: the value as number, where there is no text
 *
 * Context: RTNL.
 * Return: @err.
 */
int bond_stage_refuse(struct bond_stage *st, const struct bond_option *o,
		      int err, const char *text, s64 value)
{
	int len = text ? quoted_len(text) : 0;

	switch (err) {
	case -EINVAL:
		bond_stage_explain(st, err, "invalid option value");
		if (text)
			stage_err(st, "option %s: invalid value (%.*s)\n",
				  o->name, len, text);
		else
			stage_err(st, "option %s: invalid value (%llu)\n",
				  o->name, value);
		if (o->kind == BOND_K_NUMBER && !(o->flags & BOND_F_PORT))
			stage_err(st, "option %s: allowed values %lld - %lld\n",
				  o->name, o->min, o->max);
		break;
	case -EBUSY:
		bond_stage_explain(st, err, "unable to set option because the bond is up");
		stage_err(st, "option %s: unable to set because the bond device is up\n",
			  o->name);
		break;
	case -ENODEV:
		if (text)
			stage_err(st, "option %s: interface %.*s does not exist!\n",
				  o->name, len, text);
		break;
	}
	return err;
}

/**
 * bond_stage_allowed() - may this option be written at all now?
 * @st: the request
 * @o: the row
 *
 * The order of the tests decides the errno, which is an interface.
 *
 * Context: RTNL.
 * Return: 0; -EACCES in the wrong mode; -ENOTEMPTY with ports; -EBUSY while
 * the bond is up.
 */
int bond_stage_allowed(struct bond_stage *st, const struct bond_option *o)
{
	const struct bond_mode *mode = bond_mode_by_id(st->want.mode);

	if (!bond_option_in_mode(o, &st->want)) {
		bond_stage_explain(st, -EACCES, "option not supported in mode");
		stage_err(st, "option %s: mode dependency failed, not supported in mode %s(%u)\n",
			  o->name, mode->name, mode->id);
		return -EACCES;
	}
	if (!st->bond)
		return 0;
	if ((o->flags & BOND_F_EMPTY) && st->bond->nports) {
		bond_stage_explain(st, -ENOTEMPTY,
				   "unable to set option because the bond device has slaves");
		stage_err(st, "option %s: unable to set because the bond device has slaves\n",
			  o->name);
		return -ENOTEMPTY;
	}
	if ((o->flags & BOND_F_DOWN) && (st->dev->flags & IFF_UP))
		return bond_stage_refuse(st, o, -EBUSY, NULL, 0);
	return 0;
}

/* The delays count in miimon ticks, so there have to be any. */
static int check_miimon(struct bond_stage *st, const struct bond_option *o,
			u32 value)
{
	u32 miimon = st->want.miimon;

	if (!(o->flags & BOND_F_MIIMON))
		return 0;
	if (!miimon) {
		stage_err(st, "Unable to set %s as MII monitoring is disabled\n",
			  o->label);
		return bond_stage_explain(st, -EPERM,
					  "unable to set option because MII monitoring is disabled");
	}
	if (value % miimon)
		stage_warn(st, "%s (%d) is not a multiple of miimon (%d), value rounded to %d ms\n",
			   o->label, value, miimon, value / miimon * miimon);
	return 0;
}

static int store(struct bond_stage *st, const struct bond_option *o, u32 value)
{
	void *config = o->flags & BOND_F_PORT ? (void *)&st->port_want :
						(void *)&st->want;
	u32 old = bond_option_get(o, config);
	int err;

	err = check_miimon(st, o, value);
	if (err)
		return err;
	if (value == old)
		return 0;
	bond_option_put(o, config, value);
	if (o->effect)
		o->effect(&st->want);
	if (o != &bond_options[BOND_OPT_PRIO] || !st->bond->primary)
		st->apply |= o->apply;
	else
		stage_warn(st, "(slave %s): prio updated, but will not affect failover re-selection as primary slave have been set\n",
			   st->port->dev->name);
	return 0;
}

/**
 * bond_stage_number() - ask for a value given as a number
 * @st: the request
 * @o: the row, a word or a number
 * @value: the value
 *
 * Context: RTNL.
 * Return: 0, or -errno as bond_stage_allowed() and the row
 * have it.
 */
int bond_stage_number(struct bond_stage *st, const struct bond_option *o,
		      s64 value)
{
	int err = bond_stage_allowed(st, o);

	if (err)
		return err;
	if (!bond_option_in_range(o, value))
		return bond_stage_refuse(st, o, -EINVAL, NULL, value);
	return store(st, o, (u32)value);
}

/**
 * bond_stage_text() - ask for a value given as text
 * @st: the request
 * @o: the row, of any kind
 * @text: the text, as sysfs takes it
 *
 * Context: RTNL.
 * Return: 0, or -errno as bond_stage_allowed() and the row
 * have it.
 */
int bond_stage_text(struct bond_stage *st, const struct bond_option *o,
		    const char *text)
{
	int err = bond_stage_allowed(st, o);
	u32 value;

	if (err)
		return err;
	if (o->kind > BOND_K_NUMBER || o == &bond_options[BOND_OPT_QUEUE_ID])
		err = bond_stage_raw(st, o, text);
	else
		err = bond_option_parse(o, text, &value) ?:
		      store(st, o, value);
	return err ? bond_stage_refuse(st, o, err, text, 0) : 0;
}

/* --- commit -------------------------------------------------------------- */

/*
 * A row's value for whoever traces, at most one word and a number; of a list
 * the entry @i, "" where it has no such one.
 */
static void describe(const struct bond_option *o, const void *config, int i,
		     char *buf, size_t size)
{
	const void *field = (const u8 *)config + o->field;
	const struct in6_addr *six = field;
	const __be32 *four = field;
	int len;

	*buf = 0;
	switch (o->kind) {
	case BOND_K_IPV4:
		if (four[i])
			scnprintf(buf, size, "%pI4", &four[i]);
		break;
	case BOND_K_IPV6:
		if (!ipv6_addr_any(&six[i]))
			scnprintf(buf, size, "%pI6c", &six[i]);
		break;
	case BOND_K_IFNAME:
		strscpy(buf, field, size);
		break;
	case BOND_K_MAC:
		scnprintf(buf, size, "%pM", field);
		break;
	default:
		len = bond_option_print(o, config, buf, size);
		buf[len - 1] = 0;	/* the newline */
	}
}

/*
 * One event for each row that a request changes, of a list for its first entry
 * that differs. @port: whose rows, or NULL for those of the bond
 */
static void trace_changes(const struct bond *bond, const struct bond_port *port,
			  const void *old, const void *now)
{
	static const struct { u8 width, count; } shape[] = {
		[BOND_K_WORD] = { sizeof(u32), 1 },
		[BOND_K_NUMBER] = { sizeof(u32), 1 },
		[BOND_K_IPV4] = { sizeof(__be32), BOND_TARGETS },
		[BOND_K_IPV6] = { sizeof(struct in6_addr), BOND_TARGETS },
		[BOND_K_IFNAME] = { BOND_NAME, 1 },
		[BOND_K_MAC] = { ETH_ALEN, 1 },
		[BOND_K_COMMAND] = { 0, 0 },
	};
	char from[BOND_TRACE_VALUE], to[BOND_TRACE_VALUE];
	const struct bond_option *o;
	int i, width, at;

	if (!trace_bond_option_enabled())
		return;
	for (o = bond_options; o < &bond_options[BOND_OPT_COUNT]; o++) {
		/* the one row that is another's second name */
		if (!!(o->flags & BOND_F_PORT) != !!port ||
		    o == &bond_options[BOND_OPT_NUM_UNSOL_NA])
			continue;
		width = shape[o->kind].width;
		for (i = 0; i < shape[o->kind].count; i++) {
			at = o->field + i * width;
			if (memcmp((const u8 *)old + at, (const u8 *)now + at, width))
				break;
		}
		if (i == shape[o->kind].count)
			continue;
		describe(o, old, i, from, sizeof(from));
		describe(o, now, i, to, sizeof(to));
		trace_bond_option(bond->dev, port ? port->dev : NULL, o->name,
				  from, to);
	}
}

static bool commit_port(struct bond_stage *st)
{
	struct bond_port *port = st->port;
	struct bond *bond = st->bond;
	unsigned long flags;

	if (!port || !memcmp(&port->cfg, &st->port_want, sizeof(port->cfg)))
		return false;
	trace_changes(bond, port, &port->cfg, &st->port_want);
	spin_lock_irqsave(&bond->lock, flags);
	port->cfg = st->port_want;
	spin_unlock_irqrestore(&bond->lock, flags);
	return true;
}

static bool commit_bond(struct bond_stage *st)
{
	struct bond *bond = st->bond;
	unsigned long flags;

	if (!memcmp(&bond->config, &st->want, sizeof(bond->config)))
		return false;
	trace_changes(bond, NULL, &bond->config, &st->want);
	spin_lock_irqsave(&bond->lock, flags);
	bond->config = st->want;
	spin_unlock_irqrestore(&bond->lock, flags);
	return true;
}

/**
 * bond_stage_commit() - put a checked request into force
 * @st: the request
 *
 * What can still fail, memory and making a port active, comes first. A
 * request that changes nothing has no effect at all.
 *
 * Context: RTNL, may sleep.
 * Return: 1 when something has changed, 0 when
 * nothing has, or -errno, and then nothing has.
 */
int bond_stage_commit(struct bond_stage *st)
{
	struct bond *bond = st->bond;
	struct bond_config old = bond->config;
	bool changed = false;
	int err;

	ASSERT_RTNL();
	if (bond->xdp_prog && !bond_xdp_possible(&st->want)) {
		stage_err(st, "not possible with an XDP program loaded\n");
		st->attr = st->xdp_attr;
		return bond_stage_explain(st, -EOPNOTSUPP,
					  "not possible with an XDP program loaded");
	}
	if (st->want.announce || st->want.slb) {
		err = bond_learn_reserve(bond);
		if (err)
			return err;
	}
	if (st->set_active && st->active != READ_ONCE(bond->active)) {
		changed = true;
		err = bond_active_set(bond, st->active);
		if (err)
			return err;
	}
	changed |= commit_port(st);
	changed |= commit_bond(st);
	if (!changed && !st->apply)
		return 0;
	if (st->apply & BOND_A_MODE)
		bond_apply_mode(bond);
	if (st->apply & BOND_A_PRIMARY)
		bond_apply_primary(bond);
	if (st->apply & BOND_A_RESELECT)
		bond_apply_reselect(bond);
	bond_reconfigured(bond, &old);
	return 1;
}

/**
 * bond_option_write() - write one option as text and tell everybody
 * @bond: the bond
 * @o: the row
 * @text: the value as sysfs takes it; the old ioctls come here too
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -errno.
 */
int bond_option_write(struct bond *bond, const struct bond_option *o,
		      const char *text)
{
	struct bond_stage st;
	int err;

	bond_stage_begin(&st, bond, NULL);
	err = bond_stage_text(&st, o, text);
	if (!err)
		err = bond_stage_commit(&st);
	if (err > 0 || (!err && st.acted))
		call_netdevice_notifiers(NETDEV_CHANGEINFODATA, bond->dev);
	return min(err, 0);
}

/**
 * bond_port_option_write() - write one option of a port as text
 * @port: the port
 * @o: the row
 * @text: the value
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -errno.
 */
int bond_port_option_write(struct bond_port *port, const struct bond_option *o,
			   const char *text)
{
	struct bond_stage st;
	int err;

	bond_stage_begin(&st, port->bond, NULL);
	bond_stage_port(&st, port);
	err = bond_stage_text(&st, o, text);
	if (!err)
		err = bond_stage_commit(&st);
	if (err > 0)
		call_netdevice_notifiers(NETDEV_CHANGEINFODATA, port->bond->dev);
	return min(err, 0);
}
