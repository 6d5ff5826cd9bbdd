/* SPDX-License-Identifier: GPL-2.0 */
/*
 * balance-alb's other half: which port shall each peer send to?
 *
 * A peer sends to the MAC address we told it. Every answer that leaves the
 * bond (ARP for IPv4, neighbour discovery for IPv6) is rewritten to the MAC of
 * the port chosen for that peer, and peers are told anew when their port is
 * lost. One table of clients serves both families: IPv4 addresses stand in it
 * as ::ffff:a.b.c.d.
 *
 * A client is a peer's address with one of ours. What a machine knows of ours
 * by IPv6 is one entry per address of ours, whichever of its own it asked with
 * (Linux asks with any, and checks with its link-local one), and addresses
 * differ much in what is sent to them. So all clients with one MAC address
 * behind the same tags are one machine: they are on one port, and ports are
 * given machines. Each is told itself: with one MAC address there may be many
 * that know nothing of each other (ipvlan, Wi-Fi bridges).
 *
 * Ports have the slots tlb_port_join() gave them. Everything here wants the
 * table's lock.
 */
#ifndef BOND_CORE_RLB_H
#define BOND_CORE_RLB_H

#include "shim.h"

#define RLB_PORTS	64
#define RLB_CLIENTS	1024
#define RLB_HASH	256
#define RLB_BYES	64
#define RLB_NOBODY	U32_MAX
#define RLB_NONE	U16_MAX		/* no client */

#define RLB_BURST	2	/* times a client is told of a change */
#define RLB_REPEAT_MS	1000	/* between the two */
#define RLB_HOLDS	5	/* times an update waits that long for an address */
#define RLB_REQUEST_MS	2000	/* after our broadcast request, before updates */
#define RLB_SOLICIT_MS	200	/* the same after a solicitation */
#define RLB_SETTLE_MS	2000	/* a port must be back this long to get clients */
#define RLB_BATCH	32	/* clients told at once ... */
#define RLB_BATCH_MS	10	/* ... and the pause until the next lot */

#define RLB_ARP_LEN	42
#define RLB_NA_LEN	(14 + 40 + 32)
#define RLB_FRAME_MAX	RLB_NA_LEN
#define RLB_ROW_MAX	128

/**
 * struct rlb_tags - VLAN tags between the bond and an address of ours
 * @n: how many, outermost first
 * @proto: tag protocol
 * @tci: tag
 */
struct rlb_tags {
	u32 n;
	__be16 proto[2];
	u16 tci[2];
};

/**
 * struct rlb_key - a peer as one of our addresses knows it
 * @peer: its address
 * @own: ours
 * @tags: how our address sits on the bond
 */
struct rlb_key {
	struct in6_addr peer;
	struct in6_addr own;
	struct rlb_tags tags;
};

/**
 * struct rlb_client - a peer and the port it shall send to
 * @key: who it is
 * @mac: its MAC address
 * @known: @mac is valid
 * @slot: port it was given, RLB_NOBODY while no port is usable
 * @tell: updates still to be sent to it
 * @due: when the next one is
 * @seen: when it was last talked to or heard
 * @next: next client with the same hash, or the next free entry
 * @live: the entry is in use
 * @misled: it was told another port since the last update, @due is about that
 * @holds: times that what it is to be told had to wait, see rlb_hold()
 * @lead: the client that stands for its machine, itself when it does
 * @rows: clients of the machine, where this one stands for it
 */
struct rlb_client {
	struct rlb_key key;
	u8 mac[ETH_ALEN];
	bool known;
	bool live;
	bool misled;
	u8 holds;
	u32 slot;
	u32 tell;
	u64 due;
	u64 seen;
	u16 next;
	u16 lead;
	u16 rows;
};

/**
 * struct rlb_port - a port as the table sees it
 * @usable: it may receive
 * @speed: Mbit/s, 0 = unknown
 * @settled: when it has been usable for long enough to be given clients
 * @clients: how many it has
 * @machines: how many machines these are
 */
struct rlb_port {
	bool usable;
	u32 speed;
	u64 settled;
	u32 clients;
	u32 machines;
};

/**
 * struct rlb_table - the clients of one bond
 * @port: ports by slot
 * @head: first client of each hash
 * @free: first free entry
 * @high: entries from here on were never used
 * @active: slot of the active port, gets clients that leave the table
 * @rebalance: when to look at the shares again, U64_MAX = not
 * @batch: when the present lot of updates began
 * @sent: updates in it
 * @bye: the clients that left the full table last, told so while their @tell is
 *	not 0; a burst of strangers pushes out several at once
 * @byes: how many have left
 * @moves: clients moved since the beginning
 * @client: the entries
 */
struct rlb_table {
	struct rlb_port port[RLB_PORTS];
	u16 head[RLB_HASH];
	u16 free;
	u16 high;
	u32 active;
	u64 rebalance;
	u64 batch;
	u32 sent;
	struct rlb_client bye[RLB_BYES];
	u32 byes;
	u64 moves;
	struct rlb_client client[RLB_CLIENTS];
};

void rlb_init(struct rlb_table *t);
void rlb_port_change(struct rlb_table *t, u32 slot, u32 speed, bool up, u64 now);
void rlb_active(struct rlb_table *t, u32 slot);
u32 rlb_use(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u64 now);
u64 rlb_heard(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u64 now);
u64 rlb_announced(struct rlb_table *t, const struct rlb_key *peer, const u8 *mac,
		  u64 now);
void rlb_spoiled(struct rlb_table *t, const struct rlb_key *own, u32 told, u64 now);
u64 rlb_answered(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u32 told,
		 u64 now);
void rlb_misled(struct rlb_table *t, const struct rlb_key *key, u32 told, u64 now);
void rlb_retell(struct rlb_table *t, u32 slot, u64 now);
u64 rlb_leaving(const struct rlb_table *t);
bool rlb_next(struct rlb_table *t, u64 now, struct rlb_client *out);
void rlb_hold(struct rlb_table *t, const struct rlb_client *out, u64 now);
u64 rlb_advance(struct rlb_table *t, u64 now);
u32 rlb_row(char *buf, u32 size, const struct rlb_client *c, const char *port);

/* the title line above the rows of rlb_row() */
#define RLB_TITLE "SourceIP        DestinationIP   Destination MAC   DEV\n"

/**
 * rlb_addr4() - an IPv4 address as the table holds it
 * @addr: the address
 *
 * Context: any.
 * Return: the same as an IPv4-mapped IPv6 address.
 */
static inline struct in6_addr rlb_addr4(__be32 addr)
{
	struct in6_addr out = { .s6_addr = { [10] = 0xff, 0xff } };

	memcpy(out.s6_addr + 12, &addr, sizeof(addr));
	return out;
}

/* --- frames (rlb_wire.c) -------------------------------------------------- */

/**
 * enum rlb_kind - what a frame tells about addresses
 * @RLB_OTHER: nothing, or nothing we may touch (DAD, probes, signed neighbour
 *	discovery)
 * @RLB_REQUEST: ARP request or neighbour solicitation
 * @RLB_REPLY: ARP reply or advertisement to one neighbour
 * @RLB_ANNOUNCE: gratuitous ARP or advertisement to all; a message of or to a
 *	router, whose source link-layer address all take
 */
enum rlb_kind {
	RLB_OTHER,
	RLB_REQUEST,
	RLB_REPLY,
	RLB_ANNOUNCE,
};

/**
 * struct rlb_frame - a frame about addresses
 * @kind: what it is
 * @speaker: whose MAC address it tells
 * @listener: whom it is told, or who is asked
 * @mac: the MAC address told
 * @mac_off: where that stands, counted from the network header; 0 = nowhere
 * @sum_off: where the ICMPv6 checksum stands; 0 = there is none
 */
struct rlb_frame {
	enum rlb_kind kind;
	struct in6_addr speaker;
	struct in6_addr listener;
	u8 mac[ETH_ALEN];
	u32 mac_off;
	u32 sum_off;
};

void rlb_parse(struct rlb_frame *f, __be16 proto, const u8 *net, u32 len);
void rlb_rewrite(u8 *net, const struct rlb_frame *f, const u8 *mac);
u32 rlb_build(u8 *buf, const struct rlb_client *c, const u8 *mac, bool router);

#endif
