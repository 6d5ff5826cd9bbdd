/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two bonds, their cables and a clock, all in one struct, so that a run is a
 * function of its seed and nothing else.
 *
 *	   side 0			      side 1
 *	+---------+	cable 0		   +---------+
 *	|  port 0 |========================|  port 0 |
 *	|  port 1 |====== loses, delays ===|  port 1 |
 *	|   ...   |====== doubles, swaps ==|   ...   |
 *	|  port 7 |========================|  port 7 |
 *	+---------+			   +---------+
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "bond_core/lacp.h"
#include "bond_core/lacp_priv.h"

#define MAX_PORTS	8
#define MAX_FRAMES	16384
#define SENT_TIMES	(LACP_TX_BURST + 1)

struct frame {
	u64 at;			/* arrival */
	u64 order;		/* ties arrive in the order of sending */
	u8 to_side;
	u8 to_port;
	bool data;		/* a data frame rather than a LACPDU */
	u32 epoch;		/* of the receiving port; a re-added one is new */
	u8 octets[LACP_PDU_LEN];
};

struct end {
	struct lacp_port port;
	struct lacp_port_params params;
	bool member;
	u8 peer;		/* port number at the other side */
	u32 epoch;
	u64 sent_at[SENT_TIMES];/* ring of the last transmissions */
	u32 sent;
	u8 told;		/* the state octet last sent */
	bool told_any;
	bool owed;		/* disabled before it could say so */
};

struct side {
	struct lacp_system sys;
	struct lacp_config cfg;
	struct end end[MAX_PORTS];
	bool up;		/* the bond is up */
	u64 next;		/* when the core wants to run */
	u64 asleep_until;	/* starved: neither timers nor frames run */
};

struct world {
	u64 seed;
	u64 rng;
	u64 now;
	u64 order;
	u64 clean_from;		/* from here on the wire is perfect */
	u64 fair_from;		/* and from here on no news is lost either */
	u64 last_change;	/* of collecting or distributing, anywhere */
	int nports;
	int loss;		/* percent */
	int dup;		/* percent */
	u32 max_delay;		/* ms */
	u8 cable_up[MAX_PORTS];	/* by port of side 0 */
	u8 mute[2][MAX_PORTS];	/* this end's frames do not arrive */
	u8 alone[MAX_PORTS];	/* this cable needs a group of its own */
	struct side side[2];
	struct frame heap[MAX_FRAMES];
	int nframes;
	int data_ok;
	bool verbose;		/* tell what happens; kept over world_init() */
	const char *broken;	/* the first invariant that did not hold */
	char detail[200];
};

/* rng.c part of world.c: uniform in 0..n-1 */
u32 pick(struct world *w, u32 n);
bool chance(struct world *w, int percent);

/* world.c */
void world_init(struct world *w, u64 seed);
void world_run(struct world *w, u64 until);
void world_drain(struct world *w, int s, struct lacp_effects fx);
void world_join(struct world *w, int s, int p);
void world_leave(struct world *w, int s, int p, bool say_so);
void world_set_params(struct world *w, int s, int p);
void world_up_down(struct world *w, int s, bool up);
void world_configure(struct world *w, int s);
int world_wire_of(const struct world *w, int s, int p);
bool world_carrier(const struct world *w, int s, int p);
void world_sleep(struct world *w, int s, u64 ms);
void world_init_pair(struct world *w, u64 seed);
void world_free(struct world *w);
__attribute__((__format__(printf, 3, 4)))
void broke(struct world *w, const char *what, const char *fmt, ...);

/* rules.c: what must hold at every moment, and at the end */
void rules_always(struct world *w, int s);
void rules_sent(struct world *w, int s, int p, const u8 *octets);
void rules_end(struct world *w);

#endif
