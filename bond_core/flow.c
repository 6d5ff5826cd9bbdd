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
#include "flow.h"

#define L2_LEN		14
#define IP4_LEN		20
#define IP6_LEN		40
#define VLAN_LEN	4
#define IP4_FRAG	0x3fff	/* more fragments, or an offset */
#define IP6_FRAG_OFFSET	0xfff8
#define MAX_HOPS	15	/* how deep the encap policies look */

#define BATMAN_UNICAST	0x40
#define BATMAN_VERSION	15
#define BATMAN_LEN	10
#define FCOE_LEN	38
#define PTP_LEN		34
#ifndef ETH_P_CFM
#define ETH_P_CFM	0x8902
#endif

#define GRE_CSUM	0x8000
#define GRE_ROUTING	0x4000
#define GRE_KEY		0x2000
#define GRE_SEQ		0x1000
#define GRE_ACK		0x0080
#define GRE_VERSION	0x0007

#define GRE_PPP		0x880b	/* ethertype inside PPTP */
#define PPP_IPV4	0x0021
#define PPP_IPV6	0x0057

/**
 * struct keys - what the layer 3 policies mix
 * @addrs: source XOR destination address, folded to 32 bits
 * @ports: both ports as they stand in the frame, 0 = none
 * @icmp: type, code and identifier of an ICMP query, 0 = none
 */
struct keys {
	u32 addrs;
	u32 ports;
	u32 icmp;
};

/* How the walk through the headers goes on. */
enum next {
	NEXT_NET,	/* a network header of type cursor.proto */
	NEXT_TRANSPORT,	/* a transport header of type cursor.ip_proto */
	NEXT_DONE,	/* the keys are complete */
	NEXT_FAIL,	/* not a frame we can read: fall back to layer2 */
};

/**
 * struct cursor - where the walk stands
 * @off: offset of the header to be read
 * @proto: its ethertype, when it is a network header
 * @ip_proto: its IP protocol, when it is a transport header
 * @fragment: an IP fragment was seen: what follows has no ports
 */
struct cursor {
	u32 off;
	__be16 proto;
	u8 ip_proto;
	bool fragment;
};

static noinline const u8 *pull(const struct flow_pkt *pkt, u32 off, u32 n, void *buf)
{
	return pkt->pull ? pkt->pull(pkt, off, n, buf) : NULL;
}

/* n octets at off: in place if linear, else copied into buf, NULL if absent */
static __always_inline const u8 *at(const struct flow_pkt *pkt, u32 off, u32 n, void *buf)
{
	if (likely(off + n <= pkt->len))
		return pkt->data + off;
	return pull(pkt, off, n, buf);
}

static __always_inline u32 word(const u8 *p)
{
	return get_unaligned((const u32 *)p);
}

static __always_inline u32 addrs4(const u8 *ip)
{
	return word(ip + 12) ^ word(ip + 16);
}

static __always_inline u32 addrs6(const u8 *ip)
{
	const u64 *a = (const u64 *)(ip + 8);
	u64 x = get_unaligned(a) ^ get_unaligned(a + 1) ^
		get_unaligned(a + 2) ^ get_unaligned(a + 3);

	return (u32)(x ^ (x >> 32));
}

static __always_inline u32 fold(u32 hash)
{
	hash ^= hash >> 16;
	return hash ^ (hash >> 8);
}

/* Neighbouring flows often have only even ports, hence the last shift. */
static __always_inline u32 mix_l4(const struct keys *k)
{
	return fold((k->icmp ? k->icmp : k->ports) ^ k->addrs) >> 1;
}

/* Last octets of both MAC addresses and the packet type as a number. */
static __always_inline u32 mix_l2(const u8 *eth)
{
	return eth[5] ^ eth[11] ^ get_unaligned_be16(eth + 12);
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

static u32 read_ports(const struct flow_pkt *pkt, u32 off, u8 ip_proto)
{
	int at_off = ports_at(ip_proto);
	u8 buf[4];
	const u8 *p;

	if (at_off < 0)
		return 0;
	p = at(pkt, off + at_off, 4, buf);
	return p ? word(p) : 0;
}

/* An identifier of 0 counts as 1, so that the query is told from an error. */
static u32 read_icmp(const struct flow_pkt *pkt, u32 off)
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
static bool outer_ip(const struct flow_pkt *pkt, struct cursor *c, struct keys *k)
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
static bool quoted(const struct flow_pkt *pkt, struct cursor *c, struct keys *k)
{
	u8 buf[8];
	const u8 *icmp = at(pkt, c->off, sizeof(buf), buf);

	if (!icmp || !icmp_quotes(c->ip_proto, icmp[0]))
		return true;
	c->off += sizeof(buf);
	return outer_ip(pkt, c, k);
}

static bool is_icmp(u8 ip_proto)
{
	return ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6;
}

/* Keys of the outermost IP packet: the general case. */
static noinline bool outer_keys(const struct flow_pkt *pkt, struct keys *k, bool l4)
{
	struct cursor c = { .off = pkt->nhoff, .proto = pkt->proto };

	memset(k, 0, sizeof(*k));
	if (!outer_ip(pkt, &c, k))
		return false;
	if (is_icmp(c.ip_proto)) {
		if (l4)
			k->icmp = read_icmp(pkt, c.off);
		if (!quoted(pkt, &c, k))
			return false;
	}
	if (l4)
		k->ports = read_ports(pkt, c.off, c.ip_proto);
	return true;
}

/* --- encap policies: down to the innermost headers ---------------------- */

static enum next enter(struct cursor *c, u16 ethertype)
{
	c->proto = cpu_to_be16(ethertype);
	return NEXT_NET;
}

static enum next read_ip4(const struct flow_pkt *pkt, struct cursor *c, struct keys *k)
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

static enum next read_ip6(const struct flow_pkt *pkt, struct cursor *c, struct keys *k)
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
static enum next read_pppoe(const struct flow_pkt *pkt, struct cursor *c)
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

static enum next read_vlan(const struct flow_pkt *pkt, struct cursor *c)
{
	u8 buf[VLAN_LEN];
	const u8 *p = at(pkt, c->off, VLAN_LEN, buf);

	if (!p)
		return NEXT_FAIL;
	c->off += VLAN_LEN;
	return enter(c, get_unaligned_be16(p + 2));
}

/* The sending node stands for both addresses. */
static enum next read_tipc(const struct flow_pkt *pkt, struct cursor *c, struct keys *k)
{
	u8 buf[16];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);

	if (!p)
		return NEXT_FAIL;
	k->addrs = word(p + 12);
	return NEXT_DONE;
}

/* A batman-adv unicast packet: ten octets, then a whole Ethernet frame. */
static enum next read_batman(const struct flow_pkt *pkt, struct cursor *c)
{
	u8 buf[BATMAN_LEN + L2_LEN];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);

	if (!p || p[0] != BATMAN_UNICAST || p[1] != BATMAN_VERSION)
		return NEXT_FAIL;
	c->off += sizeof(buf);
	return enter(c, get_unaligned_be16(p + BATMAN_LEN + 12));
}

/* HSR and PRP tags: path and size, sequence number, ethertype. */
static enum next read_hsr(const struct flow_pkt *pkt, struct cursor *c)
{
	u8 buf[6];
	const u8 *p = at(pkt, c->off, sizeof(buf), buf);

	if (!p)
		return NEXT_FAIL;
	c->off += sizeof(buf);
	return enter(c, get_unaligned_be16(p + 4));
}

/* Known, without addresses: readable when its header is there. */
static enum next known(const struct flow_pkt *pkt, struct cursor *c, u32 header)
{
	u8 buf[FLOW_PULL_MAX];

	return at(pkt, c->off, header, buf) ? NEXT_DONE : NEXT_FAIL;
}

static enum next read_net(const struct flow_pkt *pkt, struct cursor *c, struct keys *k)
{
	switch (be16_to_cpu(c->proto)) {
	case ETH_P_IP:
		return read_ip4(pkt, c, k);
	case ETH_P_IPV6:
		return read_ip6(pkt, c, k);
	case ETH_P_8021Q:
	case ETH_P_8021AD:
		return read_vlan(pkt, c);
	case ETH_P_PPP_SES:
		return read_pppoe(pkt, c);
	case ETH_P_TIPC:
		return read_tipc(pkt, c, k);
	case ETH_P_BATMAN:
		return read_batman(pkt, c);
	case ETH_P_HSR:
	case ETH_P_PRP:
		return read_hsr(pkt, c);
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

/* A whole Ethernet frame inside GRE. */
static enum next read_inner_eth(const struct flow_pkt *pkt, struct cursor *c)
{
	u8 buf[L2_LEN];
	const u8 *eth = at(pkt, c->off, L2_LEN, buf);

	if (!eth)
		return NEXT_FAIL;
	c->off += L2_LEN;
	return enter(c, get_unaligned_be16(eth + 12));
}

/* Version 1: PPP inside, as PPTP sends it. */
static enum next read_pptp(const struct flow_pkt *pkt, struct cursor *c, u16 flags)
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

static enum next read_gre(const struct flow_pkt *pkt, struct cursor *c)
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
		return read_inner_eth(pkt, c);
	return NEXT_NET;
}

/* Hop-by-hop, routing and destination options share one shape. */
static enum next read_ip6_options(const struct flow_pkt *pkt, struct cursor *c)
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

static enum next read_ip6_fragment(const struct flow_pkt *pkt, struct cursor *c)
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

static enum next read_transport(const struct flow_pkt *pkt, struct cursor *c, struct keys *k)
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
		k->icmp = read_icmp(pkt, c->off);
		return NEXT_DONE;
	default:
		return NEXT_DONE;
	}
}

/* Keys of the innermost headers: the general case. */
static noinline bool inner_keys(const struct flow_pkt *pkt, struct keys *k)
{
	struct cursor c = { .off = pkt->nhoff, .proto = pkt->proto };
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
		k->ports = read_ports(pkt, c.off, c.ip_proto);
	return true;
}

/* --- the policies ------------------------------------------------------- */

/*
 * The frame nearly every packet is: IPv4 without options or IPv6 without
 * extension headers, unfragmented, TCP or UDP, linear up to the ports.
 */
static __always_inline bool plain_keys(const struct flow_pkt *pkt, struct keys *k)
{
	const u8 *ip = pkt->data + pkt->nhoff;
	u32 room = pkt->len - pkt->nhoff;

	k->icmp = 0;
	if (pkt->proto == cpu_to_be16(ETH_P_IP)) {
		if (unlikely((s32)room < IP4_LEN + 4 || (ip[0] & 0xf) != 5 ||
			     (get_unaligned((const __be16 *)(ip + 6)) & cpu_to_be16(IP4_FRAG)) ||
			     (ip[9] != IPPROTO_TCP && ip[9] != IPPROTO_UDP)))
			return false;
		k->addrs = addrs4(ip);
		k->ports = word(ip + IP4_LEN);
		return true;
	}
	if (pkt->proto == cpu_to_be16(ETH_P_IPV6)) {
		if (unlikely((s32)room < IP6_LEN + 4 ||
			     (ip[6] != IPPROTO_TCP && ip[6] != IPPROTO_UDP)))
			return false;
		k->addrs = addrs6(ip);
		k->ports = word(ip + IP6_LEN);
		return true;
	}
	return false;
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

	return likely(eth) ? mix_l2(eth) : 0;
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
	struct keys k;

	if (!plain_keys(pkt, &k) && !outer_keys(pkt, &k, false))
		return hash;
	return fold(hash ^ k.addrs);
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
	struct keys k;

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
	struct keys k;

	if (!plain_keys(pkt, &k) && !inner_keys(pkt, &k))
		return hash;
	return fold(hash ^ k.addrs);
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
	struct keys k;

	if (!plain_keys(pkt, &k) && !inner_keys(pkt, &k))
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
	return (get_unaligned_be32(eth + 6) >> 8) ^
	       (get_unaligned_be32(eth + 8) & 0xffffff) ^ (u16)pkt->vlan;
}

/**
 * flow_hash() - the hash of a frame under a policy
 * @pkt: the frame
 * @policy: xmit_hash_policy
 *
 * The index of the port is this modulo the number of usable ports.
 *
 * Context: any, hot path.
 * Return: the hash.
 */
u32 flow_hash(const struct flow_pkt *pkt, enum flow_policy policy)
{
	if (policy == FLOW_LAYER2)
		return flow_hash_layer2(pkt);
	if (policy == FLOW_LAYER34)
		return flow_hash_layer34(pkt);
	if (policy == FLOW_LAYER23)
		return flow_hash_layer23(pkt);
	if (policy == FLOW_ENCAP34)
		return flow_hash_encap34(pkt);
	if (policy == FLOW_ENCAP23)
		return flow_hash_encap23(pkt);
	return flow_hash_vlan_srcmac(pkt);
}
