// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of the option table that are no plain number: addresses, names of
 * ports and commands. The caller has asked bond_stage_allowed() already.
 */
#include <linux/inet.h>
#include <net/ipv6.h>

#include "bond.h"
#include "option.h"

#define ROW(id)		(&bond_options[id])

/* --- active_slave, primary --------------------------------------------------- */

/**
 * bond_stage_active() - ask for a port to become the active one
 * @st: the request
 * @dev: the port's device, or NULL to let the bond choose
 *
 * Context: RTNL.
 * Return: 0; -EINVAL when @dev is no port of the bond or cannot take over now.
 */
int bond_stage_active(struct bond_stage *st, struct net_device *dev)
{
	st->active = NULL;
	if (dev) {
		st->active = st->bond ? bond_port_by_dev(st->bond, dev) : NULL;
		if (!st->active) {
			stage_err(st, "(slave %s): Device is not %s slave\n",
				  dev->name,
				  netif_is_bond_slave(dev) ? "our" : "bonding");
			return -EINVAL;
		}
		if (!bond_active_possible(st->bond, st->active)) {
			stage_err(st, "(slave %s): Could not set %s as active slave; either %s is down or the link is down\n",
				  dev->name, dev->name, dev->name);
			return -EINVAL;
		}
	}
	st->set_active = st->bond;
	return 0;
}

static int text_active(struct bond_stage *st, const char *text)
{
	struct net_device *dev = NULL;
	char name[2 * IFNAMSIZ];

	bond_option_token(text, name, sizeof(name));
	if (*name) {
		dev = __dev_get_by_name(dev_net(st->dev), name);
		if (!dev)
			return -ENODEV;
	}
	return bond_stage_active(st, dev);
}

/**
 * bond_stage_primary() - ask for a preferred port
 * @st: the request
 * @name: its name, "" for none; nobody of that name needs to exist
 *
 * Context: RTNL.
 * Return: 0.
 */
int bond_stage_primary(struct bond_stage *st, const char *name)
{
	struct bond_port *port, *active;

	memset(st->want.primary, 0, sizeof(st->want.primary));
	strscpy(st->want.primary, name, sizeof(st->want.primary));
	if (!st->bond)
		return 0;
	/*
	 * Naming the primary that is one already must not move anything; what
	 * the same request makes active is so before it.
	 */
	port = bond_port_by_name(st->bond, name);
	active = st->set_active ? st->active : READ_ONCE(st->bond->active);
	if (port != st->bond->primary || (port && port != active))
		st->apply |= BOND_A_PRIMARY;
	return 0;
}

static int text_primary(struct bond_stage *st, const char *text)
{
	char name[BOND_NAME];

	bond_option_token(text, name, sizeof(name));
	return bond_stage_primary(st, name);
}

/* --- ad_actor_system ----------------------------------------------------------- */

/**
 * bond_stage_mac() - ask for a system address in LACPDUs
 * @st: the request
 * @mac: the address; zero for the bond's own
 *
 * Context: RTNL.
 * Return: 0, or -EINVAL for a multicast address.
 */
int bond_stage_mac(struct bond_stage *st, const u8 *mac)
{
	if (is_multicast_ether_addr(mac)) {
		stage_err(st, "Invalid ad_actor_system MAC address.\n");
		return -EINVAL;
	}
	ether_addr_copy(st->want.ad_actor_system, mac);
	return 0;
}

static int text_mac(struct bond_stage *st, const char *text)
{
	u8 mac[ETH_ALEN];

	if (bond_option_parse_mac(text, mac))
		eth_broadcast_addr(mac);
	return bond_stage_mac(st, mac);
}

/* --- target lists ---------------------------------------------------------------- */

static int find_ipv4(const struct bond_config *config, __be32 addr)
{
	int i;

	for (i = 0; i < BOND_TARGETS && config->arp_targets[i]; i++)
		if (config->arp_targets[i] == addr)
			return i;
	return -1;
}

static bool bad_ipv4(struct bond_stage *st, __be32 addr, const char *what)
{
	if (addr && addr != htonl(INADDR_BROADCAST))
		return false;
	stage_err(st, "invalid ARP target %pI4 specified for %s\n", &addr,
		  what);
	return true;
}

/**
 * bond_stage_ipv4_add() - ask for one more ARP target
 * @st: the request
 * @addr: its address
 *
 * Context: RTNL.
 * Return: 0; -EINVAL for an address that cannot be a target, is one already,
 * or when the list is full.
 */
int bond_stage_ipv4_add(struct bond_stage *st, __be32 addr)
{
	__be32 *targets = st->want.arp_targets;
	int i = 0;

	if (bad_ipv4(st, addr, "addition"))
		return -EINVAL;
	if (find_ipv4(&st->want, addr) >= 0) {
		stage_err(st, "ARP target %pI4 is already present\n", &addr);
		return -EINVAL;
	}
	while (i < BOND_TARGETS && targets[i])
		i++;
	if (i == BOND_TARGETS) {
		stage_err(st, "ARP target table is full!\n");
		return -EINVAL;
	}
	targets[i] = addr;
	return 0;
}

/**
 * bond_stage_ipv4_none() - the list is about to be empty: then nobody is asked
 * @st: the request
 *
 * Context: RTNL.
 */
void bond_stage_ipv4_none(struct bond_stage *st)
{
	if (st->want.arp_interval)
		stage_warn(st, "Removing last arp target with arp_interval on\n");
}

static int remove_ipv4(struct bond_stage *st, __be32 addr)
{
	__be32 *targets = st->want.arp_targets;
	int i;

	if (bad_ipv4(st, addr, "removal"))
		return -EINVAL;
	i = find_ipv4(&st->want, addr);
	if (i < 0) {
		stage_err(st, "unable to remove nonexistent ARP target %pI4\n",
			  &addr);
		return -EINVAL;
	}
	if (!targets[1])
		bond_stage_ipv4_none(st);
	memmove(&targets[i], &targets[i + 1],
		(BOND_TARGETS - 1 - i) * sizeof(targets[0]));
	targets[BOND_TARGETS - 1] = 0;
	return 0;
}

static int text_ipv4(struct bond_stage *st, const char *text)
{
	__be32 addr;

	if (!*text || !in4_pton(text + 1, -1, (u8 *)&addr, -1, NULL)) {
		stage_err(st, "invalid ARP target specified\n");
		return -EPERM;
	}
	if (*text == '+')
		return bond_stage_ipv4_add(st, addr);
	if (*text == '-')
		return remove_ipv4(st, addr);
	stage_err(st, "no command found in arp_ip_targets file - use +<addr> or -<addr>\n");
	return -EPERM;
}

static int find_ipv6(const struct bond_config *config,
		     const struct in6_addr *addr)
{
	int i;

	for (i = 0; i < BOND_TARGETS; i++)
		if (ipv6_addr_equal(&config->ns_targets[i], addr))
			return i;
	return -1;
}

/**
 * bond_stage_ipv6_add() - ask for one more NS target
 * @st: the request
 * @addr: its address
 *
 * Context: RTNL.
 * Return: 0; -EPERM in a kernel without IPv6; -EINVAL for an address that
 * cannot be a target, is one already, or when the list is full.
 */
int bond_stage_ipv6_add(struct bond_stage *st, const struct in6_addr *addr)
{
	static const struct in6_addr none;
	int type = ipv6_addr_type(addr);
	int i;

	if (!IS_ENABLED(CONFIG_IPV6))
		return -EPERM;
	if (type == IPV6_ADDR_ANY ||
	    (type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LOOPBACK))) {
		stage_err(st, "invalid NS target %pI6c specified for addition\n",
			  addr);
		return -EINVAL;
	}
	if (find_ipv6(&st->want, addr) >= 0) {
		stage_err(st, "NS target %pI6c is already present\n", addr);
		return -EINVAL;
	}
	i = find_ipv6(&st->want, &none);
	if (i < 0) {
		stage_err(st, "NS target table is full!\n");
		return -EINVAL;
	}
	st->want.ns_targets[i] = *addr;
	return 0;
}

static int remove_ipv6(struct bond_stage *st, const struct in6_addr *addr)
{
	struct in6_addr *targets = st->want.ns_targets;
	int i = find_ipv6(&st->want, addr);

	if (i < 0 || ipv6_addr_any(addr)) {
		stage_err(st, "unable to remove nonexistent NS target %pI6c\n",
			  addr);
		return -EINVAL;
	}
	memmove(&targets[i], &targets[i + 1],
		(BOND_TARGETS - 1 - i) * sizeof(targets[0]));
	memset(&targets[BOND_TARGETS - 1], 0, sizeof(targets[0]));
	return 0;
}

static int text_ipv6(struct bond_stage *st, const char *text)
{
	struct in6_addr addr;

	if (!*text ||
	    !in6_pton(text + 1, strcspn(text + 1, " \t\n"), addr.s6_addr, -1,
		      NULL)) {
		stage_err(st, "invalid NS target specified\n");
		return -EPERM;
	}
	if (*text == '+')
		return bond_stage_ipv6_add(st, &addr);
	if (*text == '-')
		return remove_ipv6(st, &addr);
	stage_err(st, "no command found in ns_ip6_target file - use +<addr> or -<addr>\n");
	return -EPERM;
}

/* --- queue_id ---------------------------------------------------------------------- */

/**
 * bond_stage_queue() - ask for a transmit queue of the request's port
 * @st: the request, with a port
 * @id: 1 up to the number of queues in use, or 0 for none
 *
 * Context: RTNL.
 * Return: 0; -EPERM when there is no such queue or another
 * port has it.
 */
int bond_stage_queue(struct bond_stage *st, u32 id)
{
	const struct bond_port *port;

	if (id > st->dev->real_num_tx_queues)
		return bond_stage_explain(st, -EPERM,
					  "the bond has no such transmit queue");
	bond_for_each_port(st->bond, port)
		if (id && port != st->port && port->cfg.queue_id == id)
			return bond_stage_explain(st, -EPERM,
						  "the queue is bound to another port");
	st->port_want.queue_id = id;
	return 0;
}

static int text_queue(struct bond_stage *st, const char *text)
{
	struct net_device *dev;
	struct bond_port *port;
	char name[BOND_NAME];
	u32 id;

	if (bond_option_parse_queue(text, name, &id))
		return -EPERM;
	/* by an alternative name, too */
	dev = __dev_get_by_name(dev_net(st->dev), name);
	port = dev ? bond_port_by_dev(st->bond, dev) : NULL;
	if (!port)
		return -EPERM;
	bond_stage_port(st, port);
	return bond_stage_queue(st, id);
}

/* --- slaves ------------------------------------------------------------------------- */

/* Joining and leaving are done at once: this row never shares a request. */
static int text_slaves(struct bond_stage *st, const char *text)
{
	char word[2 * IFNAMSIZ];
	struct net_device *dev;
	int err;

	bond_option_token(text, word, sizeof(word));
	if ((*word == '+' || *word == '-') && strlen(word) > IFNAMSIZ)
		return -ENODEV;
	if ((*word != '+' && *word != '-') || !dev_valid_name(word + 1)) {
		stage_err(st, "no command found in slaves file - use +ifname or -ifname\n");
		return -EPERM;
	}
	dev = __dev_get_by_name(dev_net(st->dev), word + 1);
	if (!dev)
		return -ENODEV;
	if (*word == '+')
		err = bond_port_join(st->bond, dev, NULL);
	else
		err = bond_port_leave(st->bond, dev, NULL);
	/* a join may have changed a setting: fail_over_mac */
	st->want = st->bond->config;
	st->acted = !err;
	return err;
}

/**
 * bond_stage_raw() - ask for a value given as text, of a row that is no number
 * @st: the request
 * @o: the row
 * @text: the text, as sysfs takes it
 *
 * Context: RTNL.
 * Return: 0 or -errno.
 */
int bond_stage_raw(struct bond_stage *st, const struct bond_option *o,
		   const char *text)
{
	switch (o->kind) {
	case BOND_K_IPV4:
		return text_ipv4(st, text);
	case BOND_K_IPV6:
		return text_ipv6(st, text);
	case BOND_K_IFNAME:
		return text_primary(st, text);
	case BOND_K_MAC:
		return text_mac(st, text);
	case BOND_K_NUMBER:
		return text_queue(st, text);
	}
	return o == ROW(BOND_OPT_SLAVES) ? text_slaves(st, text) :
					   text_active(st, text);
}
