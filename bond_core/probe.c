// SPDX-License-Identifier: GPL-2.0
/*
 * Is this ARP, NS or NA a valid answer, from whom, and is the port alive?
 *
 * The rules are those documented for arp_interval, arp_validate and
 * arp_all_targets. "Within n intervals" means up to n and a half, so that an
 * answer to the latest probe is not missed by a hair; only silence is found
 * sooner, see term().
 */
#include "probe.h"

#define ETH_LEN		14
#define ARP_LEN		28
#define IP6_LEN		40
#define ICMP6_NS	135
#define ICMP6_NA	136
#define OPT_SOURCE_MAC	1

/* --- reading ------------------------------------------------------------- */

static void parse_arp(struct probe_frame *f, const u8 *arp, u32 len)
{
	f->kind = PROBE_BAD_ARP;
	if (len < ARP_LEN)
		return;
	/* Ethernet, IPv4, address lengths 6 and 4 */
	if (get_unaligned_be32(arp) != 0x00010800 || get_unaligned_be16(arp + 4) != 0x0604)
		return;
	f->kind = PROBE_ARP;
	f->reply = get_unaligned_be16(arp + 6) == 2;
	memcpy(&f->sip, arp + 14, sizeof(f->sip));
	memcpy(&f->tip, arp + 24, sizeof(f->tip));
}

/*
 * Hop limit 255 proves that the sender is on this link (RFC 4861, 7.1);
 * anything else is ordinary traffic to us.
 */
static void parse_ip6(struct probe_frame *f, const u8 *ip, u32 len)
{
	f->kind = PROBE_IP6;
	if (len < IP6_LEN + 8 || ip[6] != IPPROTO_ICMPV6 || ip[7] != 255)
		return;
	if (ip[IP6_LEN] != ICMP6_NS && ip[IP6_LEN] != ICMP6_NA)
		return;
	f->kind = PROBE_ND;
	f->reply = ip[IP6_LEN] == ICMP6_NA;
	memcpy(&f->saddr, ip + 8, sizeof(f->saddr));
	memcpy(&f->daddr, ip + 24, sizeof(f->daddr));
	if (len >= IP6_LEN + 24)
		memcpy(&f->target, ip + IP6_LEN + 8, sizeof(f->target));
}

/**
 * probe_parse() - what a received frame is to the monitor
 * @f: filled
 * @proto: its protocol (skb->protocol)
 * @net: network header, or as much as can be read of it
 * @len: octets readable at @net; PROBE_HEADER_MAX suffice
 *
 * Context: any.
 */
void probe_parse(struct probe_frame *f, __be16 proto, const u8 *net, u32 len)
{
	memset(f, 0, sizeof(*f));
	if (proto == cpu_to_be16(ETH_P_ARP))
		parse_arp(f, net, len);
	else if (proto == cpu_to_be16(ETH_P_IPV6))
		parse_ip6(f, net, len);
}

/* --- judging a frame ----------------------------------------------------- */

static int find4(const struct probe_config *cfg, __be32 addr)
{
	int i;

	for (i = 0; cfg->v4 && addr && i < PROBE_TARGETS && cfg->v4[i]; i++)
		if (cfg->v4[i] == addr)
			return i;
	return -1;
}

static int find6(const struct probe_config *cfg, const struct in6_addr *addr)
{
	int i;

	for (i = 0; cfg->v6 && i < PROBE_TARGETS && !ipv6_addr_any(&cfg->v6[i]); i++)
		if (ipv6_addr_equal(&cfg->v6[i], addr))
			return PROBE_TARGETS + i;
	return -1;
}

/*
 * A solicitation goes to a multicast group that several targets may share; who
 * is meant stands inside.
 */
static const struct in6_addr *whom6(const struct probe_frame *f)
{
	return f->daddr.s6_addr[0] == 0xff && !f->reply ? &f->target : &f->daddr;
}

/* Did "from" (a target) speak to "to" (us)? Return: the target's slot or -1. */
static int answer4(const struct probe_scene *s, __be32 from, __be32 to)
{
	int slot = find4(s->cfg, from);

	return slot >= 0 && s->own4(s->ctx, to) ? slot : -1;
}

static bool is_all_nodes(const struct in6_addr *a)
{
	static const struct in6_addr all_nodes = { .s6_addr = { 0xff, 2, [15] = 1 } };

	return ipv6_addr_equal(a, &all_nodes);
}

static int answer6(const struct probe_scene *s, const struct in6_addr *from,
		   const struct in6_addr *to)
{
	int slot = find6(s->cfg, from);

	if (slot < 0 || (!is_all_nodes(to) && !s->own6(s->ctx, to)))
		return -1;
	return slot;
}

/**
 * probe_target() - which target does this frame prove to be alive?
 * @t: times of the port it came in by
 * @f: the frame, PROBE_ARP or PROBE_ND
 * @s: what stands around it
 *
 * An active port believes what a target says to us. A backup port hears no
 * answers, but through the switch it hears the active port ask: the same frame
 * with the roles swapped, believed only while the active port hears something
 * itself. A port on trial believes a reply that can be one to its own probe.
 *
 * Context: any.
 * Return: slot of the target (IPv6 from PROBE_TARGETS on), or -1.
 */
int probe_target(const struct probe_times *t, const struct probe_frame *f,
		 const struct probe_scene *s)
{
	bool swapped = s->role == PROBE_ON_BACKUP;

	if (f->kind == PROBE_ARP && !s->to_us)
		return -1;
	if (swapped && !s->active_heard)
		return -1;
	if (s->role == PROBE_ON_TRIAL &&
	    (!f->reply || !probe_within(READ_ONCE(t->tx), 1, s->cfg->interval, s->now)))
		return -1;

	if (f->kind == PROBE_ARP)
		return swapped ? answer4(s, f->tip, f->sip) : answer4(s, f->sip, f->tip);
	return swapped ? answer6(s, whom6(f), &f->saddr) : answer6(s, &f->saddr, &f->daddr);
}

/* Who speaks of the targets? */
static int speaker(const struct probe_config *cfg, const struct probe_frame *f)
{
	int i;

	if (f->kind == PROBE_ARP)
		return find4(cfg, f->sip);
	i = find6(cfg, &f->saddr);
	return i < 0 ? i : PROBE_TARGETS + i;
}

/*
 * The slowest answer counts at once and is forgotten by and by. A target's
 * second one was to somebody else's question.
 */
static void note_lag(struct probe_times *t, const struct probe_frame *f,
		     const struct probe_scene *s)
{
	u64 tx = READ_ONCE(t->tx);
	u32 lag, known = READ_ONCE(t->lag);
	u32 answered = READ_ONCE(t->asked) == tx ? READ_ONCE(t->answered) : 0;
	int slot;

	if (!f->reply || s->now < tx || s->now - tx >= s->cfg->interval)
		return;
	slot = speaker(s->cfg, f);
	if (slot < 0 || (answered & BIT(slot)))
		return;
	WRITE_ONCE(t->asked, tx);
	WRITE_ONCE(t->answered, answered | BIT(slot));
	lag = (u32)(s->now - tx);
	WRITE_ONCE(t->lag, lag >= known ? lag : known - (known - lag + 7) / 8);
}

/**
 * probe_spoke4() - which IPv4 target has sent this?
 * @cfg: options
 * @f: the frame
 *
 * Context: any.
 * Return: its slot, -1 for nobody.
 */
int probe_spoke4(const struct probe_config *cfg, const struct probe_frame *f)
{
	return f->kind == PROBE_ARP ? find4(cfg, f->sip) : -1;
}

/**
 * probe_receive() - note a frame if it is a sign of life
 * @t: times of the port it came in by, stamped
 * @f: the frame
 * @s: what stands around it
 *
 * Context: any; lockless, see struct probe_times.
 * Return: true when the frame counted.
 */
bool probe_receive(struct probe_times *t, const struct probe_frame *f,
		   const struct probe_scene *s)
{
	bool validate;
	int slot;

	note_lag(t, f, s);
	if (probe_counts(s->cfg, s->role, f->kind, &validate)) {
		WRITE_ONCE(t->rx, s->now);
		return true;
	}
	if (!validate)
		return false;
	slot = probe_target(t, f, s);
	if (slot < 0)
		return false;
	WRITE_ONCE(t->rx, s->now);
	WRITE_ONCE(t->target_rx[slot], s->now);
	return true;
}

/* --- judging a port ------------------------------------------------------ */

/**
 * probe_within() - is this recent?
 * @last: when it happened
 * @n: number of intervals
 * @interval: ms
 * @now: ms
 *
 * Context: any.
 * Return: true up to n and a half intervals after @last.
 */
bool probe_within(u64 last, u32 n, u32 interval, u64 now)
{
	return now <= last + (u64)n * interval + interval / 2;
}

/* Silence for just over one interval: what does not count as alive. */
static u64 just_silent(const struct probe_config *cfg, u64 now)
{
	u64 silent = cfg->interval + cfg->interval / 2 + 1;

	return now > silent ? now - silent : 0;
}

/**
 * probe_times_init() - a port that has just joined
 * @t: filled
 * @cfg: options
 * @now: ms
 *
 * It has not been heard yet, but neither is it late: silence for just over one
 * interval, so that it does not count as alive before it is heard.
 *
 * Context: any.
 */
void probe_times_init(struct probe_times *t, const struct probe_config *cfg, u64 now)
{
	u64 past = just_silent(cfg, now);
	u32 i;

	WRITE_ONCE(t->tx, past);
	WRITE_ONCE(t->rx, past);
	WRITE_ONCE(t->up, now);
	WRITE_ONCE(t->lag, 0);
	for (i = 0; i < PROBE_SLOTS; i++)
		WRITE_ONCE(t->target_rx[i], past);
}

/**
 * probe_times_lost() - a port has lost its link
 * @t: its times, moved
 * @cfg: options
 * @now: ms
 *
 * What it heard by the link it had says nothing of the next one, which may lead
 * elsewhere: it does not count as alive before it is heard anew.
 *
 * Context: any. A frame that arrives meanwhile may be forgotten.
 */
void probe_times_lost(struct probe_times *t, const struct probe_config *cfg, u64 now)
{
	u64 past = just_silent(cfg, now);
	u32 i;

	WRITE_ONCE(t->rx, min(READ_ONCE(t->rx), past));
	for (i = 0; i < PROBE_SLOTS; i++)
		WRITE_ONCE(t->target_rx[i], min(READ_ONCE(t->target_rx[i]), past));
}

/**
 * probe_times_heard() - the monitor starts, and believes that a port lives
 * @t: its times, moved
 * @now: ms
 *
 * Context: any.
 */
void probe_times_heard(struct probe_times *t, u64 now)
{
	WRITE_ONCE(t->tx, now);
	WRITE_ONCE(t->rx, now);
	probe_times_renew(t, now);
}

/**
 * probe_times_renew() - other answers count from now on
 * @t: times of a port that is up, moved
 * @now: ms
 *
 * What was not noted until now must not be missed: every target has a full term.
 *
 * Context: any.
 */
void probe_times_renew(struct probe_times *t, u64 now)
{
	u32 i;

	for (i = 0; i < PROBE_SLOTS; i++)
		WRITE_ONCE(t->target_rx[i], now);
}

/**
 * probe_times_move() - the lists of targets have changed
 * @t: times of a port, moved
 * @old: options until now
 * @cfg: options from now on
 * @now: ms
 *
 * Context: any. What arrives meanwhile may be noted for the wrong target, once.
 */
void probe_times_move(struct probe_times *t, const struct probe_config *old,
		      const struct probe_config *cfg, u64 now)
{
	u64 moved[PROBE_SLOTS];
	int i, was;

	for (i = 0; i < PROBE_TARGETS; i++) {
		was = find4(old, cfg->v4[i]);
		moved[i] = was >= 0 ? READ_ONCE(t->target_rx[was]) : now;
		was = find6(old, &cfg->v6[i]);
		moved[PROBE_TARGETS + i] = was >= 0 ? READ_ONCE(t->target_rx[was]) : now;
	}
	for (i = 0; i < PROBE_SLOTS; i++)
		WRITE_ONCE(t->target_rx[i], moved[i]);
}

static void forgive(u64 *when, u64 late, u64 now)
{
	WRITE_ONCE(*when, min(READ_ONCE(*when) + late, now));
}

/**
 * probe_times_forgive() - do not blame a port for a late monitor
 * @t: its times, moved
 * @late: ms between when the monitor wanted to run and when it did
 * @now: ms
 *
 * Probes that could not be sent in time cannot have been answered in time, so
 * the clock of the verdict stood still meanwhile.
 *
 * Context: any.
 */
void probe_times_forgive(struct probe_times *t, u64 late, u64 now)
{
	u32 i;

	if (!late)
		return;
	forgive(&t->tx, late, now);
	forgive(&t->rx, late, now);
	forgive(&t->up, late, now);
	for (i = 0; i < PROBE_SLOTS; i++)
		forgive(&t->target_rx[i], late, now);
}

/**
 * probe_last_rx() - when a port last showed life, as arp_all_targets wants it
 * @t: its times
 * @cfg: options
 *
 * Context: any.
 * Return: time of the newest frame that counted, or of the answer of the target
 * that has been silent longest.
 */
u64 probe_last_rx(const struct probe_times *t, const struct probe_config *cfg)
{
	u64 oldest = U64_MAX;
	u32 i;

	if (!cfg->all_targets)
		return READ_ONCE(t->rx);
	for (i = 0; cfg->v4 && i < PROBE_TARGETS && cfg->v4[i]; i++)
		oldest = min(oldest, READ_ONCE(t->target_rx[i]));
	for (i = 0; cfg->v6 && i < PROBE_TARGETS && !ipv6_addr_any(&cfg->v6[i]); i++)
		oldest = min(oldest, READ_ONCE(t->target_rx[PROBE_TARGETS + i]));
	return oldest == U64_MAX ? READ_ONCE(t->rx) : oldest;
}

/*
 * How long a port may be silent when it may miss n answers: n intervals, and
 * for the last answer the time that answers take, a tenth of all that at the
 * least and half an interval at most.
 */
static u64 term(const struct probe_times *t, const struct probe_config *cfg, u32 n)
{
	u64 wait = max((u64)n * (cfg->interval / 10), 2 * (u64)READ_ONCE(t->lag));

	return (u64)n * cfg->interval + min(wait, (u64)cfg->interval / 2);
}

/**
 * probe_deadline_balance() - when will a port be down, in every mode but
 *	active-backup?
 * @t: its times; it is up
 * @cfg: options
 *
 * It has a full term also after its link came up, however long before that it
 * was last asked.
 *
 * Context: the monitor.
 * Return: the last millisecond at which it is up if nothing more is heard.
 */
u64 probe_deadline_balance(const struct probe_times *t, const struct probe_config *cfg)
{
	u64 tx = READ_ONCE(t->tx), rx = probe_last_rx(t, cfg);

	return max(READ_ONCE(t->up), min(tx, rx)) + term(t, cfg, cfg->missed_max);
}

/**
 * probe_deadline_backup() - when will a port be down, in active-backup?
 * @t: its times; it is up
 * @cfg: options
 * @seat: what the port is
 *
 * A backup port only listens, and gets one interval more for that; while some
 * port is on trial nothing is asked that it could overhear, so it is not judged
 * at all.
 *
 * Context: the monitor.
 * Return: as probe_deadline_balance(); U64_MAX for never.
 */
u64 probe_deadline_backup(const struct probe_times *t, const struct probe_config *cfg,
			  const struct probe_seat *seat)
{
	u64 tx = READ_ONCE(t->tx), rx = probe_last_rx(t, cfg);
	u64 grace = READ_ONCE(t->up) + 2 * (u64)cfg->interval + cfg->interval / 2;

	if (seat->role != PROBE_ON_BACKUP)
		return max(grace, min(tx, rx) + term(t, cfg, cfg->missed_max));
	if (seat->someone_on_trial)
		return U64_MAX;
	return max(grace, rx + term(t, cfg, cfg->missed_max + 1));
}

/**
 * probe_verdict_balance() - is a port alive, in every mode but
 *	active-backup?
 * @t: its times
 * @cfg: options
 * @up: its link state is up now
 * @now: ms
 *
 * Up when it both sent and received within an interval, down after
 * probe_deadline_balance().
 *
 * Context: the monitor.
 * Return: PROBE_UP, PROBE_DOWN or PROBE_KEEP.
 */
enum probe_verdict probe_verdict_balance(const struct probe_times *t,
					 const struct probe_config *cfg, bool up, u64 now)
{
	u64 tx = READ_ONCE(t->tx), rx = probe_last_rx(t, cfg);

	if (up)
		return now > probe_deadline_balance(t, cfg) ? PROBE_DOWN : PROBE_KEEP;
	return probe_within(min(tx, rx), 1, cfg->interval, now) ? PROBE_UP : PROBE_KEEP;
}

/**
 * probe_verdict_backup() - is a port alive, in active-backup?
 * @t: its times
 * @cfg: options
 * @seat: what the port is
 * @now: ms
 *
 * Up when it received within an interval, down after probe_deadline_backup().
 *
 * Context: the monitor.
 * Return: PROBE_UP, PROBE_DOWN or PROBE_KEEP.
 */
enum probe_verdict probe_verdict_backup(const struct probe_times *t,
					const struct probe_config *cfg,
					const struct probe_seat *seat, u64 now)
{
	u64 rx = probe_last_rx(t, cfg);

	if (seat->up)
		return now > probe_deadline_backup(t, cfg, seat) ? PROBE_DOWN : PROBE_KEEP;
	return probe_within(rx, 1, cfg->interval, now) ? PROBE_UP : PROBE_KEEP;
}

/**
 * probe_next_trial() - whose turn is it to ask, when no port is active?
 * @can: may port @i be tried (administratively up, with carrier)?
 * @ctx: for @can
 * @n: number of ports
 * @current_port: index of the port on trial now, @n for none
 *
 * Context: the monitor.
 * Return: the next port in order after the current one (which comes last), or
 * @n when none can be tried.
 */
u32 probe_next_trial(bool (*can)(void *ctx, u32 i), void *ctx, u32 n, u32 current_port)
{
	u32 step, i = current_port < n ? current_port : n - 1;

	for (step = 0; step < n; step++) {
		i = i + 1 < n ? i + 1 : 0;
		if (can(ctx, i))
			return i;
	}
	return n;
}

/* --- asking -------------------------------------------------------------- */

/**
 * probe_solicited() - where a host is asked for: its solicited-node group
 * @target: address of the host
 * @group: filled: multicast address of the group (RFC 4291, 2.7.1)
 * @mac: filled: the Ethernet address it maps to (RFC 2464, 7)
 *
 * Context: any.
 */
void probe_solicited(const struct in6_addr *target, struct in6_addr *group, u8 *mac)
{
	static const u8 prefix[13] = { 0xff, 2, [11] = 1, [12] = 0xff };

	memcpy(group->s6_addr, prefix, sizeof(prefix));
	memcpy(group->s6_addr + 13, target->s6_addr + 13, 3);
	mac[0] = 0x33;
	mac[1] = 0x33;
	memcpy(mac + 2, group->s6_addr + 12, 4);
}

/**
 * probe_build_arp() - the frame that asks an IPv4 target
 * @buf: room for PROBE_ARP_LEN octets
 * @mac: address of the port
 * @from: our address, 0 if no route says which
 * @target: who shall answer
 *
 * Context: any.
 * Return: length of the frame.
 */
u32 probe_build_arp(u8 *buf, const u8 *mac, __be32 from, __be32 target)
{
	u8 *arp = buf + ETH_LEN;

	eth_broadcast_addr(buf);
	ether_addr_copy(buf + 6, mac);
	put_unaligned_be16(ETH_P_ARP, buf + 12);
	put_unaligned_be32(0x00010800, arp);
	put_unaligned_be32(0x06040001, arp + 4);
	memcpy(arp + 8, mac, ETH_ALEN);
	memcpy(arp + 14, &from, 4);
	memset(arp + 18, 0, ETH_ALEN);
	memcpy(arp + 24, &target, 4);
	return PROBE_ARP_LEN;
}

/* Internet checksum of an ICMPv6 message with its pseudo header. */
static u16 icmp6_sum(const u8 *ip, const u8 *icmp, u32 len)
{
	u32 sum = len + IPPROTO_ICMPV6, i;

	for (i = 8; i < IP6_LEN; i += 2)
		sum += get_unaligned_be16(ip + i);
	for (i = 0; i < len; i += 2)
		sum += get_unaligned_be16(icmp + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

/**
 * probe_asker6() - whom a port asks for that has an address of its own, or where
 *	the bond has none to ask with
 * @mac: address of the port
 * @addr: filled: the link-local address that follows from it (RFC 4291,
 *	appendix A)
 *
 * A solicitation from nobody would not do: to the target it is somebody who is
 * about to take its address, and if it is still looking for duplicates itself
 * it gives the address up (RFC 4862, 5.4.3).
 *
 * Context: any.
 */
void probe_asker6(const u8 *mac, struct in6_addr *addr)
{
	*addr = (struct in6_addr) { .s6_addr = {
		0xfe, 0x80, [8] = mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5],
	} };
}

/**
 * probe_build_ns() - the frame that asks an IPv6 target
 * @buf: room for PROBE_NS_LEN octets
 * @mac: address of the port
 * @from: our address; :: if none is known, then no link-layer address is told
 *	(RFC 4861, 4.3)
 * @target: who shall answer
 *
 * Context: any.
 * Return: length of the frame.
 */
u32 probe_build_ns(u8 *buf, const u8 *mac, const struct in6_addr *from,
		   const struct in6_addr *target)
{
	u32 len = ipv6_addr_any(from) ? 24 : 32;
	u8 *ip = buf + ETH_LEN, *icmp = ip + IP6_LEN;
	struct in6_addr group;

	probe_solicited(target, &group, buf);
	ether_addr_copy(buf + 6, mac);
	put_unaligned_be16(ETH_P_IPV6, buf + 12);
	put_unaligned_be32(0x60000000, ip);
	put_unaligned_be16((u16)len, ip + 4);
	ip[6] = IPPROTO_ICMPV6;
	ip[7] = 255;
	memcpy(ip + 8, from, sizeof(*from));
	memcpy(ip + 24, &group, sizeof(group));
	memset(icmp, 0, 32);
	icmp[0] = ICMP6_NS;
	memcpy(icmp + 8, target, sizeof(*target));
	if (len == 32) {
		icmp[24] = OPT_SOURCE_MAC;
		icmp[25] = 1;
		memcpy(icmp + 26, mac, ETH_ALEN);
	}
	put_unaligned_be16(icmp6_sum(ip, icmp, len), icmp + 2);
	return ETH_LEN + IP6_LEN + len;
}
