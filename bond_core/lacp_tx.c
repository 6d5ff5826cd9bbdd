// SPDX-License-Identifier: GPL-2.0
/*
 * Periodic Transmission machine (6.4.13) and the Transmit rules (6.4.16).
 *
 * The interval follows the Partner's Timeout bit. A LACPDU over the limit is
 * delayed, never lost, and says what is true when it leaves.
 */
#include "lacp_priv.h"

static bool partner_short(const struct lacp_port *port)
{
	return port->partner.state & LACP_BIT_TIMEOUT;
}

static bool partner_long(const struct lacp_port *port)
{
	return !partner_short(port);
}

static bool interval_over(const struct lacp_port *port)
{
	return lacp_timer_due(port, LACP_T_PERIODIC);
}

static bool over_or_short(const struct lacp_port *port)
{
	return interval_over(port) || partner_short(port);
}

/**
 * lacp_no_periodic() - must the port keep silent?
 * @port: the port
 *
 * Context: serialised by the caller
 * Return: true if it is disabled, has no LACP, or both ends are passive
 */
bool lacp_no_periodic(const struct lacp_port *port)
{
	return !port->enabled || !port->full_duplex ||
	       (!port->sys->cfg.active && !(port->partner.state & LACP_BIT_ACTIVITY));
}

static bool may_talk(const struct lacp_port *port)
{
	return !lacp_no_periodic(port);
}

static void enter_no_periodic(struct lacp_port *port)
{
	lacp_timer_stop(port, LACP_T_PERIODIC);
}

static void enter_fast(struct lacp_port *port)
{
	lacp_timer_start(port, LACP_T_PERIODIC, LACP_FAST_PERIODIC_TIME);
}

static void enter_slow(struct lacp_port *port)
{
	lacp_timer_start(port, LACP_T_PERIODIC, LACP_SLOW_PERIODIC_TIME);
}

static void enter_periodic_tx(struct lacp_port *port)
{
	port->ntt = true;
}

static const struct lacp_step steps[] = {
	{ LACP_ANY,			LACP_PERIODIC_NO_PERIODIC,   lacp_no_periodic },
	{ LACP_PERIODIC_NO_PERIODIC,	LACP_PERIODIC_FAST_PERIODIC, may_talk },
	{ LACP_PERIODIC_FAST_PERIODIC,	LACP_PERIODIC_PERIODIC_TX,   interval_over },
	{ LACP_PERIODIC_FAST_PERIODIC,	LACP_PERIODIC_SLOW_PERIODIC, partner_long },
	{ LACP_PERIODIC_SLOW_PERIODIC,	LACP_PERIODIC_PERIODIC_TX,   over_or_short },
	{ LACP_PERIODIC_PERIODIC_TX,	LACP_PERIODIC_FAST_PERIODIC, partner_short },
	{ LACP_PERIODIC_PERIODIC_TX,	LACP_PERIODIC_SLOW_PERIODIC, partner_long },
};

static const struct lacp_state states[LACP_PERIODIC_COUNT] = {
	[LACP_PERIODIC_NO_PERIODIC]	= { enter_no_periodic },
	[LACP_PERIODIC_FAST_PERIODIC]	= { enter_fast },
	[LACP_PERIODIC_SLOW_PERIODIC]	= { enter_slow },
	[LACP_PERIODIC_PERIODIC_TX]	= { enter_periodic_tx },
};

const struct lacp_machine lacp_periodic_machine = {
	.steps = steps,
	.nsteps = ARRAY_SIZE(steps),
	.states = states,
};

/**
 * lacp_slot_take() - use up one of n frames a second
 * @slots: when each slot is free again, 0 at first
 * @n: number of slots
 * @now: the time
 *
 * Context: serialised by the caller
 * Return: false if none is free
 */
bool lacp_slot_take(u64 *slots, unsigned int n, u64 now)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (slots[i] > now)
			continue;
		slots[i] = now + LACP_SLOT_TIME;
		return true;
	}
	return false;
}

static u64 first_free(const struct lacp_port *port)
{
	u64 at = port->tx_free[0];
	unsigned int i;

	for (i = 1; i < LACP_TX_BURST; i++)
		at = min(at, port->tx_free[i]);
	return at;
}

/*
 * NO_PERIODIC clears NTT (6.4.16). What the partner was not told then is told
 * when the silence ends: with a slow partner it would else take 30 s.
 */
static void hush(struct lacp_port *port)
{
	if (port->state[LACP_MACHINE_PERIODIC] == LACP_PERIODIC_NO_PERIODIC) {
		port->hushed |= port->ntt;
		port->ntt = false;
	} else if (port->hushed) {
		port->hushed = false;
		port->ntt = true;
	}
}

static void count_goodbye(struct lacp_port *port)
{
	port->stats.goodbyes++;
	port->sys->stats.goodbyes++;
}

/**
 * lacp_transmit() - the Transmit machine
 * @port: the port, its other machines at rest
 *
 * Asks the caller to send, or sets the time when that becomes possible.
 *
 * Context: serialised by the caller
 */
void lacp_transmit(struct lacp_port *port)
{
	u64 now = port->sys->now;

	lacp_timer_stop(port, LACP_T_TRANSMIT);
	/* the next slot is kept for its farewell */
	if (port->parting || port->paused)
		return;
	/* back before the partner was told that it is away */
	port->owes &= !port->enabled;
	hush(port);
	if (!port->ntt && !port->owes)
		return;
	if (port->tx_retry > now) {
		port->timer[LACP_T_TRANSMIT] = port->tx_retry;
		return;
	}
	if (!lacp_slot_take(port->tx_free, LACP_TX_BURST, now)) {
		port->timer[LACP_T_TRANSMIT] = first_free(port);
		return;
	}
	port->pausing = port->owes;
	port->owes = false;
	port->ntt = false;
	lacp_ask(port, LACP_DO_SEND);
}

#define PAUSE_TRIES	3	/* times a device may refuse a pause that is owed */

/* what a partner is to stop believing of a port that is about to fall silent */
#define WITHDRAWN	(LACP_BIT_SYNC | LACP_BIT_COLLECTING | LACP_BIT_DISTRIBUTING)

static void write_pdu(const struct lacp_port *port, u8 cleared, u8 *buf)
{
	struct lacp_pdu pdu = { .version = 1 };

	lacp_port_actor(port, &pdu.actor);
	lacp_port_partner(port, &pdu.partner);
	pdu.actor.state &= ~cleared;
	lacp_pdu_write(&pdu, buf);
}

/**
 * lacp_build_pdu() - the LACPDU that describes the port now
 * @port: a port with LACP_DO_SEND
 * @buf: LACP_PDU_LEN octets: the payload, from the subtype octet on
 *
 * Of a port that is disabled it is the pause it has owed.
 *
 * Context: serialised by the caller
 */
void lacp_build_pdu(const struct lacp_port *port, u8 *buf)
{
	write_pdu(port, port->enabled ? 0 : WITHDRAWN, buf);
}

/**
 * lacp_build_marker() - the answer to the last Marker request
 * @port: a port with LACP_DO_MARKER
 * @buf: LACP_PDU_LEN octets: the payload, from the subtype octet on
 *
 * Context: serialised by the caller
 */
void lacp_build_marker(const struct lacp_port *port, u8 *buf)
{
	lacp_marker_write(&port->marker, true, buf);
}

/**
 * lacp_sent() - what became of a frame
 * @port: the port
 * @what: LACP_DO_SEND or LACP_DO_MARKER
 * @ok: the device took it
 * @now: the time, ms
 *
 * A LACPDU that the device refused is due again a little later, within the
 * rate limit; a Marker response is the requester's business. A pause is owed
 * again, but not for ever: its link may be what is gone.
 *
 * Context: serialised by the caller
 * Return: what to do next
 */
struct lacp_effects lacp_sent(struct lacp_port *port, u32 what, bool ok, u64 now)
{
	struct lacp_system *sys = port->sys;

	lacp_begin(sys, now);
	if (what == LACP_DO_MARKER) {
		port->stats.marker_resp_tx += ok;
		sys->stats.marker_resp_tx += ok;
	} else if (ok) {
		port->stats.lacpdu_tx++;
		sys->stats.lacpdu_tx++;
		if (port->pausing)
			count_goodbye(port);
	} else {
		port->stats.tx_failed++;
		sys->stats.tx_failed++;
		port->ntt = true;
		if (port->pausing && port->pause_tries) {
			port->pause_tries--;
			port->owes = true;
		}
		port->tx_retry = sys->now + LACP_RETRY_TIME;
		lacp_touch(port);
	}
	return lacp_finish(sys);
}

static bool may_say_goodbye(const struct lacp_port *port)
{
	return port->owes ||
	       port->state[LACP_MACHINE_PERIODIC] != LACP_PERIODIC_NO_PERIODIC;
}

/* Return: false over the limit */
static bool last_words(struct lacp_port *port, u8 cleared, u8 *buf, u64 now)
{
	struct lacp_system *sys = port->sys;

	if (!lacp_slot_take(port->tx_free, LACP_TX_BURST, max(sys->now, now)))
		return false;
	write_pdu(port, WITHDRAWN | cleared, buf);
	port->owes = false;
	port->stats.lacpdu_tx++;
	sys->stats.lacpdu_tx++;
	count_goodbye(port);
	return true;
}

/**
 * lacp_parting() - a port is about to leave the bond
 * @port: the port
 * @now: the time, ms
 *
 * Over the limit a farewell is delayed, not lost (6.4.16). Until then the port
 * works as before, but the next slot is kept: it says nothing else.
 *
 * Context: serialised by the caller
 * Return: how long to wait before lacp_goodbye(), ms; 0: not at all, or nobody
 * is there to be told
 */
u32 lacp_parting(struct lacp_port *port, u64 now)
{
	u64 free_at = first_free(port);

	now = max(port->sys->now, now);
	if (!may_say_goodbye(port) || !lacp_has_partner(port))
		return 0;
	port->parting = true;
	return free_at > now ? free_at - now : 0;
}

/**
 * lacp_goodbye() - the last LACPDU of a port that leaves the bond
 * @port: the port
 * @buf: LACP_PDU_LEN octets, filled if there is something to send
 * @now: the time, ms
 *
 * Says that the port is neither in sync nor aggregatable any more, so that the
 * partner stops using it at once instead of waiting for a timeout. Call it
 * after the wait that lacp_parting() asks for and before lacp_port_remove(), and
 * send the frame while the link still works.
 *
 * Context: serialised by the caller
 * Return: true if @buf is to be sent; false when the port must keep silent or
 * the rate limit is used up
 */
bool lacp_goodbye(struct lacp_port *port, u8 *buf, u64 now)
{
	return may_say_goodbye(port) &&
	       last_words(port, LACP_BIT_AGGREGATION, buf, now);
}

/**
 * lacp_pause() - the last LACPDU before a bond goes down
 * @port: the port
 * @buf: LACP_PDU_LEN octets, filled if there is something to send
 * @now: the time, ms
 *
 * As lacp_goodbye(), before lacp_port_params() disables the port; else it is
 * silent until lacp_resume(). It stays aggregatable, so it keeps its place at
 * the partner: when the bond comes up again, both go on without the aggregate
 * wait. Over the limit the port owes it, and asks for it to be sent when that is
 * possible, unless it is enabled again by then.
 *
 * Context: serialised by the caller
 * Return: true if @buf is to be sent now
 */
bool lacp_pause(struct lacp_port *port, u8 *buf, u64 now)
{
	if (!may_say_goodbye(port))
		return false;
	/* what the partner answers is not to be contradicted */
	port->paused = port->enabled;
	if (last_words(port, 0, buf, now))
		return true;
	port->owes = lacp_has_partner(port);
	port->pause_tries = PAUSE_TRIES;
	return false;
}

/**
 * lacp_resume() - a port that has said lacp_pause() was not disabled after all
 * @port: the port
 * @now: the time, ms
 *
 * The partner may still believe that it is away, and is told otherwise.
 *
 * Context: serialised by the caller
 * Return: what to do next
 */
struct lacp_effects lacp_resume(struct lacp_port *port, u64 now)
{
	struct lacp_system *sys = port->sys;

	lacp_begin(sys, now);
	if (port->paused) {
		port->paused = false;
		port->ntt = true;
		lacp_touch(port);
	}
	return lacp_finish(sys);
}
