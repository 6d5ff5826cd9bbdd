// SPDX-License-Identifier: GPL-2.0
/*
 * Plays the frames of frames.py (on stdin) through bond_core/flow.c alone and
 * prints the table that play.py prints: per frame, which port of 2 to 8 each
 * policy chooses. The device a frame was to be sent on becomes what the bond
 * then sees: an accelerated tag, and for "qinq" one more tag inside.
 */
#include "selftests/unit/flow_hash.h"

#define MOST 8

struct frame {
	u8 data[10000];
	u32 total;
};

/* Beyond the linear part every read is a copy, as from the pages of an skb. */
static const void *copy(const struct flow_pkt *pkt, u32 off, u32 n, void *buf)
{
	const struct frame *f = pkt->ctx;

	if (n > FLOW_PULL_MAX || off + n > f->total)
		return NULL;
	memcpy(buf, f->data + off, n);
	return buf;
}

static void insert_tag(struct frame *f, u16 tci)
{
	memmove(f->data + 16, f->data + 12, f->total - 12);
	put_unaligned_be16(ETH_P_8021Q, f->data + 12);
	put_unaligned_be16(tci, f->data + 14);
	f->total += 4;
}

/*
 * Where the kernel's packet sockets put the network header: behind the tags,
 * unless there are more than eight.
 */
static u32 network_offset(const struct frame *f, u32 proto)
{
	u32 off = 14;
	int tags = 0;

	while ((proto == ETH_P_8021Q || proto == ETH_P_8021AD) && off + 4 <= f->total) {
		proto = get_unaligned_be16(f->data + off + 2);
		off += 4;
		if (++tags > 8)
			return 14;
	}
	return off;
}

static void print_ports(const struct flow_pkt *pkt)
{
	for (int policy = 0; policy < FLOW_POLICIES; policy++) {
		u32 hash = flow_hash(pkt, policy);

		putchar(' ');
		for (int n = 2; n <= MOST; n++)
			putchar('0' + hash % n);
	}
	putchar('\n');
}

static void one_frame(char *line)
{
	static struct frame f;
	char name[64], via[16];
	struct flow_pkt pkt;
	u32 proto, linear, pad;
	int used;

	if (sscanf(line, "%63s %15s %x %u %u %n", name, via, &proto, &linear, &pad, &used) != 5)
		exit(2);
	memset(&f, 0, sizeof(f));
	while (sscanf(line + used, "%2hhx", &f.data[f.total]) == 1) {
		f.total++;
		used += 2;
	}
	f.total += pad;
	pkt = (struct flow_pkt) { .data = f.data, .pull = copy, .ctx = &f };
	if (!strcmp(via, "vlan10"))
		pkt.vlan = FLOW_VLAN_PRESENT | 10;
	else if (!strcmp(via, "prio"))
		pkt.vlan = FLOW_VLAN_PRESENT | 5 << 13 | 11;
	else if (!strcmp(via, "ad"))
		pkt.vlan = FLOW_VLAN_PRESENT | 30;
	pkt.nhoff = network_offset(&f, proto);
	if (!strcmp(via, "qinq")) {
		/* the tag goes in behind the network header's back */
		pkt.nhoff += 4;
		pkt.vlan = FLOW_VLAN_PRESENT | 10;
		insert_tag(&f, 20);
		proto = ETH_P_8021Q;
	}
	pkt.proto = cpu_to_be16(proto);
	pkt.len = linear ? linear : f.total;
	printf("%s", name);
	print_ports(&pkt);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0)
		one_frame(line);
	free(line);
	return 0;
}
