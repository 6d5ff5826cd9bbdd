// SPDX-License-Identifier: GPL-2.0
/*
 * The encap policies: a walk through tunnels, tags and extension headers down
 * to the innermost addresses and ports.
 *
 * What counts as a tunnel, and what ends the walk with which keys, is what the
 * kernel's own driver was observed to do (selftests/net/hash_twin). Plain TCP
 * and UDP never come here, see plain_keys() in flow.c.
 */
#include "flow_parse.h"

#define VLAN_LEN	4
#define MAX_HOPS	15	/* how deep the encap policies look */

#define BATMAN_UNICAST	0x40
#define BATMAN_VERSION	15
#define BATMAN_LEN	10
#define HSR_LEN		6	/* path and size, sequence number, ethertype */
#define FCOE_LEN	38
#define PTP_LEN		34

#define GRE_CSUM	0x8000
#define GRE_ROUTING	0x4000
#define GRE_KEY		0x2000
#define GRE_SEQ		0x1000
#define GRE_ACK		0x0080
#define GRE_VERSION	0x0007

#define GRE_PPP		0x880b	/* ethertype inside PPTP */
#define PPP_IPV4	0x0021
#define PPP_IPV6	0x0057

/* How the walk through the headers goes on. */
enum next {
	NEXT_NET,	/* a network header of type cursor.proto */
	NEXT_TRANSPORT,	/* a transport header of type cursor.ip_proto */
	NEXT_DONE,	/* the keys are complete */
	NEXT_FAIL,	/* not a frame we can read: fall back to layer2 */
};

static enum next enter(struct flow_cursor *c, u16 ethertype)
{
	c->proto = cpu_to_be16(ethertype);
	return NEXT_NET;
}

static enum next read_ip4(const struct flow_pkt *pkt, struct flow_cursor *c, struct flow_found *k)
{
	u8 buf[IP4_LEN];
	const u8 *ip = at(pkt, c->off, IP4_LEN, buf);

	if (!ip || (ip[0] & 0xf) < 5)
		return NEXT_FAIL;
	k->addrs = addrs4(ip);
	c->off += (ip[0] & 0xf) * 4;
	c->ip_proto = ip[9];
	c->fragment = get_unaligned_be16(ip + 6) & IP4_FRAG;
	return c->fragment ? NEXT_DONE : NEXT_TRANSPORT;
}

static enum next read_ip6(const struct flow_pkt *pkt, struct flow_cursor *c, struct flow_found *k)
{
	u8 buf[IP6_LEN];
	const u8 *ip = at(pkt, c->off, IP6_LEN, buf);

	if (!ip)
		return NEXT_FAIL;
	k->addrs = addrs6(ip);
	c->off += IP6_LEN;
	c->ip_proto = ip[6];
	return NEXT_TRANSPORT;
}

/*
 * PPPoE session: version and type, code, session, length, then the protocol of
 * PPP, whose low octet is odd and high octet even.
 */
static enum next read_pppoe(const struct flow_pkt *pkt, struct flow_cursor *c)
{
	u8 buf[8];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);
	u16 ppp;

	if (!p || p[0] != 0x11 || p[1])
		return NEXT_FAIL;
	ppp = get_unaligned_be16(p + 6);
	c->off += sizeof(buf);
	if (ppp == PPP_IPV4)
		return enter(c, ETH_P_IP);
	if (ppp == PPP_IPV6)
		return enter(c, ETH_P_IPV6);
	return (ppp & 0x0101) == 0x0001 ? NEXT_DONE : NEXT_FAIL;
}

/* A header of @len octets without addresses, an ethertype in its last two. */
static enum next skip_to_type(const struct flow_pkt *pkt, struct flow_cursor *c, u32 len)
{
	u8 buf[L2_LEN];
	const u8 *p = at(pkt, c->off, len, buf);

	if (!p)
		return NEXT_FAIL;
	c->off += len;
	return enter(c, get_unaligned_be16(p + len - 2));
}

/* The sending node stands for both addresses. */
static enum next read_tipc(const struct flow_pkt *pkt, struct flow_cursor *c, struct flow_found *k)
{
	u8 buf[16];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);

	if (!p)
		return NEXT_FAIL;
	k->addrs = word(p + 12);
	return NEXT_DONE;
}

/* A batman-adv unicast packet: ten octets, then a whole Ethernet frame. */
static enum next read_batman(const struct flow_pkt *pkt, struct flow_cursor *c)
{
	u8 buf[BATMAN_LEN + L2_LEN];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);

	if (!p || p[0] != BATMAN_UNICAST || p[1] != BATMAN_VERSION)
		return NEXT_FAIL;
	c->off += sizeof(buf);
	return enter(c, get_unaligned_be16(p + BATMAN_LEN + 12));
}

/* Known, without addresses: readable when its header is there. */
static enum next known(const struct flow_pkt *pkt, struct flow_cursor *c, u32 header)
{
	u8 buf[FLOW_PULL_MAX];

	return at(pkt, c->off, header, buf) ? NEXT_DONE : NEXT_FAIL;
}

static enum next read_net(const struct flow_pkt *pkt, struct flow_cursor *c, struct flow_found *k)
{
	switch (be16_to_cpu(c->proto)) {
	case ETH_P_IP:
		return read_ip4(pkt, c, k);
	case ETH_P_IPV6:
		return read_ip6(pkt, c, k);
	case ETH_P_8021Q:
	case ETH_P_8021AD:
		return skip_to_type(pkt, c, VLAN_LEN);
	case ETH_P_PPP_SES:
		return read_pppoe(pkt, c);
	case ETH_P_TIPC:
		return read_tipc(pkt, c, k);
	case ETH_P_BATMAN:
		return read_batman(pkt, c);
	case ETH_P_HSR:
	case ETH_P_PRP:
		return skip_to_type(pkt, c, HSR_LEN);
	case ETH_P_FCOE:
		return known(pkt, c, FCOE_LEN);
	case ETH_P_1588:
		return known(pkt, c, PTP_LEN);
	case ETH_P_MPLS_UC:
	case ETH_P_MPLS_MC:
	case ETH_P_ARP:
	case ETH_P_RARP:
	case ETH_P_CFM:
		return NEXT_DONE;
	default:
		return NEXT_FAIL;
	}
}

/* Version 1: PPP inside, as PPTP sends it. */
static enum next read_pptp(const struct flow_pkt *pkt, struct flow_cursor *c, u16 flags)
{
	u8 buf[4];
	const u8 *ppp;

	if (c->proto != cpu_to_be16(GRE_PPP) || !(flags & GRE_KEY))
		return NEXT_DONE;
	if (flags & GRE_ACK)
		c->off += 4;
	ppp = at(pkt, c->off, sizeof(buf), buf);
	if (!ppp)
		return NEXT_FAIL;
	c->off += sizeof(buf);
	if (get_unaligned_be16(ppp + 2) == PPP_IPV4)
		return enter(c, ETH_P_IP);
	if (get_unaligned_be16(ppp + 2) == PPP_IPV6)
		return enter(c, ETH_P_IPV6);
	return NEXT_FAIL;
}

static enum next read_gre(const struct flow_pkt *pkt, struct flow_cursor *c)
{
	u8 buf[4];
	const u8 *gre = at(pkt, c->off, sizeof(buf), buf);
	u16 flags;

	if (!gre)
		return NEXT_FAIL;
	flags = get_unaligned_be16(gre);
	if ((flags & GRE_ROUTING) || (flags & GRE_VERSION) > 1)
		return NEXT_DONE;
	c->proto = cpu_to_be16(get_unaligned_be16(gre + 2));
	c->off += sizeof(buf);
	c->off += flags & GRE_CSUM ? 4 : 0;
	c->off += flags & GRE_KEY ? 4 : 0;
	c->off += flags & GRE_SEQ ? 4 : 0;
	if (flags & GRE_VERSION)
		return read_pptp(pkt, c, flags);
	if (c->proto == cpu_to_be16(ETH_P_TEB))
		return skip_to_type(pkt, c, L2_LEN);
	return NEXT_NET;
}

/* Hop-by-hop, routing and destination options share one shape. */
static enum next read_ip6_options(const struct flow_pkt *pkt, struct flow_cursor *c)
{
	u8 buf[2];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);

	if (c->proto != cpu_to_be16(ETH_P_IPV6))
		return NEXT_DONE;
	if (!p)
		return NEXT_FAIL;
	c->ip_proto = p[0];
	c->off += (p[1] + 1) * 8;
	return NEXT_TRANSPORT;
}

static enum next read_ip6_fragment(const struct flow_pkt *pkt, struct flow_cursor *c)
{
	u8 buf[8];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);

	if (c->proto != cpu_to_be16(ETH_P_IPV6))
		return NEXT_DONE;
	if (!p)
		return NEXT_FAIL;
	c->ip_proto = p[0];
	c->off += sizeof(buf);
	c->fragment = true;
	return NEXT_DONE;
}

static enum next read_transport(const struct flow_pkt *pkt, struct flow_cursor *c,
				struct flow_found *k)
{
	switch (c->ip_proto) {
	case IPPROTO_GRE:
		return read_gre(pkt, c);
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		return read_ip6_options(pkt, c);
	case IPPROTO_FRAGMENT:
		return read_ip6_fragment(pkt, c);
	case IPPROTO_IPIP:
		return enter(c, ETH_P_IP);
	case IPPROTO_IPV6:
		return enter(c, ETH_P_IPV6);
	case IPPROTO_MPLS:
		return enter(c, ETH_P_MPLS_UC);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		k->icmp = flow_read_icmp(pkt, c->off);
		return NEXT_DONE;
	default:
		return NEXT_DONE;
	}
}

/**
 * flow_inner_keys() - addresses and ports of the innermost headers
 * @pkt: the frame
 * @k: filled
 *
 * Context: any, hot path.
 * Return: false when the headers cannot be followed; layer2 then decides.
 */
bool flow_inner_keys(const struct flow_pkt *pkt, struct flow_found *k)
{
	struct flow_cursor c = { .off = pkt->nhoff, .proto = pkt->proto };
	enum next next = NEXT_NET;
	int hops = 0;

	memset(k, 0, sizeof(*k));
	do {
		if (next == NEXT_NET)
			next = read_net(pkt, &c, k);
		if (next == NEXT_TRANSPORT)
			next = read_transport(pkt, &c, k);
	} while (next <= NEXT_TRANSPORT && ++hops <= MAX_HOPS);
	if (next == NEXT_FAIL)
		return false;
	if (!c.fragment)
		k->ports = flow_read_ports(pkt, c.off, c.ip_proto);
	return true;
}

