// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink attributes <-> rows of the option table. Attributes are known by
 * number (bond_option_table.c), since the kernel's header may be older than
 * our newest option.
 */
#include <linux/if_link.h>
#include <net/rtnetlink.h>

#include "bond.h"
#include "compat.h"
#include "doors.h"
#include "option.h"

#define BOND_NLA_MAX	34	/* lacp_strict */
#define SLAVE_NLA_MAX	12	/* churn state of the partner */

/* attributes of a port that newer kernels' headers name */
#define SLAVE_PRIO		9
#define SLAVE_ACTOR_PORT_PRIO	10
#define SLAVE_CHURN_ACTOR	11
#define SLAVE_CHURN_PARTNER	12

static struct nla_policy policy[BOND_NLA_MAX + 1];
static struct nla_policy slave_policy[SLAVE_NLA_MAX + 1];
static struct netlink_range_validation ranges[BOND_OPT_COUNT];

static bool is_option(const struct bond_option *o, bool port)
{
	return o->nla && !!(o->flags & BOND_F_PORT) == port;
}

/* --- setting --------------------------------------------------------------- */

/* Nothing above INT_MAX is legal, so that wide numbers may be taken as signed. */
static s64 number_of(const struct bond_option *o, const struct nlattr *attr)
{
	switch (o->wire) {
	case 1:
		return nla_get_u8(attr);
	case 2:
		return nla_get_u16(attr);
	}
	return nla_get_s32(attr);
}

static int stage_ipv4(struct bond_stage *st, const struct bond_option *o,
		      const struct nlattr *list)
{
	const struct nlattr *attr;
	int rem, err;

	memset(st->want.arp_targets, 0, sizeof(st->want.arp_targets));
	nla_for_each_nested(attr, list, rem) {
		if (nla_len(attr) < sizeof(__be32))
			return bond_stage_explain(st, -EINVAL,
						  "Invalid IPv4 address");
		err = bond_stage_ipv4_add(st, nla_get_be32(attr));
		if (err)
			return bond_stage_refuse(st, o, err, NULL,
						 nla_get_u32(attr));
	}
	if (!st->want.arp_targets[0])
		bond_stage_ipv4_none(st);
	return 0;
}

static int stage_ipv6(struct bond_stage *st, const struct bond_option *o,
		      const struct nlattr *list)
{
	const struct nlattr *attr;
	struct in6_addr addr;
	int rem, err;

	memset(st->want.ns_targets, 0, sizeof(st->want.ns_targets));
	nla_for_each_nested(attr, list, rem) {
		if (nla_len(attr) < sizeof(addr))
			return bond_stage_explain(st, -EINVAL,
						  "Invalid IPv6 address");
		addr = nla_get_in6_addr(attr);
		err = bond_stage_ipv6_add(st, &addr);
		if (err)
			return bond_stage_refuse(st, o, err, NULL, -1);
	}
	return 0;
}

/*
 * Ports are named by number on the wire; 0 means none. A number that is
 * nobody's is an error before anything else is.
 */
static int stage_active(struct bond_stage *st, const struct bond_option *o,
			u32 ifindex)
{
	struct net_device *dev = NULL;
	int err;

	if (ifindex) {
		dev = __dev_get_by_index(dev_net(st->dev), ifindex);
		if (!dev)
			return bond_stage_explain(st, -ENODEV,
						  "no such interface");
	}
	err = bond_stage_allowed(st, o);
	if (err)
		return err;
	err = bond_stage_active(st, dev);
	return err ? bond_stage_refuse(st, o, err, dev->name, 0) : 0;
}

static int stage_primary(struct bond_stage *st, u32 ifindex)
{
	struct net_device *dev;

	dev = __dev_get_by_index(dev_net(st->dev), ifindex);
	return bond_stage_primary(st, dev ? dev->name : "");
}

static int stage_mac(struct bond_stage *st, const struct bond_option *o,
		     const struct nlattr *attr)
{
	__le64 shown = 0;

	nla_memcpy(&shown, attr, ETH_ALEN);
	if (!bond_stage_mac(st, nla_data(attr)))
		return 0;
	return bond_stage_refuse(st, o, -EINVAL, NULL, le64_to_cpu(shown));
}

static int stage_raw(struct bond_stage *st, const struct bond_option *o,
		     const struct nlattr *attr)
{
	int err;

	if (o->kind == BOND_K_COMMAND)
		return stage_active(st, o, nla_get_u32(attr));
	/* what is no address at all is wrong in every mode */
	if (o->kind == BOND_K_MAC && nla_len(attr) != ETH_ALEN)
		return bond_stage_explain(st, -EINVAL, "Invalid MAC address");
	err = bond_stage_allowed(st, o);
	if (err)
		return err;
	switch (o->kind) {
	case BOND_K_IFNAME:
		return stage_primary(st, nla_get_u32(attr));
	case BOND_K_MAC:
		return stage_mac(st, o, attr);
	case BOND_K_IPV4:
		return stage_ipv4(st, o, attr);
	default:
		return stage_ipv6(st, o, attr);
	}
}

static int stage_attr(struct bond_stage *st, const struct bond_option *o,
		      const struct nlattr *attr)
{
	if (o->kind > BOND_K_NUMBER)
		return stage_raw(st, o, attr);
	if (o == &bond_options[BOND_OPT_QUEUE_ID])
		return bond_stage_queue(st, nla_get_u16(attr));
	return bond_stage_number(st, o, number_of(o, attr));
}

/* One monitor ends the other, so a request cannot ask for both. */
static int check_monitors(struct bond_stage *st, struct nlattr *data[])
{
	const struct nlattr *miimon = data[IFLA_BOND_MIIMON];
	const struct nlattr *interval = data[IFLA_BOND_ARP_INTERVAL];
	const struct nlattr *validate = data[IFLA_BOND_ARP_VALIDATE];

	if (!miimon || !nla_get_u32(miimon) || st->want.monitors)
		return 0;
	if (interval && nla_get_u32(interval)) {
		NL_SET_ERR_MSG_ATTR(st->ea, interval,
				    "ARP monitoring cannot be used with MII monitoring");
		return -EINVAL;
	}
	if (validate && nla_get_u32(validate)) {
		NL_SET_ERR_MSG_ATTR(st->ea, validate,
				    "ARP validating cannot be used with MII monitoring");
		return -EINVAL;
	}
	return 0;
}

static int stage_attrs(struct bond_stage *st, struct nlattr *data[], bool port)
{
	unsigned int i;
	int err;

	for (i = 0; i < BOND_OPT_COUNT; i++) {
		const struct bond_option *o = &bond_options[i];

		if (!is_option(o, port) || !data[o->nla])
			continue;
		st->attr = data[o->nla];
		if (i == BOND_OPT_MODE || i == BOND_OPT_XMIT_HASH_POLICY)
			st->xdp_attr = st->attr;
		err = stage_attr(st, o, st->attr);
		if (err) {
			if (st->ea)
				NL_SET_BAD_ATTR(st->ea, st->attr);
			return err;
		}
	}
	st->attr = NULL;
	return 0;
}

/* rtnetlink reports changes itself, but only of devices that are up. */
static void tell(struct net_device *dev, int changed)
{
	if (changed > 0 && !(dev->flags & IFF_UP))
		call_netdevice_notifiers(NETDEV_CHANGEINFODATA, dev);
}

static int bond_changelink(struct net_device *dev, struct nlattr *tb[],
			   struct nlattr *data[], struct netlink_ext_ack *ea)
{
	struct bond_stage st;
	int err;

	if (!data)
		return 0;
	bond_stage_begin(&st, bond_of(dev), ea);
	err = check_monitors(&st, data);
	if (!err)
		err = stage_attrs(&st, data, false);
	if (!err)
		err = bond_stage_commit(&st);
	tell(dev, err);
	return min(err, 0);
}

static int bond_slave_changelink(struct net_device *dev,
				 struct net_device *port_dev,
				 struct nlattr *tb[], struct nlattr *data[],
				 struct netlink_ext_ack *ea)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port = bond_port_by_dev(bond, port_dev);
	struct bond_stage st;
	int err;

	if (!data)
		return 0;
	if (!port)
		return -ENODEV;
	bond_stage_begin(&st, bond, ea);
	bond_stage_port(&st, port);
	err = stage_attrs(&st, data, true);
	if (!err)
		err = bond_stage_commit(&st);
	tell(dev, err);
	return min(err, 0);
}

static int bond_newlink(struct net_device *dev, struct nlattr *tb[],
			struct nlattr *data[], struct netlink_ext_ack *ea)
{
	struct bond_stage st;
	int err = 0;

	bond_stage_new(&st, dev, &bond_param_config, ea);
	if (data) {
		err = check_monitors(&st, data);
		if (!err)
			err = stage_attrs(&st, data, false);
	}
	return err ?: bond_register(dev, &st.want);
}

BOND_COMPAT_NEWLINK(bond_newlink)

static int bond_validate(struct nlattr *tb[], struct nlattr *data[],
			 struct netlink_ext_ack *ea)
{
	if (!tb[IFLA_ADDRESS])
		return 0;
	if (nla_len(tb[IFLA_ADDRESS]) != ETH_ALEN)
		return -EINVAL;
	if (!is_valid_ether_addr(nla_data(tb[IFLA_ADDRESS])))
		return -EADDRNOTAVAIL;
	return 0;
}

/* --- showing --------------------------------------------------------------- */

static int put_number(struct sk_buff *skb, const struct bond_option *o,
		      u32 value)
{
	switch (o->wire) {
	case 1:
		return nla_put_u8(skb, o->nla, value);
	case 2:
		return nla_put_u16(skb, o->nla, value);
	}
	return nla_put_u32(skb, o->nla, value);
}

static int put_ipv4(struct sk_buff *skb, const struct bond_option *o,
		    const struct bond_config *config)
{
	struct nlattr *nest;
	int i;

	if (!config->arp_targets[0])
		return 0;
	nest = nla_nest_start_noflag(skb, o->nla);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < BOND_TARGETS && config->arp_targets[i]; i++)
		if (nla_put_be32(skb, i, config->arp_targets[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_ipv6(struct sk_buff *skb, const struct bond_option *o,
		    const struct bond_config *config)
{
	struct nlattr *nest;
	int i;

	if (ipv6_addr_any(&config->ns_targets[0]))
		return 0;
	nest = nla_nest_start_noflag(skb, o->nla);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < BOND_TARGETS; i++) {
		if (ipv6_addr_any(&config->ns_targets[i]))
			break;
		if (nla_put_in6_addr(skb, i, &config->ns_targets[i]))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_port(struct sk_buff *skb, const struct bond_option *o,
		    const struct bond_port *port)
{
	return port ? nla_put_u32(skb, o->nla, port->dev->ifindex) : 0;
}

static int put_active(struct sk_buff *skb, const struct bond_option *o,
		      const struct bond *bond)
{
	const struct bond_view *v = rcu_dereference(bond->view);

	if (!v || !(v->mode->traits & BOND_T_ACTIVE_PORT))
		return 0;
	return put_port(skb, o, v->active);
}

static int put_option(struct sk_buff *skb, const struct bond_option *o,
		      const struct bond *bond)
{
	const struct bond_config *config = &bond->config;

	if ((o->flags & BOND_F_LACP) && !(bond->mode->traits & BOND_T_LACP))
		return 0;
	if ((o->flags & BOND_F_ADMIN) && !capable(CAP_NET_ADMIN))
		return 0;
	switch (o->kind) {
	case BOND_K_COMMAND:
		return put_active(skb, o, bond);
	case BOND_K_IFNAME:
		return put_port(skb, o, READ_ONCE(bond->primary));
	case BOND_K_MAC:
		return nla_put(skb, o->nla, ETH_ALEN, config->ad_actor_system);
	case BOND_K_IPV4:
		return put_ipv4(skb, o, config);
	case BOND_K_IPV6:
		return put_ipv6(skb, o, config);
	default:
		return put_number(skb, o, bond_option_get(o, config));
	}
}

static int put_ad_info(struct sk_buff *skb, const struct bond *bond)
{
	struct bond_ad_info info = {};
	struct nlattr *nest;

	if (!bond->mode->ad_info || !bond->mode->ad_info(bond, &info))
		return 0;
	nest = nla_nest_start_noflag(skb, IFLA_BOND_AD_INFO);
	if (!nest ||
	    nla_put_u16(skb, IFLA_BOND_AD_INFO_AGGREGATOR, info.aggregator) ||
	    nla_put_u16(skb, IFLA_BOND_AD_INFO_NUM_PORTS, info.ports) ||
	    nla_put_u16(skb, IFLA_BOND_AD_INFO_ACTOR_KEY, info.actor_key) ||
	    nla_put_u16(skb, IFLA_BOND_AD_INFO_PARTNER_KEY, info.partner_key) ||
	    nla_put(skb, IFLA_BOND_AD_INFO_PARTNER_MAC, ETH_ALEN,
		    info.partner_mac))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int bond_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct bond *bond = bond_of(dev);
	unsigned int i;
	int err = 0;

	rcu_read_lock();
	for (i = 0; i < BOND_OPT_COUNT && !err; i++)
		if (is_option(&bond_options[i], false))
			err = put_option(skb, &bond_options[i], bond);
	if (!err)
		err = put_ad_info(skb, bond);
	rcu_read_unlock();
	return err ? -EMSGSIZE : 0;
}

static size_t option_size(const struct bond_option *o)
{
	if (o->kind == BOND_K_IPV4)
		return nla_total_size(0) +
		       BOND_TARGETS * nla_total_size(sizeof(__be32));
	if (o->kind == BOND_K_IPV6)
		return nla_total_size(0) +
		       BOND_TARGETS * nla_total_size(sizeof(struct in6_addr));
	return nla_total_size(o->wire);
}

static size_t bond_get_size(const struct net_device *dev)
{
	size_t size;
	unsigned int i;

	size = nla_total_size(0) + 4 * nla_total_size(sizeof(u16)) +
	       nla_total_size(ETH_ALEN);
	for (i = 0; i < BOND_OPT_COUNT; i++)
		if (is_option(&bond_options[i], false))
			size += option_size(&bond_options[i]);
	return size;
}

static int put_port_ad(struct sk_buff *skb, const struct bond_port *port)
{
	const struct bond_mode *mode = port->bond->mode;
	struct bond_port_ad ad = {};

	if (mode->port_ad && mode->port_ad(port, &ad) &&
	    (nla_put_u16(skb, IFLA_BOND_SLAVE_AD_AGGREGATOR_ID,
			 ad.aggregator) ||
	     nla_put_u8(skb, IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE,
			ad.actor.state) ||
	     nla_put_u16(skb, IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE,
			 ad.partner.state) ||
	     nla_put_u8(skb, SLAVE_CHURN_ACTOR, ad.actor_churn) ||
	     nla_put_u8(skb, SLAVE_CHURN_PARTNER, ad.partner_churn)))
		return -EMSGSIZE;
	return nla_put_u16(skb, SLAVE_ACTOR_PORT_PRIO,
			   READ_ONCE(port->cfg.actor_port_prio));
}

static int put_port_info(struct sk_buff *skb, const struct bond_port *port)
{
	if (nla_put_u8(skb, IFLA_BOND_SLAVE_STATE,
		       READ_ONCE(port->told_idle) ? BOND_STATE_BACKUP :
						BOND_STATE_ACTIVE) ||
	    nla_put_u8(skb, IFLA_BOND_SLAVE_MII_STATUS,
		       READ_ONCE(port->told_link)) ||
	    nla_put_u32(skb, IFLA_BOND_SLAVE_LINK_FAILURE_COUNT,
			READ_ONCE(port->failures)) ||
	    nla_put(skb, IFLA_BOND_SLAVE_PERM_HWADDR, port->addr_len,
		    port->perm_addr) ||
	    nla_put_u16(skb, IFLA_BOND_SLAVE_QUEUE_ID,
			READ_ONCE(port->cfg.queue_id)) ||
	    nla_put_s32(skb, SLAVE_PRIO, READ_ONCE(port->cfg.prio)))
		return -EMSGSIZE;
	if (port->bond->mode->traits & BOND_T_LACP)
		return put_port_ad(skb, port);
	return 0;
}

static int bond_fill_slave_info(struct sk_buff *skb,
				const struct net_device *dev,
				const struct net_device *port_dev)
{
	const struct bond_port *port;
	int err = 0;

	rcu_read_lock();
	port = bond_port_get_rcu(port_dev);
	if (port && port->bond == bond_of(dev))
		err = put_port_info(skb, port);
	rcu_read_unlock();
	return err ? -EMSGSIZE : 0;
}

static size_t bond_get_slave_size(const struct net_device *dev,
				  const struct net_device *port_dev)
{
	return 5 * nla_total_size(sizeof(u8)) +
	       4 * nla_total_size(sizeof(u16)) +
	       2 * nla_total_size(sizeof(u32)) +
	       nla_total_size(MAX_ADDR_LEN);
}

/* --- extended statistics ----------------------------------------------------- */

static size_t bond_get_linkxstats_size(const struct net_device *dev, int attr)
{
	if (attr != IFLA_STATS_LINK_XSTATS &&
	    attr != IFLA_STATS_LINK_XSTATS_SLAVE)
		return 0;
	return 2 * nla_total_size(0) +
	       BOND_AD_STATS * nla_total_size_64bit(sizeof(u64));
}

static int put_ad_stats(struct sk_buff *skb, const struct bond *bond,
			const struct bond_port *port)
{
	struct bond_ad_stats stats = {};
	struct nlattr *nest;
	int i;

	if (!bond->mode->ad_stats)
		return 0;
	bond->mode->ad_stats(bond, port, &stats);
	nest = nla_nest_start_noflag(skb, BOND_XSTATS_3AD);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < BOND_AD_STATS; i++)
		if (nla_put_u64_64bit(skb, BOND_3AD_STAT_LACPDU_RX + i,
				      stats.count[i], BOND_3AD_STAT_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int bond_fill_linkxstats(struct sk_buff *skb,
				const struct net_device *dev,
				int *prividx, int attr)
{
	const struct bond_port *port = NULL;
	const struct bond *bond;
	struct nlattr *nest;
	int err = 0;

	rcu_read_lock();
	if (attr == IFLA_STATS_LINK_XSTATS_SLAVE) {
		port = bond_port_get_rcu(dev);
		bond = port ? port->bond : NULL;
	} else {
		bond = bond_of(dev);
	}
	nest = bond ? nla_nest_start_noflag(skb, LINK_XSTATS_TYPE_BOND) : NULL;
	if (!nest) {
		err = bond ? -EMSGSIZE : 0;
	} else {
		err = put_ad_stats(skb, bond, port);
		nla_nest_end(skb, nest);
	}
	rcu_read_unlock();
	return err;
}

/* --- registration -------------------------------------------------------------- */

static unsigned int bond_num_tx_queues(void)
{
	return bond_tx_queues;
}

struct rtnl_link_ops bond_link_ops __read_mostly = {
	.kind			= "bond",
	.priv_size		= BOND_ABI_BOND_ROOM + sizeof(struct bond),
	.setup			= bond_setup,
	.maxtype		= BOND_NLA_MAX,
	.policy			= policy,
	.validate		= bond_validate,
	.newlink		= bond_newlink_compat,
	.changelink		= bond_changelink,
	.get_size		= bond_get_size,
	.fill_info		= bond_fill_info,
	.get_num_tx_queues	= bond_num_tx_queues,
	.get_num_rx_queues	= bond_num_tx_queues,
	.fill_linkxstats	= bond_fill_linkxstats,
	.get_linkxstats_size	= bond_get_linkxstats_size,
	.slave_maxtype		= SLAVE_NLA_MAX,
	.slave_policy		= slave_policy,
	.slave_changelink	= bond_slave_changelink,
	.get_slave_size		= bond_get_slave_size,
	.fill_slave_info	= bond_fill_slave_info,
	.dellink		= bond_unregister,
};

static u8 policy_type(const struct bond_option *o)
{
	if (o->kind == BOND_K_IPV4 || o->kind == BOND_K_IPV6)
		return NLA_NESTED;
	if (o->kind == BOND_K_MAC)
		return NLA_BINARY;
	if (o->flags & BOND_F_SIGNED)
		return NLA_S32;
	return o->wire == 1 ? NLA_U8 : o->wire == 2 ? NLA_U16 : NLA_U32;
}

/* struct nla_policy has constant members: set the others one by one */
static void fill_policy(void)
{
	unsigned int i;

	for (i = 0; i < BOND_OPT_COUNT; i++) {
		const struct bond_option *o = &bond_options[i];
		struct nla_policy *p = o->flags & BOND_F_PORT ? slave_policy :
								policy;

		if (!o->nla)
			continue;
		p[o->nla].type = policy_type(o);
		if (o->kind == BOND_K_MAC)
			p[o->nla].len = o->wire;
		if (o->flags & BOND_F_POLICED) {
			ranges[i].min = o->min;
			ranges[i].max = o->max;
			p[o->nla].validation_type = NLA_VALIDATE_RANGE_PTR;
			p[o->nla].range = &ranges[i];
		}
	}
	policy[IFLA_BOND_AD_INFO].type = NLA_NESTED;
}

/**
 * bond_netlink_init() - offer the link type "bond"
 *
 * Context: the module's init, takes RTNL.
 * Return: 0 or -errno.
 */
int bond_netlink_init(void)
{
	fill_policy();
	return rtnl_link_register(&bond_link_ops);
}

/**
 * bond_netlink_exit() - withdraw it; removes the bonds that are left
 *
 * Context: the module's exit or failed init, takes RTNL.
 */
void bond_netlink_exit(void)
{
	rtnl_link_unregister(&bond_link_ops);
}

MODULE_ALIAS_RTNL_LINK("bond");
