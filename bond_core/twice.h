/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames that arrive once at each of several ports: a switch that does not know
 * a destination sends to all of its ports. The first of the copies is the
 * frame, the others are known by their hash. Written by any number of
 * processors at once without a lock.
 */
#ifndef BOND_CORE_TWICE_H
#define BOND_CORE_TWICE_H

#include "shim.h"

#define TWICE_SLOTS	1024
#define TWICE_LOOK	96	/* octets of a frame that make it known */

/**
 * struct twice - frames that have just arrived
 * @slot: a word each, 0 = none: 40 bits of the frame's hash, 8 of its port, 16
 *	of the time
 */
struct twice {
	atomic64_t slot[TWICE_SLOTS];
};

u64 twice_hash(const u8 *data, u32 len, u32 seed);
bool twice_seen(struct twice *t, u64 hash, u8 port, u32 now, u32 window);

#endif
