/* SPDX-License-Identifier: GPL-2.0 */
/*
 * balance-tlb with tlb_dynamic_lb: 256 buckets of flows, each on one port.
 *
 * A bucket gets a port when its first frame leaves, by spare capacity, and
 * keeps it while it is in use. Buckets that were silent for 3 s are released,
 * to be placed anew when they wake, by what is known then. Every window (10 s)
 * the loads are measured, and where ports differ too much some busy buckets are
 * *wanted* elsewhere. Those move at the first pause long enough that nothing
 * can be overtaken.
 *
 * The transmit path reads one word per frame and writes none; only the first
 * frame of a bucket places it, with one compare-and-exchange and no lock.
 */
#ifndef BOND_CORE_TLB_H
#define BOND_CORE_TLB_H

#include "shim.h"

#define TLB_BUCKETS	256
#define TLB_PORTS	64
#define TLB_NOBODY	U32_MAX
#define TLB_WINDOW_MS	10000	/* loads are measured over this time */
#define TLB_SILENT_MS	3000	/* a bucket silent for this long has no port */
#define TLB_LOOK_MS	1000	/* how often silence is looked for */
#define TLB_PAUSE_MS	50	/* a bucket silent for this long may move */

/**
 * struct tlb_port - a port as the balancer sees it
 * @used: a port has this slot
 * @usable: it may transmit
 * @speed: Mbit/s, 0 = unknown
 * @load: kbit/s of its buckets in the last window
 * @placed: kbit/s expected of buckets placed since
 */
struct tlb_port {
	bool used;
	bool usable;
	u32 speed;
	u64 load;
	u64 placed;
};

/**
 * struct tlb_table - the balancer of one bond
 * @bucket: slot of the port of each bucket, or TLB_NOBODY. Written under the
 *	table's lock and by tlb_place(), read by transmit without
 * @want: slot a bucket shall move to at its next pause, or TLB_NOBODY
 * @load: kbit/s of each bucket in the last window
 * @credit: kbit/s that each bucket added to its port's @placed, 0 when measured
 * @held: each bucket had a port when last looked at
 * @start: octets of each bucket when the window began
 * @seen: octets of each bucket when last looked at
 * @seen_at: when @seen last changed
 * @port: ports by slot
 * @expect: kbit/s that busy buckets brought each, on average, in the last window
 * @window: when the present window began
 * @wanted: number of buckets in @want
 * @moves: buckets moved for balance since the beginning
 * @sent: octets that a bucket has sent by now, or NULL where the caller's
 *	counters of tlb_advance() are not behind
 */
struct tlb_table {
	u32 bucket[TLB_BUCKETS];
	u32 want[TLB_BUCKETS];
	u32 load[TLB_BUCKETS];
	u32 credit[TLB_BUCKETS];
	bool held[TLB_BUCKETS];
	u64 start[TLB_BUCKETS];
	u64 seen[TLB_BUCKETS];
	u64 seen_at[TLB_BUCKETS];
	struct tlb_port port[TLB_PORTS];
	u64 expect;
	u64 window;
	u32 wanted;
	u64 moves;
	u64 (*sent)(const struct tlb_table *t, u32 bucket);
};

void tlb_init(struct tlb_table *t, u64 now);
int tlb_port_join(struct tlb_table *t);
void tlb_port_leave(struct tlb_table *t, u32 slot);
void tlb_port_change(struct tlb_table *t, u32 slot, u32 speed, bool usable);
u32 tlb_place(struct tlb_table *t, u32 bucket);
u64 tlb_advance(struct tlb_table *t, const u64 *bytes, u64 now);
u64 tlb_resume(struct tlb_table *t, u64 now);
bool tlb_resting(const struct tlb_table *t);

#endif
