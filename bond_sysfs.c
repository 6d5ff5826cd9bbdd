// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs: bonding_masters for a namespace, bonding/ on a bond. The files of
 * bonding/ are made from the option table; what is status and not setting
 * follows it. bonding_slave/ of the ports is in bond_sysfs_port.c.
 */
#include <linux/ctype.h>
#include <linux/sched/signal.h>
#include <linux/sysfs.h>

#include "bond.h"
#include "compat.h"
#include "doors.h"
#include "engine.h"
#include "option.h"

/**
 * struct bond_file - one file of bonding/
 * @da: what sysfs knows of it
 * @option: the row behind it, or NULL
 * @status: prints what is no option; called with @da's bond under RCU
 */
struct bond_file {
	struct device_attribute da;
	const struct bond_option *option;
	int (*status)(const struct bond *bond, char *buf);
};

#define MASTERS_NAME	"bonding_masters"
#define FILES_STATUS	7
#define FILES_MAX	(BOND_OPT_COUNT + FILES_STATUS)

static struct bond_file files[FILES_MAX];
static struct attribute *file_list[FILES_MAX + 1];

static const struct attribute_group bonding_group = {
	.name = "bonding",
	.attrs = file_list,
};

static bool may_change(const struct net *net)
{
	return ns_capable(net->user_ns, CAP_NET_ADMIN);
}

/* --- reading ------------------------------------------------------------- */

#define MORE	"++more++ "

/*
 * A list of names that would overflow the page says so at its end: is there no
 * room for one more entry ("name:65535 ") and the words that say so?
 */
static bool list_full(int len)
{
	return len + IFNAMSIZ + 6 + sizeof(MORE) > PAGE_SIZE;
}

static int show_slaves(const struct bond *bond, char *buf)
{
	const struct bond_port *port;
	int len = 0;

	bond_for_each_port_rcu(bond, port) {
		if (list_full(len)) {
			len += sysfs_emit_at(buf, len, MORE);
			break;
		}
		len += sysfs_emit_at(buf, len, "%s ", port->dev->name);
	}
	if (len)
		buf[len - 1] = '\n';
	return len;
}

static int show_queues(const struct bond *bond, char *buf)
{
	const struct bond_port *port;
	int len = 0;

	bond_for_each_port_rcu(bond, port) {
		if (list_full(len)) {
			len += sysfs_emit_at(buf, len, MORE);
			break;
		}
		len += sysfs_emit_at(buf, len, "%s:%d ", port->dev->name,
				     READ_ONCE(port->cfg.queue_id));
	}
	if (len)
		buf[len - 1] = '\n';
	return len;
}

static int show_active(const struct bond *bond, char *buf)
{
	const struct bond_view *v = rcu_dereference(bond->view);

	if (!v || !v->active || !(v->mode->traits & BOND_T_ACTIVE_PORT))
		return 0;
	return sysfs_emit(buf, "%s\n", v->active->dev->name);
}

static int show_command(const struct bond *bond, const struct bond_option *o,
			char *buf)
{
	if (o == &bond_options[BOND_OPT_SLAVES])
		return show_slaves(bond, buf);
	return show_active(bond, buf);
}

static int show_ipv4(const struct bond *bond, char *buf)
{
	const struct bond_config *config = &bond->config;
	int i, len = 0;

	for (i = 0; i < BOND_TARGETS && config->arp_targets[i]; i++)
		len += sysfs_emit_at(buf, len, "%pI4 ",
				     &config->arp_targets[i]);
	if (len)
		buf[len - 1] = '\n';
	return len;
}

static int show_ipv6(const struct bond *bond, char *buf)
{
	const struct bond_config *config = &bond->config;
	int i, len = 0;

	for (i = 0; i < BOND_TARGETS; i++) {
		if (ipv6_addr_any(&config->ns_targets[i]))
			break;
		len += sysfs_emit_at(buf, len, "%pI6c ",
				     &config->ns_targets[i]);
	}
	if (len)
		buf[len - 1] = '\n';
	return len;
}

static int show_primary(const struct bond *bond, char *buf)
{
	const struct bond_port *primary = READ_ONCE(bond->primary);

	return primary ? sysfs_emit(buf, "%s\n", primary->dev->name) : 0;
}

static int show_option(const struct bond *bond, const struct bond_option *o,
		       char *buf)
{
	if ((o->flags & BOND_F_LACP) && !(READ_ONCE(bond->mode)->traits & BOND_T_LACP))
		return 0;
	if ((o->flags & BOND_F_ADMIN) && !capable(CAP_NET_ADMIN))
		return 0;
	if (o->flags & BOND_F_PORT)
		return show_queues(bond, buf);
	switch (o->kind) {
	case BOND_K_COMMAND:
		return show_command(bond, o, buf);
	case BOND_K_IPV4:
		return show_ipv4(bond, buf);
	case BOND_K_IPV6:
		return show_ipv6(bond, buf);
	case BOND_K_IFNAME:
		return show_primary(bond, buf);
	case BOND_K_MAC:
		return sysfs_emit(buf, "%pM\n", bond->config.ad_actor_system);
	default:
		return bond_option_print(o, &bond->config, buf, PAGE_SIZE);
	}
}

static ssize_t show(struct device *d, struct device_attribute *attr, char *buf)
{
	const struct bond_file *file = container_of(attr, struct bond_file, da);
	const struct bond *bond = bond_of(to_net_dev(d));
	int len;

	rcu_read_lock();
	if (file->option)
		len = show_option(bond, file->option, buf);
	else
		len = file->status(bond, buf);
	rcu_read_unlock();
	return len;
}

/* --- writing ------------------------------------------------------------- */

static ssize_t store(struct device *d, struct device_attribute *attr,
		     const char *buf, size_t count)
{
	const struct bond_file *file = container_of(attr, struct bond_file, da);
	struct net_device *dev = to_net_dev(d);
	int err;

	if (!may_change(dev_net(dev)))
		return -EPERM;
	/* removing the file waits for us and holds RTNL */
	if (!rtnl_trylock())
		return restart_syscall();
	err = bond_option_write(bond_of(dev), file->option, buf);
	rtnl_unlock();
	return err ?: count;
}

/* --- status ---------------------------------------------------------------- */

static int show_mii_status(const struct bond *bond, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  netif_carrier_ok(bond->dev) ? "up" : "down");
}

/* The active aggregator; 0s where there is none. False: show nothing. */
static bool ad_info(const struct bond *bond, struct bond_ad_info *info)
{
	const struct bond_mode *mode = READ_ONCE(bond->mode);

	memset(info, 0, sizeof(*info));
	if (!(mode->traits & BOND_T_LACP))
		return false;
	return mode->ad_info && mode->ad_info(bond, info);
}

static int show_ad_number(const struct bond *bond, char *buf, bool open,
			  size_t offset)
{
	struct bond_ad_info info;

	if (!(READ_ONCE(bond->mode)->traits & BOND_T_LACP))
		return 0;
	if (!open && !capable(CAP_NET_ADMIN))
		return 0;
	if (!ad_info(bond, &info))
		return sysfs_emit(buf, "0\n");
	return sysfs_emit(buf, "%d\n", *(u16 *)((u8 *)&info + offset));
}

static int show_ad_aggregator(const struct bond *bond, char *buf)
{
	return show_ad_number(bond, buf, true,
			      offsetof(struct bond_ad_info, aggregator));
}

static int show_ad_num_ports(const struct bond *bond, char *buf)
{
	return show_ad_number(bond, buf, true,
			      offsetof(struct bond_ad_info, ports));
}

static int show_ad_actor_key(const struct bond *bond, char *buf)
{
	return show_ad_number(bond, buf, false,
			      offsetof(struct bond_ad_info, actor_key));
}

static int show_ad_partner_key(const struct bond *bond, char *buf)
{
	return show_ad_number(bond, buf, false,
			      offsetof(struct bond_ad_info, partner_key));
}

static int show_ad_partner_mac(const struct bond *bond, char *buf)
{
	struct bond_ad_info info;

	if (!capable(CAP_NET_ADMIN) || !ad_info(bond, &info))
		return 0;
	return sysfs_emit(buf, "%pM\n", info.partner_mac);
}

/* --- the files ------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*status)(const struct bond *bond, char *buf);
} status_files[FILES_STATUS] = {
	{ "mii_status", show_mii_status },
	{ "ad_aggregator", show_ad_aggregator },
	{ "ad_num_ports", show_ad_num_ports },
	{ "ad_actor_key", show_ad_actor_key },
	{ "ad_partner_key", show_ad_partner_key },
	{ "ad_partner_mac", show_ad_partner_mac },
	/* an extension */
	{ "ledger", bond_ledger_show },
};

static void add_file(unsigned int *n, const char *name,
		     const struct bond_option *o,
		     int (*status)(const struct bond *bond, char *buf))
{
	struct bond_file *file = &files[*n];

	file->da.attr.name = name;
	file->da.attr.mode = o ? 0644 : 0444;
	file->da.show = show;
	file->da.store = o ? store : NULL;
	file->option = o;
	file->status = status;
	file_list[(*n)++] = &file->da.attr;
}

/* Makes the files once; the first namespace comes before any bond. */
static void build_files(void)
{
	unsigned int i, n = 0;

	if (file_list[0])
		return;
	for (i = 0; i < BOND_OPT_COUNT; i++) {
		const struct bond_option *o = &bond_options[i];

		if ((o->flags & BOND_F_PORT) && i != BOND_OPT_QUEUE_ID)
			continue;
		add_file(&n, o->name, o, NULL);
	}
	for (i = 0; i < FILES_STATUS; i++)
		add_file(&n, status_files[i].name, NULL,
			 status_files[i].status);
}

/**
 * bond_sysfs_prepare() - give a bond its bonding/ folder
 * @dev: a bond that is about to be registered
 *
 * Context: RTNL; nobody else knows @dev.
 */
void bond_sysfs_prepare(struct net_device *dev)
{
	dev->sysfs_groups[0] = &bonding_group;
}

/* --- bonding_masters ------------------------------------------------------- */

static ssize_t masters_show(BOND_CLASS *cls, BOND_CLASS_ATTR *attr, char *buf)
{
	const struct bond_net *bn = container_of(attr, struct bond_net,
						 masters);
	const struct bond *bond;
	int len = 0;

	if (!rtnl_trylock())
		return restart_syscall();
	list_for_each_entry(bond, &bn->bonds, list) {
		if (list_full(len)) {
			len += sysfs_emit_at(buf, len, MORE);
			break;
		}
		len += sysfs_emit_at(buf, len, "%s ", bond->dev->name);
	}
	if (len)
		buf[len - 1] = '\n';
	rtnl_unlock();
	return len;
}

static int create_bond(struct bond_net *bn, const char *name)
{
	int err;

	pr_info("bonding: %s is being created...\n", name);
	err = bond_create(bn->net, name);
	if (err == -EEXIST)
		pr_info("bonding: %s already exists\n", name);
	return err;
}

static struct bond *find_bond(struct bond_net *bn, const char *name)
{
	struct bond *bond;

	list_for_each_entry(bond, &bn->bonds, list)
		if (!strcmp(bond->dev->name, name))
			return bond;
	return NULL;
}

static int delete_bond(struct bond_net *bn, const char *name)
{
	struct bond *bond;
	LIST_HEAD(gone);

	/* removing the namespace's file waits for us, but without RTNL */
	rtnl_lock();
	bond = find_bond(bn, name);
	if (bond) {
		pr_info("bonding: %s is being deleted...\n", name);
		bond_unregister(bond->dev, &gone);
		unregister_netdevice_many(&gone);
	} else {
		pr_err("bonding: unable to delete non-existent %s\n", name);
	}
	rtnl_unlock();
	return bond ? 0 : -ENODEV;
}

/* The first token of a command: + or - and a name. */
static int masters_parse(const char *buf, char *command, char *name)
{
	int len = 0;

	buf = skip_spaces(buf);
	*command = *buf;
	if (*command)
		buf++;
	while (*buf && !isspace(*buf) && len < IFNAMSIZ - 1)
		name[len++] = *buf++;
	name[len] = 0;
	return len && dev_valid_name(name) &&
	       (*command == '+' || *command == '-') ? 0 : -EPERM;
}

static ssize_t masters_store(BOND_CLASS *cls, BOND_CLASS_ATTR *attr,
			     const char *buf, size_t count)
{
	struct bond_net *bn = (struct bond_net *)container_of(attr,
							struct bond_net, masters);
	char name[IFNAMSIZ], command;
	int err;

	if (!may_change(bn->net))
		return -EPERM;
	err = masters_parse(buf, &command, name);
	if (err) {
		pr_err("bonding: no command found in bonding_masters - use +ifname or -ifname\n");
		return err;
	}
	if (command == '+')
		err = create_bond(bn, name);
	else
		err = delete_bond(bn, name);
	return err ?: count;
}

/**
 * bond_sysfs_init_net() - make bonding_masters of a namespace
 * @bn: what we keep of the namespace
 *
 * Where a device has the name there is no room for the file.
 *
 * Context: process, may sleep, without RTNL.
 * Return: 0 or -errno.
 */
int bond_sysfs_init_net(struct bond_net *bn)
{
	struct net_device *dev;

	build_files();
	dev = dev_get_by_name(bn->net, MASTERS_NAME);
	if (dev) {
		pr_err("%s is the name of a device: there is no such file\n",
		       MASTERS_NAME);
		dev_put(dev);
		return 0;
	}
	sysfs_attr_init(&bn->masters.attr);
	bn->masters.attr.name = MASTERS_NAME;
	bn->masters.attr.mode = 0644;
	bn->masters.show = masters_show;
	bn->masters.store = masters_store;
	return bond_compat_class_file(&bn->masters, bn->net);
}

/**
 * bond_sysfs_exit_net() - remove bonding_masters of a namespace
 * @bn: what we keep of the namespace
 *
 * Context: without RTNL, as writers take it.
 */
void bond_sysfs_exit_net(struct bond_net *bn)
{
	if (bn->masters.attr.name)
		bond_compat_class_file_remove(&bn->masters, bn->net);
}
