// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of one frame at several ports. Only what another port has had within
 * the window is a copy: a sender that repeats himself comes by one port, and
 * where a copy is not recognised, because the slot was taken meanwhile, it is
 * delivered, which is what happened to all of them before.
 */
#include "twice.h"

#define FRAME_BITS	(~0ULL << 24)
#define PORT_BITS	(0xffULL << 16)
#define PORT_SHIFT	16

static u64 stir(u64 hash, u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ (hash >> 29);
}

/**
 * twice_hash() - what makes a frame known
 * @data: the frame's first octets
 * @len: how many there are
 * @seed: more that must be equal in copies: tag, length
 *
 * Context: any.
 * Return: 64 bits; equal for copies.
 */
u64 twice_hash(const u8 *data, u32 len, u32 seed)
{
	u64 hash = stir(0, seed), word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		data += sizeof(word);
		hash = stir(hash, word);
	}
	word = 0;
	memcpy(&word, data, len);
	return stir(stir(hash, word), len);
}

static bool is_copy(u64 was, u64 word, u32 window)
{
	s16 age = (u16)(word - was);

	/* another processor may have looked at the clock a tick later */
	return !((was ^ word) & FRAME_BITS) && ((was ^ word) & PORT_BITS) &&
	       age >= -1 && age <= (s32)window;
}

/**
 * twice_seen() - has another port had this frame just now?
 * @t: the frames of late
 * @hash: twice_hash()
 * @port: where it arrived
 * @now: the time; its low 16 bits count
 * @window: how long ago "just now" may be
 *
 * Context: any, any number at once.
 * Return: true for a copy; else the frame is remembered.
 */
bool twice_seen(struct twice *t, u64 hash, u8 port, u32 now, u32 window)
{
	u64 word = (hash & FRAME_BITS) | (u64)port << PORT_SHIFT | (u16)now;
	atomic64_t *slot = &t->slot[hash % TWICE_SLOTS];
	u64 was = atomic64_read(slot);

	if (is_copy(was, word, window))
		return true;
	/* whoever was faster may have had the other copy */
	return (u64)atomic64_cmpxchg(slot, was, word) != was &&
	       is_copy(atomic64_read(slot), word, window);
}
