// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs of a port: bonding_slave/ with its state, and those of its settings
 * that are rows of the option table.
 */
#include <linux/sched/signal.h>
#include <linux/sysfs.h>

#include "bond.h"
#include "compat.h"
#include "doors.h"
#include "option.h"

/**
 * struct port_file - one file of bonding_slave/
 * @da: what sysfs knows of it
 * @show: prints it; called under RCU
 * @option: the row behind it, or NULL
 */
struct port_file {
	struct device_attribute da;
	int (*show)(const struct bond_port *port, char *buf);
	const struct bond_option *option;
};

static ssize_t show(struct device *d, struct device_attribute *attr, char *buf)
{
	const struct port_file *file = container_of(attr, struct port_file, da);
	const struct bond_port *port;
	int len = -ENODEV;

	rcu_read_lock();
	port = bond_port_get_rcu(to_net_dev(d));
	if (port && file->show)
		len = file->show(port, buf);
	else if (port)
		len = bond_option_print(file->option, &port->cfg, buf,
					PAGE_SIZE);
	rcu_read_unlock();
	return len;
}

static ssize_t store(struct device *d, struct device_attribute *attr,
		     const char *buf, size_t count)
{
	const struct port_file *file = container_of(attr, struct port_file, da);
	struct net_device *dev = to_net_dev(d);
	struct bond_port *port;
	int err = -ENODEV;

	if (!ns_capable(dev_net(dev)->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	/* leaving removes the file, waits for us and holds RTNL */
	if (!rtnl_trylock())
		return restart_syscall();
	port = bond_port_get_rtnl(dev);
	if (port)
		err = bond_port_option_write(port, file->option, buf);
	rtnl_unlock();
	return err ?: count;
}

static int show_state(const struct bond_port *port, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  READ_ONCE(port->rx_idle) ? "backup" : "active");
}

static int show_mii_status(const struct bond_port *port, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  link_state_name(READ_ONCE(port->link.state)));
}

static int show_link_failure_count(const struct bond_port *port, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(port->failures));
}

static int show_perm_hwaddr(const struct bond_port *port, char *buf)
{
	return sysfs_emit(buf, "%*phC\n", port->addr_len, port->perm_addr);
}

static int show_queue_id(const struct bond_port *port, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(port->cfg.queue_id));
}

static bool port_ad(const struct bond_port *port, struct bond_port_ad *ad)
{
	const struct bond_mode *mode = READ_ONCE(port->bond->mode);

	memset(ad, 0, sizeof(*ad));
	return mode->port_ad && mode->port_ad(port, ad);
}

static int show_ad_aggregator_id(const struct bond_port *port, char *buf)
{
	struct bond_port_ad ad;

	if (!port_ad(port, &ad))
		return sysfs_emit(buf, "N/A\n");
	return sysfs_emit(buf, "%d\n", ad.aggregator);
}

static int show_ad_actor_state(const struct bond_port *port, char *buf)
{
	struct bond_port_ad ad;

	if (!port_ad(port, &ad))
		return sysfs_emit(buf, "N/A\n");
	return sysfs_emit(buf, "%u\n", ad.actor.state);
}

static int show_ad_partner_state(const struct bond_port *port, char *buf)
{
	struct bond_port_ad ad;

	if (!port_ad(port, &ad))
		return sysfs_emit(buf, "N/A\n");
	return sysfs_emit(buf, "%u\n", ad.partner.state);
}

/* an extension: why the port carries no traffic, in words */
static int show_ad_reason(const struct bond_port *port, char *buf)
{
	struct bond_port_ad ad;

	if (!port_ad(port, &ad) || !ad.reason)
		return sysfs_emit(buf, "N/A\n");
	return sysfs_emit(buf, "%s\n", ad.reason);
}

/* extensions: what flapping has cost the port, and for how long it is out */
static int show_flap_penalty(const struct bond_port *port, char *buf)
{
	struct bond *bond = port->bond;
	unsigned long flags;
	u32 penalty;

	spin_lock_irqsave(&bond->lock, flags);
	penalty = damp_penalty(&port->damp, bond->config.flap_penalty_half_life,
			       bond_now());
	spin_unlock_irqrestore(&bond->lock, flags);
	return sysfs_emit(buf, "%u\n", penalty);
}

static int show_flap_suppressed(const struct bond_port *port, char *buf)
{
	struct bond *bond = port->bond;
	u64 now = bond_now(), reuse;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	reuse = port->damp.reuse;
	spin_unlock_irqrestore(&bond->lock, flags);
	return sysfs_emit(buf, "%llu\n", reuse > now ? reuse - now : 0);
}

#define READ_ONLY(file, fn) {						\
	.da = { .attr = { .name = file, .mode = 0444 }, .show = show },	\
	.show = fn,							\
}

#define SETTING(file, id) {						\
	.da = { .attr = { .name = file, .mode = 0644 },			\
		.show = show, .store = store },				\
	.option = &bond_options[id],					\
}

static struct port_file files[] = {
	READ_ONLY("state", show_state),
	READ_ONLY("mii_status", show_mii_status),
	READ_ONLY("link_failure_count", show_link_failure_count),
	READ_ONLY("perm_hwaddr", show_perm_hwaddr),
	READ_ONLY("queue_id", show_queue_id),
	READ_ONLY("ad_aggregator_id", show_ad_aggregator_id),
	READ_ONLY("ad_actor_oper_port_state", show_ad_actor_state),
	READ_ONLY("ad_partner_oper_port_state", show_ad_partner_state),
	READ_ONLY("ad_reason", show_ad_reason),
	READ_ONLY("flap_penalty", show_flap_penalty),
	READ_ONLY("flap_suppressed", show_flap_suppressed),
	SETTING("prio", BOND_OPT_PRIO),
	SETTING("actor_port_prio", BOND_OPT_ACTOR_PORT_PRIO),
};

static struct attribute *file_list[] = {
	&files[0].da.attr, &files[1].da.attr, &files[2].da.attr,
	&files[3].da.attr, &files[4].da.attr, &files[5].da.attr,
	&files[6].da.attr, &files[7].da.attr, &files[8].da.attr,
	&files[9].da.attr, &files[10].da.attr, &files[11].da.attr,
	&files[12].da.attr, NULL
};

static_assert(ARRAY_SIZE(file_list) == ARRAY_SIZE(files) + 1);

static const struct attribute_group port_group = {
	.name = "bonding_slave",
	.attrs = file_list,
};

/**
 * bond_sysfs_port_add() - give a port its bonding_slave/ folder
 * @port: the port; its receive handler is in place
 *
 * Context: RTNL.
 * Return: 0 or -errno.
 */
int bond_sysfs_port_add(struct bond_port *port)
{
	return sysfs_create_group(&port->dev->dev.kobj, &port_group);
}

/**
 * bond_sysfs_port_del() - take the folder away
 * @port: the port; its receive handler is still in place
 *
 * Waits for readers and writers; none of them waits for RTNL.
 *
 * Context: RTNL.
 */
void bond_sysfs_port_del(struct bond_port *port)
{
	sysfs_remove_group(&port->dev->dev.kobj, &port_group);
}
