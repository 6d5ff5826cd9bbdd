// SPDX-License-Identifier: GPL-2.0
/*
 * Headers to keys, keys to a hash: the arithmetic of xmit_hash_policy.
 *
 * The formulas are those of Documentation/networking/bonding.rst; the cases it
 * is silent about (fragments, extension headers, tunnels, ICMP, short frames)
 * were settled by playing frames through the kernel's own driver, and
 * selftests/net/hash_twin plays them again. Wire words are loaded in memory
 * order, never swapped, because that is what the observed results depend on.
 *
 * This runs for every packet: the common case (a linear IPv4 or IPv6 frame with
 * TCP or UDP in it) is straight-line code, all else is out of line.
 */
#include "flow_parse.h"

/**
 * flow_pull() - read beyond the linear part
 * @pkt: the frame
 * @off: offset of the first octet wanted
 * @n: octets wanted, at most FLOW_PULL_MAX
 * @buf: room for them
 *
 * Context: any.
 * Return: the octets, or NULL when the frame is shorter.
 */
const u8 *flow_pull(const struct flow_pkt *pkt, u32 off, u32 n, void *buf)
{
	return pkt->pull ? pkt->pull(pkt, off, n, buf) : NULL;
}

static __always_inline u32 mix_l4(const struct flow_found *k)
{
	return flow_mix_l4(k->addrs, k->icmp ? k->icmp : k->ports);
}

/* Where the ports stand in a transport header, -1 if it has none. */
static int ports_at(u8 ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_DCCP:
	case IPPROTO_SCTP:
	case IPPROTO_UDPLITE:
	case IPPROTO_ESP:	/* the SPI serves as well */
		return 0;
	case IPPROTO_AH:
		return 4;
	default:
		return -1;
	}
}

/**
 * flow_read_ports() - both ports of a transport header
 * @pkt: the frame
 * @off: offset of the header
 * @ip_proto: which transport it is
 *
 * Context: any.
 * Return: the ports as they stand in the frame, 0 where there are none.
 */
u32 flow_read_ports(const struct flow_pkt *pkt, u32 off, u8 ip_proto)
{
	int at_off = ports_at(ip_proto);
	u8 buf[4];
	const u8 *p;

	if (at_off < 0)
		return 0;
	p = at(pkt, off + at_off, 4, buf);
	return p ? word(p) : 0;
}

/**
 * flow_read_icmp() - what stands for ports in an ICMP query
 * @pkt: the frame
 * @off: offset of the ICMP header
 *
 * An identifier of 0 counts as 1, so that a query is told from other messages.
 *
 * Context: any.
 * Return: type, code and identifier; 0 when it is not a query.
 */
u32 flow_read_icmp(const struct flow_pkt *pkt, u32 off)
{
	struct { u8 type, code; u16 id; } key;
	u8 buf[8];
	const u8 *p = at(pkt, off, 8, buf);
	u32 out;

	if (!p)
		return 0;
	switch (p[0]) {
	case 0:		/* echo reply */
	case 8:		/* echo */
	case 13:	/* timestamp */
	case 14:	/* timestamp reply */
	case 128:	/* echo, IPv6 */
	case 129:	/* echo reply, IPv6 */
		break;
	default:
		return 0;
	}
	key.type = p[0];
	key.code = p[1];
	key.id = get_unaligned_be16(p + 4) ?: 1;
	memcpy(&out, &key, sizeof(out));
	return out;
}

/* Does this ICMP message quote the packet that caused it? */
static bool icmp_quotes(u8 ip_proto, u8 type)
{
	if (ip_proto == IPPROTO_ICMP)
		return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
	return type >= 1 && type <= 4;
}

/*
 * One IP header without looking behind extension headers, as the policies
 * that are not encap* see it. Moves the cursor to the transport header;
 * ip_proto is IPPROTO_RAW when there is none to be read.
 */
static bool outer_ip(const struct flow_pkt *pkt, struct flow_cursor *c, struct flow_found *k)
{
	u8 buf[IP6_LEN];
	const u8 *ip;

	if (c->proto == cpu_to_be16(ETH_P_IP)) {
		ip = at(pkt, c->off, IP4_LEN, buf);
		if (!ip)
			return false;
		k->addrs = addrs4(ip);
		c->off += (ip[0] & 0xf) * 4;
		c->ip_proto = get_unaligned_be16(ip + 6) & IP4_FRAG ? IPPROTO_RAW : ip[9];
		return true;
	}
	if (c->proto == cpu_to_be16(ETH_P_IPV6)) {
		ip = at(pkt, c->off, IP6_LEN, buf);
		if (!ip)
			return false;
		k->addrs = addrs6(ip);
		c->off += IP6_LEN;
		c->ip_proto = ip[6];
		return true;
	}
	return false;
}

/*
 * An ICMP error goes where the packet it quotes went in the other direction,
 * so that both ends of a path hear it on the same port.
 */
static bool quoted(const struct flow_pkt *pkt, struct flow_cursor *c, struct flow_found *k)
{
	u8 buf[8];
	const u8 *icmp = at(pkt, c->off, sizeof(buf), buf);

	if (!icmp || !icmp_quotes(c->ip_proto, icmp[0]))
		return true;
	c->off += sizeof(buf);
	return outer_ip(pkt, c, k);
}

/* Keys of the outermost IP packet: the general case. */
static noinline bool outer_keys(const struct flow_pkt *pkt, struct flow_found *k, bool l4)
{
	struct flow_cursor c = { .off = pkt->nhoff, .proto = pkt->proto };

	memset(k, 0, sizeof(*k));
	if (!outer_ip(pkt, &c, k))
		return false;
	if (flow_is_icmp(c.ip_proto)) {
		if (l4)
			k->icmp = flow_read_icmp(pkt, c.off);
		if (!quoted(pkt, &c, k))
			return false;
	}
	if (l4)
		k->ports = flow_read_ports(pkt, c.off, c.ip_proto);
	return true;
}

static __always_inline bool plain_keys(const struct flow_pkt *pkt, struct flow_found *k)
{
	struct flow_plain plain;

	if (!flow_read_plain(pkt->data + pkt->nhoff, (int)(pkt->len - pkt->nhoff),
			     pkt->proto, &plain))
		return false;
	k->addrs = plain.addrs;
	k->ports = plain.ports;
	k->icmp = 0;
	return true;
}

/**
 * flow_hash_layer2() - source MAC XOR destination MAC XOR packet type
 * @pkt: the frame
 *
 * Context: any, hot path.
 * Return: the hash; 0 for a frame shorter than its Ethernet header.
 */
u32 flow_hash_layer2(const struct flow_pkt *pkt)
{
	u8 buf[L2_LEN];
	const u8 *eth = at(pkt, 0, L2_LEN, buf);

	return likely(eth) ? flow_mix_l2(eth) : 0;
}

/**
 * flow_hash_layer23() - layer2, then the outermost IP addresses
 * @pkt: the frame
 *
 * Context: any, hot path.
 * Return: the hash; that of layer2 for frames that are not IP.
 */
u32 flow_hash_layer23(const struct flow_pkt *pkt)
{
	u32 hash = flow_hash_layer2(pkt);
	struct flow_found k;

	if (!flow_read_addrs(pkt->data + pkt->nhoff, (int)(pkt->len - pkt->nhoff),
			     pkt->proto, &k.addrs) &&
	    !outer_keys(pkt, &k, false))
		return hash;
	return flow_fold(hash ^ k.addrs);
}

/**
 * flow_hash_layer34() - ports and addresses of the outermost IP header
 * @pkt: the frame
 *
 * Context: any, hot path.
 * Return: the hash; that of layer2 for frames that are not IP.
 */
u32 flow_hash_layer34(const struct flow_pkt *pkt)
{
	struct flow_found k;

	if (!plain_keys(pkt, &k) && !outer_keys(pkt, &k, true))
		return flow_hash_layer2(pkt);
	return mix_l4(&k);
}

/**
 * flow_hash_encap23() - layer2, then the innermost IP addresses
 * @pkt: the frame
 *
 * Context: any, hot path.
 * Return: the hash; that of layer2 for frames that are not IP.
 */
u32 flow_hash_encap23(const struct flow_pkt *pkt)
{
	u32 hash = flow_hash_layer2(pkt);
	struct flow_found k;

	if (!plain_keys(pkt, &k) && !flow_inner_keys(pkt, &k))
		return hash;
	return flow_fold(hash ^ k.addrs);
}

/**
 * flow_hash_encap34() - ports and addresses of the innermost headers
 * @pkt: the frame
 *
 * A caller with an skb whose transport has chosen a hash (skb->l4_hash) uses
 * that instead, as the kernel's own driver does.
 *
 * Context: any, hot path.
 * Return: the hash; that of layer2 for frames that are not IP.
 */
u32 flow_hash_encap34(const struct flow_pkt *pkt)
{
	struct flow_found k;

	if (!plain_keys(pkt, &k) && !flow_inner_keys(pkt, &k))
		return flow_hash_layer2(pkt);
	return mix_l4(&k);
}

/**
 * flow_hash_vlan_srcmac() - VLAN tag XOR both halves of the source MAC
 * @pkt: the frame
 *
 * Only an accelerated tag counts, not one inside the frame.
 *
 * Context: any, hot path.
 * Return: the hash; 0 for a frame shorter than its Ethernet header.
 */
u32 flow_hash_vlan_srcmac(const struct flow_pkt *pkt)
{
	u8 buf[L2_LEN];
	const u8 *eth = at(pkt, 0, L2_LEN, buf);

	if (unlikely(!eth))
		return 0;
	return flow_mix_vlan_srcmac(eth, (u16)pkt->vlan);
}
