// SPDX-License-Identifier: GPL-2.0
/*
 * Any octets as a frame, under every policy: nothing is read beyond the end, a
 * frame hashes the same however it is cut into a linear part and the rest, and
 * the answer does not depend on what lies behind the frame.
 *
 * Input: octet 0 offset of the network header, 1-2 protocol, 3 linear octets,
 * then the frame.
 */
#include "selftests/unit/flow_hash.h"

struct whole {
	const u8 *data;
	u32 len;
};

static const void *copy(const struct flow_pkt *pkt, u32 off, u32 n, void *buf)
{
	const struct whole *w = pkt->ctx;

	if (n > FLOW_PULL_MAX)
		abort();
	if (off > w->len || n > w->len - off)
		return NULL;
	return memcpy(buf, w->data + off, n);
}

int LLVMFuzzerTestOneInput(const u8 *in, size_t size)
{
	struct whole w;
	u8 *data;

	if (size < 4)
		return 0;
	w.len = (u32)(size - 4);
	data = malloc(w.len ? w.len : 1);
	memcpy(data, in + 4, w.len);
	w.data = data;
	for (int policy = 0; policy < FLOW_POLICIES; policy++) {
		struct flow_pkt all = { .data = data, .len = w.len, .nhoff = in[0] & 63,
					.proto = (__be16)(in[1] | in[2] << 8) };
		struct flow_pkt part = all;

		part.len = min_t(u32, in[3], w.len);
		part.pull = copy;
		part.ctx = &w;
		if (flow_hash(&all, policy) != flow_hash(&part, policy))
			abort();
	}
	free(data);
	return 0;
}
