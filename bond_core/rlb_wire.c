// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that tell MAC addresses: ARP (RFC 826) and neighbour discovery
 * (RFC 4861). Reading them, putting another MAC address in, making them.
 */
#include "rlb.h"

#define ETH_LEN		14
#define ARP_LEN		28
#define ARP_SENDER	8	/* offset of the sender's MAC */
#define IP6_LEN		40
#define ND_LEN		24	/* up to the options */
#define RS_LEN		8
#define RA_LEN		16
#define ICMP6_RS	133
#define ICMP6_RA	134
#define ICMP6_NS	135
#define ICMP6_NA	136
#define OPT_SOURCE_MAC	1
#define OPT_TARGET_MAC	2
#define OPT_CGA		11	/* RFC 3971: signed, must not be touched */
#define OPT_SIGNATURE	12
#define NA_ROUTER	0x80
#define NA_OVERRIDE	0x20

static void parse_arp(struct rlb_frame *f, const u8 *arp, u32 len)
{
	__be32 sip, tip;
	u16 op;

	if (len < ARP_LEN || get_unaligned_be32(arp) != 0x00010800 ||
	    get_unaligned_be16(arp + 4) != 0x0604)
		return;
	op = get_unaligned_be16(arp + 6);
	memcpy(&sip, arp + 14, sizeof(sip));
	memcpy(&tip, arp + 24, sizeof(tip));
	/* no sender: a probe for a duplicate (RFC 5227) */
	if (!sip || !tip || (op != 1 && op != 2))
		return;
	f->kind = sip == tip ? RLB_ANNOUNCE : op == 1 ? RLB_REQUEST : RLB_REPLY;
	f->speaker = rlb_addr4(sip);
	f->listener = rlb_addr4(tip);
	f->mac_off = ARP_SENDER;
	memcpy(f->mac, arp + ARP_SENDER, ETH_ALEN);
}

/*
 * Find the option that tells the speaker's MAC address.
 * Return: false when the message is malformed or signed.
 */
static bool find_option(struct rlb_frame *f, const u8 *net, u32 off, u32 end, u8 wanted)
{
	while (off < end) {
		u32 size;

		if (off + 8 > end)
			return false;
		size = net[off + 1] * 8;
		if (!size || off + size > end || net[off] == OPT_CGA || net[off] == OPT_SIGNATURE)
			return false;
		if (net[off] == wanted && size == 8) {
			f->mac_off = off + 2;
			memcpy(f->mac, net + off + 2, ETH_ALEN);
		}
		off += size;
	}
	return true;
}

/*
 * A router and who looks for one say their own MAC address, which all who hear
 * it take. It stays as it is, but must be known of.
 */
static void parse_router(struct rlb_frame *f, const u8 *ip, u32 end, u32 off)
{
	struct in6_addr src;

	memcpy(&src, ip + 8, sizeof(src));
	if (end < off || ipv6_addr_any(&src) || !find_option(f, ip, off, end, OPT_SOURCE_MAC)) {
		f->mac_off = 0;
		return;
	}
	f->kind = RLB_ANNOUNCE;
	f->speaker = src;
	memcpy(&f->listener, ip + 24, sizeof(f->listener));
	f->sum_off = IP6_LEN + 2;
}

static void parse_nd(struct rlb_frame *f, const u8 *ip, u32 len)
{
	const u8 *icmp = ip + IP6_LEN;
	struct in6_addr src, dst, target;
	bool ns;
	u32 end;

	if (len < IP6_LEN + RS_LEN || ip[6] != IPPROTO_ICMPV6 || ip[7] != 255)
		return;
	end = IP6_LEN + get_unaligned_be16(ip + 4);
	if (end > len)
		return;
	if (icmp[0] == ICMP6_RS || icmp[0] == ICMP6_RA)
		parse_router(f, ip, end, IP6_LEN + (icmp[0] == ICMP6_RS ? RS_LEN : RA_LEN));
	if ((icmp[0] != ICMP6_NS && icmp[0] != ICMP6_NA) || end < IP6_LEN + ND_LEN)
		return;
	ns = icmp[0] == ICMP6_NS;
	memcpy(&src, ip + 8, sizeof(src));
	memcpy(&dst, ip + 24, sizeof(dst));
	memcpy(&target, icmp + 8, sizeof(target));
	/* no source: a probe for a duplicate (RFC 4862) */
	if (ipv6_addr_any(&src) || ipv6_addr_is_multicast(&target) ||
	    !find_option(f, ip, IP6_LEN + ND_LEN, end, ns ? OPT_SOURCE_MAC : OPT_TARGET_MAC)) {
		f->mac_off = 0;
		return;
	}
	f->kind = ns ? RLB_REQUEST : ipv6_addr_is_multicast(&dst) ? RLB_ANNOUNCE : RLB_REPLY;
	f->speaker = ns ? src : target;
	f->listener = ns ? target : dst;
	f->sum_off = IP6_LEN + 2;
}

/**
 * rlb_parse() - what a frame tells about addresses
 * @f: filled
 * @proto: its protocol (skb->protocol)
 * @net: network header
 * @len: octets readable at @net; a message not readable to its end is
 *	RLB_OTHER
 *
 * Context: any.
 */
void rlb_parse(struct rlb_frame *f, __be16 proto, const u8 *net, u32 len)
{
	memset(f, 0, sizeof(*f));
	if (proto == cpu_to_be16(ETH_P_ARP))
		parse_arp(f, net, len);
	else if (proto == cpu_to_be16(ETH_P_IPV6))
		parse_nd(f, net, len);
}

/* Replace a word under a checksum (RFC 1624, equation 3). */
static void patch(u8 *word, u8 *sum, u16 to)
{
	u32 s = (u16)~get_unaligned_be16(sum);

	s += (u16)~get_unaligned_be16(word);
	s += to;
	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	put_unaligned_be16(to, word);
	put_unaligned_be16((u16)~s, sum);
}

/**
 * rlb_rewrite() - let a frame tell another MAC address
 * @net: network header, writable
 * @f: what rlb_parse() said about it
 * @mac: to be told
 *
 * Context: any.
 */
void rlb_rewrite(u8 *net, const struct rlb_frame *f, const u8 *mac)
{
	u32 i;

	if (!f->mac_off)
		return;
	if (!f->sum_off) {
		memcpy(net + f->mac_off, mac, ETH_ALEN);
		return;
	}
	for (i = 0; i < ETH_ALEN; i += 2)
		patch(net + f->mac_off + i, net + f->sum_off, get_unaligned_be16(mac + i));
}

static u32 build_arp(u8 *buf, const struct rlb_client *c, const u8 *mac)
{
	u8 *arp = buf + ETH_LEN;

	put_unaligned_be16(ETH_P_ARP, buf + 12);
	put_unaligned_be32(0x00010800, arp);
	put_unaligned_be32(0x06040002, arp + 4);
	memcpy(arp + 8, mac, ETH_ALEN);
	memcpy(arp + 14, c->key.own.s6_addr + 12, 4);
	memcpy(arp + 18, c->mac, ETH_ALEN);
	memcpy(arp + 24, c->key.peer.s6_addr + 12, 4);
	return RLB_ARP_LEN;
}

static u32 build_na(u8 *buf, const struct rlb_client *c, const u8 *mac, bool router)
{
	u8 *ip = buf + ETH_LEN, *icmp = ip + IP6_LEN;
	u32 sum = 32 + IPPROTO_ICMPV6, i;

	put_unaligned_be16(ETH_P_IPV6, buf + 12);
	put_unaligned_be32(0x60000000, ip);
	put_unaligned_be16(32, ip + 4);
	ip[6] = IPPROTO_ICMPV6;
	ip[7] = 255;
	memcpy(ip + 8, &c->key.own, 16);
	memcpy(ip + 24, &c->key.peer, 16);
	memset(icmp, 0, 32);
	icmp[0] = ICMP6_NA;
	icmp[4] = NA_OVERRIDE | (router ? NA_ROUTER : 0);
	memcpy(icmp + 8, &c->key.own, 16);
	icmp[24] = OPT_TARGET_MAC;
	icmp[25] = 1;
	memcpy(icmp + 26, mac, ETH_ALEN);
	for (i = 8; i < IP6_LEN + 32; i += 2)
		sum += get_unaligned_be16(ip + i);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put_unaligned_be16((u16)~sum, icmp + 2);
	return RLB_NA_LEN;
}

/**
 * rlb_build() - the frame that tells a client its port
 * @buf: room for RLB_FRAME_MAX octets
 * @c: what rlb_next() said
 * @mac: MAC address of the port
 * @router: we forward IPv6 on that interface; peers drop a router whose
 *	advertisement does not say so
 *
 * A unicast ARP reply, or a unicast advertisement with the override flag. The
 * VLAN tags of the client are the caller's business.
 *
 * Context: any.
 * Return: length of the frame.
 */
u32 rlb_build(u8 *buf, const struct rlb_client *c, const u8 *mac, bool router)
{
	const struct in6_addr v4 = rlb_addr4(0);

	ether_addr_copy(buf, c->mac);
	ether_addr_copy(buf + 6, mac);
	if (!memcmp(&c->key.own, &v4, 12))
		return build_arp(buf, c, mac);
	return build_na(buf, c, mac, router);
}
