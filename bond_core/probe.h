/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ARP and NS monitor, as far as it decides: what counts as a sign of life,
 * whose answer a frame is, and which ports are up. One table of targets, two
 * encoders. Times are milliseconds on any clock that never runs backwards.
 *
 * A port is judged in two steps that share only struct probe_times:
 *
 *   frame --> probe_receive() --> times <-- shell notes what it sends
 *                                   |
 *   tick  --> probe_verdict() <-----+
 */
#ifndef BOND_CORE_PROBE_H
#define BOND_CORE_PROBE_H

#include "shim.h"

#define PROBE_TARGETS	16			/* of each family */
#define PROBE_SLOTS	(2 * PROBE_TARGETS)	/* IPv4 first, then IPv6 */

#define PROBE_ARP_LEN	42			/* Ethernet and ARP */
#define PROBE_NS_LEN	(14 + 40 + 24 + 8)	/* ... with our link-layer address */
#define PROBE_FRAME_MAX	PROBE_NS_LEN
#define PROBE_HEADER_MAX 64			/* what probe_parse() looks at */

/**
 * struct probe_times - when a port was last known to live
 * @tx: it last sent
 * @rx: it last received something that counts
 * @up: its link last came up
 * @lag: how long answers have taken lately, ms
 * @answered: targets that have answered since @asked, a bit each
 * @asked: the @tx that this is about
 * @target_rx: each target last answered on it
 *
 * Written where frames arrive, read by the monitor; single words, so neither
 * needs a lock.
 */
struct probe_times {
	u64 tx;
	u64 rx;
	u64 up;
	u32 lag;
	u32 answered;
	u64 asked;
	u64 target_rx[PROBE_SLOTS];
};

/**
 * struct probe_config - the options that matter here
 * @interval: arp_interval, ms, not 0
 * @missed_max: arp_missed_max
 * @validate: arp_validate, 0..6
 * @all_targets: arp_all_targets: every target must answer (mode 1 only: the
 *	caller leaves it false in other modes)
 * @v4: IPv4 targets, 0 ends the list
 * @v6: IPv6 targets, :: ends the list
 */
struct probe_config {
	u32 interval;
	u32 missed_max;
	u32 validate;
	bool all_targets;
	const __be32 *v4;
	const struct in6_addr *v6;
};

/* arp_validate is a set of these */
#define PROBE_VALIDATE_ACTIVE	BIT(0)
#define PROBE_VALIDATE_BACKUP	BIT(1)
#define PROBE_FILTER		BIT(2)	/* nothing but ARP and IPv6 counts */

/**
 * enum probe_role - what a port is to the monitor
 * @PROBE_ON_ACTIVE: it carries traffic (every port, in load-balance modes)
 * @PROBE_ON_BACKUP: it waits
 * @PROBE_ON_TRIAL: nobody is active and it is this port's turn to ask
 */
enum probe_role {
	PROBE_ON_ACTIVE,
	PROBE_ON_BACKUP,
	PROBE_ON_TRIAL,
};

/**
 * enum probe_kind - what a received frame is to the monitor
 * @PROBE_OTHER: traffic
 * @PROBE_IP6: IPv6, but no neighbour discovery
 * @PROBE_ARP: a well-formed ARP for Ethernet and IPv4
 * @PROBE_BAD_ARP: any other ARP: it counts where validation is off
 * @PROBE_ND: a neighbour solicitation or advertisement
 */
enum probe_kind {
	PROBE_OTHER,
	PROBE_IP6,
	PROBE_ARP,
	PROBE_BAD_ARP,
	PROBE_ND,
};

/**
 * struct probe_frame - what a received frame says
 * @kind: what it is
 * @reply: ARP reply or neighbour advertisement
 * @sip: ARP sender
 * @tip: ARP target
 * @saddr: IPv6 source
 * @daddr: IPv6 destination
 * @target: who is asked for, or speaks, by neighbour discovery
 */
struct probe_frame {
	enum probe_kind kind;
	bool reply;
	__be32 sip;
	__be32 tip;
	struct in6_addr saddr;
	struct in6_addr daddr;
	struct in6_addr target;
};

/**
 * struct probe_scene - what stands around a received frame
 * @cfg: options
 * @role: of the port it came in by
 * @to_us: the frame was addressed to this host (not to another, no loopback)
 * @active_heard: the active port has received since its link came up
 * @now: time of arrival
 * @own4: is this address on the bond or above it?
 * @own6: the same for IPv6
 * @ctx: for @own4 and @own6
 */
struct probe_scene {
	const struct probe_config *cfg;
	enum probe_role role;
	bool to_us;
	bool active_heard;
	u64 now;
	bool (*own4)(void *ctx, __be32 addr);
	bool (*own6)(void *ctx, const struct in6_addr *addr);
	void *ctx;
};

/**
 * enum probe_verdict - what the monitor says about a port
 * @PROBE_KEEP: nothing new
 * @PROBE_UP: it came to life
 * @PROBE_DOWN: it fell silent
 */
enum probe_verdict {
	PROBE_KEEP,
	PROBE_UP,
	PROBE_DOWN,
};

/**
 * struct probe_seat - a port as the verdict of active-backup sees it
 * @role: what it is
 * @up: its link state is up
 * @someone_on_trial: some port of the bond is asking in place of an active one
 */
struct probe_seat {
	enum probe_role role;
	bool up;
	bool someone_on_trial;
};

void probe_parse(struct probe_frame *f, __be16 proto, const u8 *net, u32 len);
bool probe_receive(struct probe_times *t, const struct probe_frame *f,
		   const struct probe_scene *s);
int probe_target(const struct probe_times *t, const struct probe_frame *f,
		 const struct probe_scene *s);

void probe_times_init(struct probe_times *t, const struct probe_config *cfg, u64 now);
void probe_times_lost(struct probe_times *t, const struct probe_config *cfg, u64 now);
void probe_times_heard(struct probe_times *t, u64 now);
void probe_times_move(struct probe_times *t, const struct probe_config *old,
		      const struct probe_config *cfg, u64 now);
void probe_times_forgive(struct probe_times *t, u64 late, u64 now);
void probe_times_renew(struct probe_times *t, u64 now);
int probe_spoke4(const struct probe_config *cfg, const struct probe_frame *f);
u64 probe_last_rx(const struct probe_times *t, const struct probe_config *cfg);
bool probe_within(u64 last, u32 n, u32 interval, u64 now);
u64 probe_deadline_balance(const struct probe_times *t, const struct probe_config *cfg);
u64 probe_deadline_backup(const struct probe_times *t, const struct probe_config *cfg,
			  const struct probe_seat *seat);
enum probe_verdict probe_verdict_balance(const struct probe_times *t,
					 const struct probe_config *cfg, bool up, u64 now);
enum probe_verdict probe_verdict_backup(const struct probe_times *t,
					const struct probe_config *cfg,
					const struct probe_seat *seat, u64 now);
u32 probe_next_trial(bool (*can)(void *ctx, u32 i), void *ctx, u32 n, u32 current_port);

u32 probe_build_arp(u8 *buf, const u8 *mac, __be32 from, __be32 target);
u32 probe_build_ns(u8 *buf, const u8 *mac, const struct in6_addr *from,
		   const struct in6_addr *target);
void probe_asker6(const u8 *mac, struct in6_addr *addr);
void probe_solicited(const struct in6_addr *target, struct in6_addr *group, u8 *mac);

/**
 * probe_counts() - may a frame of this kind count without being looked into?
 * @cfg: options
 * @role: of the port it came in by
 * @kind: what it is
 * @validate: set when instead its contents decide (probe_target())
 *
 * This is arp_validate as a table: ports whose validation is on believe only
 * proven answers; elsewhere any frame counts, or under a filter any ARP and any
 * IPv6 frame.
 *
 * Context: any, hot path.
 * Return: true when it counts as it is.
 */
static inline bool probe_counts(const struct probe_config *cfg, enum probe_role role,
				enum probe_kind kind, bool *validate)
{
	u32 bit = role == PROBE_ON_BACKUP ? PROBE_VALIDATE_BACKUP : PROBE_VALIDATE_ACTIVE;

	*validate = false;
	if (cfg->validate & bit) {
		*validate = kind == PROBE_ARP || kind == PROBE_ND;
		return false;
	}
	return !(cfg->validate & PROBE_FILTER) || kind != PROBE_OTHER;
}

#endif
