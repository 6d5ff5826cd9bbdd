/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame nearly every packet is, read and mixed inline: IPv4 without
 * options or IPv6 without extension headers, unfragmented, TCP or UDP, linear
 * up to the ports. All other frames go through flow.c, which mixes the same way.
 */
#ifndef BOND_CORE_FLOW_PLAIN_H
#define BOND_CORE_FLOW_PLAIN_H

#include "shim.h"

#define FLOW_L2_LEN	14
#define FLOW_IP4_LEN	20
#define FLOW_IP6_LEN	40
#define FLOW_IP4_FRAG	0x3fff	/* more fragments, or an offset */

/**
 * struct flow_plain - what the layer 3 policies mix of a plain frame
 * @addrs: source XOR destination address, folded to 32 bits
 * @ports: both ports as they stand in the frame
 */
struct flow_plain {
	u32 addrs;
	u32 ports;
};

static __always_inline u32 flow_word(const u8 *p)
{
	return get_unaligned((const u32 *)p);
}

static __always_inline u32 flow_addrs4(const u8 *ip)
{
	return flow_word(ip + 12) ^ flow_word(ip + 16);
}

static __always_inline u32 flow_addrs6(const u8 *ip)
{
	const u64 *a = (const u64 *)(ip + 8);
	u64 x = get_unaligned(a) ^ get_unaligned(a + 1) ^
		get_unaligned(a + 2) ^ get_unaligned(a + 3);

	return (u32)(x ^ (x >> 32));
}

static __always_inline u32 flow_fold(u32 hash)
{
	hash ^= hash >> 16;
	return hash ^ (hash >> 8);
}

/* Last octets of both MAC addresses and the packet type as a number. */
static __always_inline u32 flow_mix_l2(const u8 *eth)
{
	return eth[5] ^ eth[11] ^ get_unaligned_be16(eth + 12);
}

/* Neighbouring flows often have only even ports, hence the last shift. */
static __always_inline u32 flow_mix_l4(u32 addrs, u32 ports)
{
	return flow_fold(ports ^ addrs) >> 1;
}

/* VLAN tag XOR both halves of the source MAC. */
static __always_inline u32 flow_mix_vlan_srcmac(const u8 *eth, u16 tag)
{
	/* both halves end where the shift cuts off */
	return be32_to_cpu(get_unaligned((const __be32 *)(eth + 6)) ^
			   get_unaligned((const __be32 *)(eth + 9))) >> 8 ^ tag;
}

/* TCP or UDP, and no fragment of them? Both stand in one word. */
static __always_inline bool flow_has_ports4(const u8 *ip)
{
	__be32 word = get_unaligned((const __be32 *)(ip + 6)) &
		      cpu_to_be32(FLOW_IP4_FRAG << 16 | 0xff);

	return word == cpu_to_be32(IPPROTO_TCP) ||
	       word == cpu_to_be32(IPPROTO_UDP);
}

static __always_inline bool flow_is_icmp(u8 ip_proto)
{
	return ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6;
}

/**
 * flow_read_addrs() - the addresses of a frame whose outer ones count
 * @ip: the network header
 * @room: octets readable there, may be negative
 * @proto: what the stack takes it for
 * @addrs: where they go, source XOR destination, folded to 32 bits
 *
 * Only an ICMP message may count by other addresses, those that it quotes.
 *
 * Context: any, hot path.
 * Return: false when the frame is not of that kind.
 */
static __always_inline bool flow_read_addrs(const u8 *ip, int room, __be16 proto,
					    u32 *addrs)
{
	if (proto == cpu_to_be16(ETH_P_IP)) {
		if (unlikely(room < FLOW_IP4_LEN || flow_is_icmp(ip[9])))
			return false;
		*addrs = flow_addrs4(ip);
		return true;
	}
	if (proto == cpu_to_be16(ETH_P_IPV6)) {
		if (unlikely(room < FLOW_IP6_LEN || flow_is_icmp(ip[6])))
			return false;
		*addrs = flow_addrs6(ip);
		return true;
	}
	return false;
}

/**
 * flow_read_plain() - keys of a plain frame
 * @ip: the network header
 * @room: octets readable there, may be negative
 * @proto: what the stack takes it for
 * @k: where the keys go
 *
 * Context: any, hot path.
 * Return: false when the frame is not plain.
 */
static __always_inline bool flow_read_plain(const u8 *ip, int room, __be16 proto,
					    struct flow_plain *k)
{
	if (proto == cpu_to_be16(ETH_P_IP)) {
		if (unlikely(room < FLOW_IP4_LEN + 4 || (ip[0] & 0xf) != 5 ||
			     !flow_has_ports4(ip)))
			return false;
		k->addrs = flow_addrs4(ip);
		k->ports = flow_word(ip + FLOW_IP4_LEN);
		return true;
	}
	if (proto == cpu_to_be16(ETH_P_IPV6)) {
		if (unlikely(room < FLOW_IP6_LEN + 4 ||
			     (ip[6] != IPPROTO_TCP && ip[6] != IPPROTO_UDP)))
			return false;
		k->addrs = flow_addrs6(ip);
		k->ports = flow_word(ip + FLOW_IP6_LEN);
		return true;
	}
	return false;
}

#endif
