/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LACP (IEEE 802.1AX-2014, clause 6.4) as plain C: packets, link news and the
 * time go in, a list of things to do comes out. Nothing here sends, sleeps,
 * locks or allocates.
 *
 * The caller embeds a struct lacp_system in its bond and a struct lacp_port in
 * each port, and gives one struct lacp_aggregator, allocated on its own, with
 * every port it adds; removing a port gives one idle aggregator back to be
 * freed. So there are always as many aggregators as ports, one of them is
 * always free for a port that needs its own, and an aggregator in use outlives
 * the port it came with.
 *
 * Every entry takes @now, in ms of any monotone clock, and returns the moment
 * it wants to be called again. There is no tick. The caller serialises all
 * calls for one system.
 */
#ifndef BOND_CORE_LACP_H
#define BOND_CORE_LACP_H

#include "shim.h"

#define LACP_PDU_LEN		110	/* payload: from the subtype octet on */
#define LACP_NEVER		((u64)-1)
#define LACP_TX_BURST		3	/* LACPDUs in any one second */
#define LACP_MARKER_BURST	10	/* Marker responses in any one second */

/* LACP subtype and the ones that share its ethertype */
#define LACP_SUBTYPE_LACP	1
#define LACP_SUBTYPE_MARKER	2

/* the state octet of a LACPDU, also what /proc and netlink show */
#define LACP_BIT_ACTIVITY	BIT(0)
#define LACP_BIT_TIMEOUT	BIT(1)	/* set: short */
#define LACP_BIT_AGGREGATION	BIT(2)
#define LACP_BIT_SYNC		BIT(3)
#define LACP_BIT_COLLECTING	BIT(4)
#define LACP_BIT_DISTRIBUTING	BIT(5)
#define LACP_BIT_DEFAULTED	BIT(6)
#define LACP_BIT_EXPIRED	BIT(7)

/* States and their printed names come from the same lists. */
#define LACP_RX_STATES(X)						\
	X(RX, INITIALIZE) X(RX, PORT_DISABLED) X(RX, LACP_DISABLED)	\
	X(RX, EXPIRED) X(RX, DEFAULTED) X(RX, CURRENT)
#define LACP_PERIODIC_STATES(X)						\
	X(PERIODIC, NO_PERIODIC) X(PERIODIC, FAST_PERIODIC)		\
	X(PERIODIC, SLOW_PERIODIC) X(PERIODIC, PERIODIC_TX)
#define LACP_MUX_STATES(X)						\
	X(MUX, DETACHED) X(MUX, WAITING) X(MUX, ATTACHED)		\
	X(MUX, COLLECTING_DISTRIBUTING)					\
	X(MUX, COLLECTING) X(MUX, DISTRIBUTING)
#define LACP_CHURN_STATES(X)						\
	X(CHURN, MONITOR) X(CHURN, CHURN) X(CHURN, NO_CHURN)
#define LACP_MACHINE_LIST(X)						\
	X(MACHINE, RECEIVE) X(MACHINE, PERIODIC) X(MACHINE, MUX)	\
	X(MACHINE, ACTOR_CHURN) X(MACHINE, PARTNER_CHURN)
#define LACP_SELECTED_LIST(X)						\
	X(SEL, UNSELECTED) X(SEL, SELECTED) X(SEL, STANDBY)

#define LACP_ENUM(group, name) LACP_##group##_##name,
enum lacp_rx_state { LACP_RX_STATES(LACP_ENUM) LACP_RX_COUNT };
enum lacp_periodic_state { LACP_PERIODIC_STATES(LACP_ENUM) LACP_PERIODIC_COUNT };
enum lacp_mux_state { LACP_MUX_STATES(LACP_ENUM) LACP_MUX_COUNT };
enum lacp_churn_state { LACP_CHURN_STATES(LACP_ENUM) LACP_CHURN_COUNT };
enum lacp_machine_id { LACP_MACHINE_LIST(LACP_ENUM) LACP_MACHINES };
enum lacp_selected { LACP_SELECTED_LIST(LACP_ENUM) };

/* Why a port does not carry traffic; the words are in lacp_report.c. */
enum lacp_reason {
	LACP_REASON_BUNDLED,		/* it does */
	LACP_REASON_LINK_DOWN,
	LACP_REASON_HALF_DUPLEX,
	LACP_REASON_NO_PDU,		/* no partner was ever heard, or not for long */
	LACP_REASON_EXPIRED,		/* the partner has fallen silent */
	LACP_REASON_LOOPED,		/* we hear ourselves */
	LACP_REASON_KEY,		/* key or speed not that of the group in use */
	LACP_REASON_PARTNER_ID,		/* partner not that of the group in use */
	LACP_REASON_INDIVIDUAL,		/* the partner does not want to aggregate */
	LACP_REASON_HELD,		/* another group is in use */
	LACP_REASON_WAITING,		/* for the aggregate wait to end */
	LACP_REASON_PARTNER_WAITS,	/* for the partner to attach its end */
	LACP_REASON_PARTNER_DEAF,	/* for the partner to collect */
	LACP_REASONS
};

/* numbers as ad_select has them */
enum lacp_policy {
	LACP_SELECT_STABLE,	/* widest; stay while it works */
	LACP_SELECT_BANDWIDTH,	/* widest, looked at on every change */
	LACP_SELECT_COUNT,	/* most ports */
	LACP_SELECT_PORT_PRIO,	/* highest sum of port priorities */
};

enum lacp_timer {
	LACP_T_CURRENT_WHILE,
	LACP_T_PERIODIC,
	LACP_T_WAIT_WHILE,
	LACP_T_ACTOR_CHURN,
	LACP_T_PARTNER_CHURN,
	LACP_T_TRANSMIT,	/* an LACPDU held back by the rate limit */
	LACP_TIMERS
};

/* What the caller has to do. The first four concern one port. */
#define LACP_DO_SEND		BIT(0)	/* lacp_build_pdu() and transmit */
#define LACP_DO_MARKER		BIT(1)	/* lacp_build_marker() and transmit */
#define LACP_DO_FORWARD		BIT(2)	/* port->collecting/distributing changed */
#define LACP_DO_REASON		BIT(3)	/* port->reason changed */
#define LACP_DO_ACTIVE		BIT(4)	/* another aggregator is active */
#define LACP_DO_CARRIER		BIT(5)	/* lacp_carrier() changed */
#define LACP_DID_CONSUME	BIT(6)	/* the frame was ours: do not pass it on */

/**
 * struct lacp_info - one end of a link as a LACPDU describes it
 * @system: system address
 * @sys_prio: system priority; lower means higher precedence
 * @key: operational key
 * @port_prio: port priority; lower means higher precedence
 * @port: port number, never 0 on the wire
 * @state: LACP_BIT_* octet
 */
struct lacp_info {
	u8 system[ETH_ALEN];
	u16 sys_prio;
	u16 key;
	u16 port_prio;
	u16 port;
	u8 state;
};

/**
 * struct lacp_pdu - the parts of a LACPDU that mean something
 * @actor: the sender
 * @partner: what the sender believes of us
 * @max_delay: CollectorMaxDelay, tens of microseconds
 * @version: version number, any is accepted
 */
struct lacp_pdu {
	struct lacp_info actor;
	struct lacp_info partner;
	u16 max_delay;
	u8 version;
};

/**
 * struct lacp_marker - who asked for a Marker response
 * @system: Requester_System
 * @port: Requester_Port
 * @transaction: Requester_Transaction_ID
 */
struct lacp_marker {
	u8 system[ETH_ALEN];
	u16 port;
	u32 transaction;
};

enum lacp_frame_kind {
	LACP_FRAME_LACPDU,
	LACP_FRAME_MARKER,
	LACP_FRAME_MARKER_RESPONSE,
	LACP_FRAME_MARKER_UNKNOWN,	/* Marker TLV of another type */
	LACP_FRAME_FOREIGN,		/* OAM, ESMC: somebody else's */
	LACP_FRAME_ILLEGAL,		/* short, wrong length, illegal subtype */
};

/**
 * struct lacp_stats - counters of 7.3.3 (30.7.3), per port and per system
 * @lacpdu_rx: valid LACPDUs received, also while LACP is disabled
 * @lacpdu_tx: LACPDUs handed to the device
 * @lacpdu_unknown_rx: slow-protocol frames of another protocol
 * @lacpdu_illegal_rx: badly formed frames and illegal subtypes
 * @marker_rx: Marker requests received
 * @marker_tx: Marker requests sent (we never ask)
 * @marker_resp_rx: Marker responses received
 * @marker_resp_tx: Marker responses sent
 * @marker_unknown_rx: Marker frames of an unknown type
 * @marker_limited: Marker requests not answered because of the rate limit
 * @tx_failed: LACPDUs the device did not take; sent again
 * @goodbyes: last LACPDUs sent when leaving or going down
 * @late: our own timer was late and partners were given that much longer
 * @late_ms: sum of that lateness
 */
struct lacp_stats {
	u64 lacpdu_rx;
	u64 lacpdu_tx;
	u64 lacpdu_unknown_rx;
	u64 lacpdu_illegal_rx;
	u64 marker_rx;
	u64 marker_tx;
	u64 marker_resp_rx;
	u64 marker_resp_tx;
	u64 marker_unknown_rx;
	u64 marker_limited;
	u64 tx_failed;
	u64 goodbyes;
	u64 late;
	u64 late_ms;
};

/**
 * struct lacp_config - settings of a system
 * @system: system address: ad_actor_system, or the bond's own address
 * @sys_prio: ad_actor_sys_prio
 * @user_key: ad_user_port_key, 0..1023
 * @active: lacp_active
 * @fast: lacp_rate fast: ask the partner to send every second
 * @coupled: coupled_control
 * @strict: lacp_strict: a port without an LACP partner carries no traffic
 * @select: ad_select
 * @min_links: ports needed for carrier; 0 counts as 1
 */
struct lacp_config {
	u8 system[ETH_ALEN];
	u16 sys_prio;
	u16 user_key;
	bool active;
	bool fast;
	bool coupled;
	bool strict;
	u8 select;
	u32 min_links;
};

/**
 * struct lacp_port_params - what the caller knows of a port
 * @speed: Mb/s, 0 or ~0 when unknown; ignored while not @enabled
 * @prio: actor_port_prio
 * @full_duplex: LACP needs it; ignored while not @enabled
 * @enabled: carrier is on and the bond is up
 */
struct lacp_port_params {
	u32 speed;
	u16 prio;
	bool full_duplex;
	bool enabled;
};

struct lacp_port;
struct lacp_system;

/**
 * struct lacp_aggregator - a group of ports with one partner and one key
 * @list: in lacp_system.aggs
 * @id: number that users see, from 1
 * @nports: ports that have selected it, 0 = idle
 * @key: the actor key of its ports
 * @partner: system, priority and key of the partner
 * @individual: its one port shares with nobody
 * @synced: the partner was in sync since we attached
 * @refused: the partner does not want this one; others go first
 *
 * Private to the core; the caller only provides the memory.
 */
struct lacp_aggregator {
	struct list_head list;
	u16 id;
	u16 nports;
	u16 key;
	struct lacp_info partner;
	bool individual;
	bool synced;
	bool refused;
};

/**
 * struct lacp_hooks - calls out of the core
 * @trace: a machine has changed state; may be NULL. Called with the caller's
 *	lock held, must only look
 */
struct lacp_hooks {
	void (*trace)(const struct lacp_port *port, enum lacp_machine_id machine,
		      u8 from, u8 to);
};

/**
 * struct lacp_system - the LACP of one bond
 * @cfg: settings in force
 * @hooks: may be NULL
 * @ports: all ports, in the order of their joining
 * @aggs: all aggregators, as many as ports
 * @todo: ports with something in lacp_port.todo
 * @active: the one aggregator that carries traffic, NULL without ports
 * @stats: sum over all ports that ever were members
 * @now: time of the call in progress, ms
 * @next: when the core wants to run again, ms
 * @refuse_at: when the active aggregator counts as refused, ms
 * @todo_flags: LACP_DO_* since the last call returned
 * @dirty: a port's machines have to look again
 * @reselect: selection has to look again
 * @rereason: reasons have to be worked out again
 * @carrier: lacp_carrier() as last told
 *
 * Callers read @stats, everything else through the functions below.
 */
struct lacp_system {
	struct lacp_config cfg;
	const struct lacp_hooks *hooks;
	struct list_head ports;
	struct list_head aggs;
	struct list_head todo;
	struct lacp_aggregator *active;
	struct lacp_stats stats;
	u64 now;
	u64 next;
	u64 refuse_at;
	u32 todo_flags;
	bool dirty;
	bool reselect;
	bool rereason;
	bool carrier;
};

/**
 * struct lacp_port - the LACP of one port
 * @sys: its system, NULL while not a member
 * @list: in lacp_system.ports
 * @todo_list: in lacp_system.todo, empty when not there
 * @agg: the aggregator it has selected
 * @pdu: the LACPDU being received
 * @partner: Partner oper variables; the SYNC bit is ours, not the partner's
 * @marker: the Marker request to answer
 * @stats: counters
 * @timer: absolute times, ms, LACP_NEVER when stopped
 * @next: earliest of @timer
 * @tx_free: when each slot of the LACPDU rate limit is free again
 * @tx_retry: not before this time, after the device refused one
 * @marker_free: the same for Marker responses
 * @actor_churned: times the Actor churned
 * @partner_churned: times the Partner churned
 * @speed: Mb/s
 * @number: port number on the wire, from 1
 * @prio: port priority
 * @key: operational key
 * @state: states of the machines, by enum lacp_machine_id
 * @selected: enum lacp_selected
 * @reason: enum lacp_reason
 * @todo: LACP_DO_* for this port
 * @enabled: port_enabled
 * @full_duplex: LACP_Enabled
 * @collecting: the port may receive data
 * @distributing: the port may transmit data
 * @sync: Actor.Synchronization
 * @defaulted: Actor.Defaulted
 * @expired: Actor.Expired
 * @partner_sync: Partner.Synchronization, also for the default partner
 * @partner_wants: the partner was in sync when it last spoke, with us as far
 *	as it knew anybody
 * @looped: we hear our own port
 * @ntt: an LACPDU is due
 * @hushed: one was due while the port had to keep silent
 * @owes: it was disabled before the limit let it say so
 * @pausing: its last LACPDU was a pause it had owed
 * @pause_tries: times that the device may still refuse it
 * @parting: it is about to leave and says nothing but its farewell
 * @paused: it has said that it is away and says nothing else, until it is disabled
 *	or lacp_resume()
 * @ready_n: wait_while has run out; stays set until the next DETACHED
 * @moved: port_moved
 * @dirty: machines have to look again
 * @touched: looked at in this call
 *
 * Callers read @collecting, @distributing, @reason, @owes, @stats, the churn
 * counts and @number, and write nothing. @collecting and @distributing may be read
 * without the lock (READ_ONCE).
 */
struct lacp_port {
	struct lacp_system *sys;
	struct list_head list;
	struct list_head todo_list;
	struct lacp_aggregator *agg;
	const struct lacp_pdu *pdu;
	struct lacp_info partner;
	struct lacp_marker marker;
	struct lacp_stats stats;
	u64 timer[LACP_TIMERS];
	u64 next;
	u64 tx_free[LACP_TX_BURST];
	u64 tx_retry;
	u64 marker_free[LACP_MARKER_BURST];
	u32 actor_churned;
	u32 partner_churned;
	u32 speed;
	u16 number;
	u16 prio;
	u16 key;
	u8 state[LACP_MACHINES];
	u8 selected;
	u8 reason;
	u8 todo;
	bool enabled;
	bool full_duplex;
	bool collecting;
	bool distributing;
	bool sync;
	bool defaulted;
	bool expired;
	bool partner_sync;
	bool partner_wants;
	bool looped;
	bool ntt;
	bool hushed;
	bool owes;
	bool pausing;
	u8 pause_tries;
	bool parting;
	bool paused;
	bool ready_n;
	bool moved;
	bool dirty;
	bool touched;
};

/**
 * struct lacp_effects - what a call leads to
 * @next: call lacp_advance() no later than this, ms; LACP_NEVER: no need
 * @flags: LACP_DO_*, LACP_DID_CONSUME; details by lacp_next_todo()
 */
struct lacp_effects {
	u64 next;
	u32 flags;
};

/**
 * struct lacp_agg_info - the active aggregator, for users
 * @id: its number
 * @ports: enabled ports in it
 * @actor_key: our key
 * @partner_key: the partner's key
 * @partner_system: the partner's system address
 */
struct lacp_agg_info {
	u16 id;
	u16 ports;
	u16 actor_key;
	u16 partner_key;
	u8 partner_system[ETH_ALEN];
};

/* lacp_port.c: entries */
void lacp_init(struct lacp_system *sys, const struct lacp_config *cfg,
	       const struct lacp_hooks *hooks);
struct lacp_effects lacp_port_add(struct lacp_system *sys, struct lacp_port *port,
				  struct lacp_aggregator *agg,
				  const struct lacp_port_params *params, u64 now);
struct lacp_effects lacp_port_remove(struct lacp_port *port, u64 now,
				     struct lacp_aggregator **spare);
struct lacp_effects lacp_port_params(struct lacp_port *port,
				     const struct lacp_port_params *params, u64 now);
struct lacp_effects lacp_params(struct lacp_system *sys,
				struct lacp_port_params (*params_of)(const struct lacp_port *port),
				u64 now);
struct lacp_effects lacp_configure(struct lacp_system *sys,
				   const struct lacp_config *cfg, u64 now);
struct lacp_effects lacp_receive(struct lacp_port *port, const void *data,
				 size_t len, u64 now);
struct lacp_effects lacp_advance(struct lacp_system *sys, u64 now);
struct lacp_port *lacp_next_todo(struct lacp_system *sys, u32 *what);

/* lacp_tx.c: what goes out */
void lacp_build_pdu(const struct lacp_port *port, u8 *buf);
void lacp_build_marker(const struct lacp_port *port, u8 *buf);
struct lacp_effects lacp_sent(struct lacp_port *port, u32 what, bool ok, u64 now);
u32 lacp_parting(struct lacp_port *port, u64 now);
bool lacp_goodbye(struct lacp_port *port, u8 *buf, u64 now);
bool lacp_pause(struct lacp_port *port, u8 *buf, u64 now);
struct lacp_effects lacp_resume(struct lacp_port *port, u64 now);

/* lacp_pdu.c: octets */
enum lacp_frame_kind lacp_pdu_parse(const void *data, size_t len,
				    struct lacp_pdu *pdu, struct lacp_marker *marker);
void lacp_pdu_write(const struct lacp_pdu *pdu, u8 *buf);
void lacp_marker_write(const struct lacp_marker *marker, bool response, u8 *buf);

/* lacp_report.c: what users are shown */
bool lacp_carrier(const struct lacp_system *sys);
bool lacp_active_info(const struct lacp_system *sys, struct lacp_agg_info *out);
u16 lacp_port_agg_id(const struct lacp_port *port);
void lacp_port_actor(const struct lacp_port *port, struct lacp_info *out);
bool lacp_has_partner(const struct lacp_port *port);
bool lacp_partner_is_self(const struct lacp_port *port);
void lacp_port_partner(const struct lacp_port *port, struct lacp_info *out);
const char *lacp_machine_name(enum lacp_machine_id machine);
const char *lacp_state_name(enum lacp_machine_id machine, u8 state);
const char *lacp_churn_word(enum lacp_churn_state state);
const char *lacp_reason_name(enum lacp_reason reason);
const char *lacp_reason_word(enum lacp_reason reason);

#endif
