/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The option table: one row per setting, whatever door it comes in by. Rows,
 * words, parsing and printing are pure and build in userspace too
 * (bond_option_table.c, bond_option_text.c); a request is staged, checked
 * and committed by bond_options.c.
 */
#ifndef BOND_OPTION_H
#define BOND_OPTION_H

#include "config.h"

/* rows in the order in which one request applies them, not as it names them */
enum bond_option_id {
	BOND_OPT_MODE,
	BOND_OPT_ACTIVE_SLAVE,
	BOND_OPT_MONITORS,
	BOND_OPT_MIIMON,
	BOND_OPT_UPDELAY,
	BOND_OPT_DOWNDELAY,
	BOND_OPT_PEER_NOTIF_DELAY,
	BOND_OPT_USE_CARRIER,
	BOND_OPT_ARP_INTERVAL,
	BOND_OPT_ARP_IP_TARGET,
	BOND_OPT_NS_IP6_TARGET,
	BOND_OPT_ARP_VALIDATE,
	BOND_OPT_ARP_ALL_TARGETS,
	BOND_OPT_PRIMARY,
	BOND_OPT_PRIMARY_RESELECT,
	BOND_OPT_FAIL_OVER_MAC,
	BOND_OPT_XMIT_HASH_POLICY,
	BOND_OPT_HASH_TABLE,
	BOND_OPT_HASH_SEED,
	BOND_OPT_SLB,
	BOND_OPT_RESEND_IGMP,
	BOND_OPT_NUM_PEER_NOTIF,
	BOND_OPT_NUM_UNSOL_NA,
	BOND_OPT_ALL_SLAVES_ACTIVE,
	BOND_OPT_MIN_LINKS,
	BOND_OPT_LP_INTERVAL,
	BOND_OPT_PACKETS_PER_SLAVE,
	BOND_OPT_LACP_ACTIVE,
	BOND_OPT_LACP_RATE,
	BOND_OPT_AD_SELECT,
	BOND_OPT_AD_ACTOR_SYS_PRIO,
	BOND_OPT_AD_USER_PORT_KEY,
	BOND_OPT_AD_ACTOR_SYSTEM,
	BOND_OPT_TLB_DYNAMIC_LB,
	BOND_OPT_ARP_MISSED_MAX,
	BOND_OPT_COUPLED_CONTROL,
	BOND_OPT_BROADCAST_NEIGHBOR,
	BOND_OPT_LACP_STRICT,
	BOND_OPT_ANNOUNCE,
	BOND_OPT_FLAP_HALF_LIFE,
	BOND_OPT_SLAVES,
	BOND_OPT_QUEUE_ID,
	BOND_OPT_PRIO,
	BOND_OPT_ACTOR_PORT_PRIO,
	BOND_OPT_COUNT
};

enum bond_option_kind {
	BOND_K_WORD,	/* one of a list of words, or its number */
	BOND_K_NUMBER,
	BOND_K_IPV4,	/* list of IPv4 addresses */
	BOND_K_IPV6,	/* list of IPv6 addresses */
	BOND_K_IFNAME,
	BOND_K_MAC,
	BOND_K_COMMAND,	/* does something, is not a stored value */
};

/* bond_option.flags */
#define BOND_F_DOWN	BIT(0)	/* only while the bond is down */
#define BOND_F_EMPTY	BIT(1)	/* only while it has no ports */
#define BOND_F_ADMIN	BIT(2)	/* hidden without CAP_NET_ADMIN */
#define BOND_F_LACP	BIT(3)	/* shown in 802.3ad only */
#define BOND_F_PORT	BIT(4)	/* a setting of a port, not of the bond */
#define BOND_F_SIGNED	BIT(5)	/* s32 */
#define BOND_F_MIIMON	BIT(6)	/* kept as a multiple of miimon */
#define BOND_F_PLAIN	BIT(7)	/* sysfs prints the number without the word */
#define BOND_F_NO_DEFAULT BIT(8)	/* the word "default" is not understood */
#define BOND_F_POLICED	BIT(10)	/* netlink's policy refuses a bad value */
#define BOND_F_MINVAL	BIT(9)	/* the word "minval" is understood */
#define BOND_F_COMBINED	BIT(11)	/* in every mode while monitors are combined */
#define BOND_F_UNSIGNED	BIT(12)	/* sysfs shows what is past 2^31 unsigned */

/* bond_option.apply: what has to happen when a row's value has changed; each
 * bit is one function of bond_apply.c, called at most once per request
 */
#define BOND_A_MODE	BIT(0)
#define BOND_A_PRIMARY	BIT(1)
#define BOND_A_RESELECT	BIT(2)

/**
 * struct bond_word - a word users type for a value
 * @word: the word
 * @value: what it means
 */
struct bond_word {
	const char *word;
	u32 value;
};

/**
 * struct bond_option - one row
 * @name: sysfs and parameter name, also used in messages
 * @label: name in running text where it differs, or NULL
 * @unit: for the documentation: "ms", "s", "ports"..., or NULL
 * @about: for the documentation: one sentence
 * @words: words for values, ends with a NULL word; NULL when there are none
 * @effect: what a change of this row does to other settings of the same
 *	config; pure. NULL when nothing
 * @min: smallest value
 * @max: largest value
 * @dflt: value of a new bond
 * @nla: netlink attribute: IFLA_BOND_*, or IFLA_BOND_SLAVE_* with BOND_F_PORT;
 *	0 = none
 * @field: offset in struct bond_config, or in struct bond_port_config
 * @flags: BOND_F_*
 * @wire: octets of the netlink attribute
 * @kind: enum bond_option_kind
 * @not_in: bit per mode that does not know this option
 * @apply: BOND_A_*
 */
struct bond_option {
	const char *name;
	const char *label;
	const char *unit;
	const char *about;
	const struct bond_word *words;
	void (*effect)(struct bond_config *want);
	s64 min;
	s64 max;
	u32 dflt;
	u16 nla;
	u16 field;
	u16 flags;
	u8 wire;
	u8 kind;
	u8 not_in;
	u8 apply;
};

extern const struct bond_option bond_options[BOND_OPT_COUNT];

/* bond_option_table.c */
void bond_config_default(struct bond_config *config);
u32 bond_option_get(const struct bond_option *o, const void *config);
void bond_option_put(const struct bond_option *o, void *config, u32 value);

/* bond_option_text.c */
const char *bond_option_word(const struct bond_option *o, u32 value);
bool bond_option_in_mode(const struct bond_option *o,
			 const struct bond_config *config);
int bond_option_parse(const struct bond_option *o, const char *text, u32 *out);
bool bond_option_in_range(const struct bond_option *o, s64 value);
int bond_option_parse_mac(const char *text, u8 *mac);
int bond_option_parse_queue(const char *text, char *name, u32 *id);
size_t bond_option_token(const char *text, char *token, size_t size);
int bond_option_print(const struct bond_option *o, const void *config,
		      char *buf, size_t size);

#ifdef __KERNEL__
struct bond;
struct bond_port;
struct net_device;
struct netlink_ext_ack;
struct nlattr;

/**
 * struct bond_stage - a request that is being put together
 * @bond: the bond, or NULL while it does not exist yet
 * @dev: the bond's device, for messages
 * @port: the port whose settings are wanted, or NULL
 * @want: the bond's settings as they would be
 * @port_want: the port's settings as they would be
 * @active: port to make active, when @set_active
 * @ea: where refusals are explained, or NULL
 * @attr: the netlink attribute being staged, for @ea, or NULL
 * @xdp_attr: the attribute that an XDP program may object to, or NULL
 * @apply: BOND_A_* of the rows that changed
 * @set_active: active_slave was written, with @active (NULL: none)
 * @acted: a command was carried out while staging
 *
 * Context: RTNL from bond_stage_begin() to bond_stage_commit().
 */
struct bond_stage {
	struct bond *bond;
	struct net_device *dev;
	struct bond_port *port;
	struct bond_config want;
	struct bond_port_config port_want;
	struct bond_port *active;
	struct netlink_ext_ack *ea;
	const struct nlattr *attr;
	const struct nlattr *xdp_attr;
	u32 apply;
	bool set_active;
	bool acted;
};

/* The device may have no registered name yet; users read the same either way. */
#define stage_err(st, fmt, ...) \
	pr_err("%s: " fmt, (st)->dev->name, ##__VA_ARGS__)
#define stage_warn(st, fmt, ...) \
	pr_warn("%s: " fmt, (st)->dev->name, ##__VA_ARGS__)

/* bond_options.c */
void bond_stage_begin(struct bond_stage *st, struct bond *bond,
		      struct netlink_ext_ack *ea);
void bond_stage_new(struct bond_stage *st, struct net_device *dev,
		    const struct bond_config *base, struct netlink_ext_ack *ea);
void bond_stage_port(struct bond_stage *st, struct bond_port *port);
int bond_stage_allowed(struct bond_stage *st, const struct bond_option *o);
int bond_stage_explain(struct bond_stage *st, int err, const char *why);
int bond_stage_refuse(struct bond_stage *st, const struct bond_option *o,
		      int err, const char *text, s64 value);
int bond_stage_number(struct bond_stage *st, const struct bond_option *o,
		      s64 value);
int bond_stage_text(struct bond_stage *st, const struct bond_option *o,
		    const char *text);
int bond_stage_commit(struct bond_stage *st);
int bond_option_write(struct bond *bond, const struct bond_option *o,
		      const char *text);
int bond_port_option_write(struct bond_port *port, const struct bond_option *o,
			   const char *text);

/* bond_option_raw.c: rows that are no plain number */
int bond_stage_raw(struct bond_stage *st, const struct bond_option *o,
		   const char *text);
int bond_stage_active(struct bond_stage *st, struct net_device *dev);
int bond_stage_primary(struct bond_stage *st, const char *name);
int bond_stage_mac(struct bond_stage *st, const u8 *mac);
int bond_stage_ipv4_add(struct bond_stage *st, __be32 addr);
void bond_stage_ipv4_none(struct bond_stage *st);
int bond_stage_ipv6_add(struct bond_stage *st, const struct in6_addr *addr);
int bond_stage_queue(struct bond_stage *st, u32 id);

/*
 * bond_apply.c (the engine): consequences, called by bond_stage_commit()
 * with the new config in place. Context: RTNL. @old is the config before.
 */
/* another vtable; the bond is down and empty */
void bond_apply_mode(struct bond *bond);
/* primary was written: resolve the name, choose anew */
void bond_apply_primary(struct bond *bond);
/* something that decides the active port was written: choose anew */
void bond_apply_reselect(struct bond *bond);
/* last of all, once: republish the view, tell the mode, settle */
void bond_reconfigured(struct bond *bond, const struct bond_config *old);
#endif

#endif
