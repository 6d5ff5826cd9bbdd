// SPDX-License-Identifier: GPL-2.0
/*
 * lagwatch - hears what a switch's or network card's driver hears of a link aggregate.
 *
 * /proc/lag_watch prints, oldest first, one line per notification, in all namespaces:
 *
 *	join PORT UPPER tx TYPE hash HASH marked 0|1 active 0|1 inactive 0|1
 *						numbers of enum netdev_lag_tx_type, netdev_lag_hash; whether
 *						IFF_BONDING is set; what the kernel's own header says of a bond's port
 *	leave PORT UPPER marked 0|1
 *	state PORT link 0|1 tx 0|1
 *	info PORT state STATE link LINK		as the ioctl SIOCBONDSLAVEINFOQUERY numbers them
 *	joining PORT				before anything is asked of it
 *	released UPPER				has no port any more
 *	within EVENT DEV			said of a bond or its port while what is above the bond is changing
 *
 * Writing anything empties it.  What does not fit any more is counted in a last line "more N".
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <net/bonding.h>

#define ROOM	16384

static char text[ROOM];
static size_t used;
static unsigned int more;
static DEFINE_MUTEX(text_lock);	/* protects all of the above */

static __printf(1, 2) void say(const char *fmt, ...)
{
	va_list args;
	int len;

	mutex_lock(&text_lock);
	va_start(args, fmt);
	len = vsnprintf(text + used, ROOM - used, fmt, args);
	va_end(args);
	if (len < ROOM - used)
		used += len;
	else
		more++;
	mutex_unlock(&text_lock);
}

static void say_join(const struct net_device *dev, const char *upper, const struct netdev_lag_upper_info *lag)
{
	struct slave *port = bond_slave_get_rtnl(dev);

	say("join %s %s tx %d hash %d marked %d active %d inactive %d\n", dev->name, upper, lag->tx_type,
	    lag->hash_type, !!(dev->priv_flags & IFF_BONDING), bond_is_active_slave(port),
	    bond_is_slave_inactive(port));
}

static void upper_changed(struct net_device *dev,
			  const struct netdev_notifier_changeupper_info *info)
{
	const struct netdev_lag_upper_info *lag = info->upper_info;

	if (!netif_is_bond_master(info->upper_dev))
		return;
	if (!info->linking)
		say("leave %s %s marked %d\n", dev->name, info->upper_dev->name, !!(dev->priv_flags & IFF_BONDING));
	else if (lag)
		say_join(dev, info->upper_dev->name, lag);
}

static int watch_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	const struct netdev_notifier_changelowerstate_info *lower = ptr;
	const struct netdev_lag_lower_state_info *state;
	const struct netdev_notifier_bonding_info *bonding = ptr;
	const struct ifslave *port;

	if (event == NETDEV_CHANGEUPPER) {
		upper_changed(dev, ptr);
	} else if (event == NETDEV_CHANGELOWERSTATE && netif_is_lag_port(dev)) {
		state = lower->lower_state_info;
		say("state %s link %d tx %d\n", dev->name, state->link_up, state->tx_enabled);
	} else if (event == NETDEV_BONDING_INFO) {
		port = &bonding->bonding_info.slave;
		say("info %s state %d link %d\n", dev->name, port->state, port->link);
	} else if (event == NETDEV_JOIN) {
		say("joining %s\n", dev->name);
	} else if (event == NETDEV_RELEASE) {
		say("released %s\n", dev->name);
	}
	return NOTIFY_DONE;
}

static struct notifier_block watch_notifier = { .notifier_call = watch_event };

/* The bond above which something is changing right now; under RTNL. */
static struct net_device *changing;

/*
 * Who puts a device above a bond may hold locks of its own (ipvlan does, since
 * 7.3) and wants them when it is told something: nothing may be said then.
 */
static int first_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (changing && (dev == changing || netdev_master_upper_dev_get(dev) == changing))
		say("within %s %s\n", netdev_cmd_to_name(event), dev->name);
	else if (event == NETDEV_CHANGEUPPER && netif_is_bond_master(dev))
		changing = dev;
	return NOTIFY_DONE;
}

static struct notifier_block first_notifier = {
	.notifier_call = first_event,
	.priority = INT_MAX,
};

static int last_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	if (event == NETDEV_CHANGEUPPER && netdev_notifier_info_to_dev(ptr) == changing)
		changing = NULL;
	return NOTIFY_DONE;
}

static struct notifier_block last_notifier = {
	.notifier_call = last_event,
	.priority = INT_MIN,
};

static int watch_show(struct seq_file *m, void *unused)
{
	mutex_lock(&text_lock);
	seq_write(m, text, used);
	if (more)
		seq_printf(m, "more %u\n", more);
	mutex_unlock(&text_lock);
	return 0;
}

static ssize_t watch_write(struct file *file, const char __user *user,
			   size_t count, loff_t *pos)
{
	mutex_lock(&text_lock);
	used = 0;
	more = 0;
	mutex_unlock(&text_lock);
	return count;
}

static int watch_open(struct inode *inode, struct file *file)
{
	return single_open(file, watch_show, NULL);
}

static const struct proc_ops watch_ops = {
	.proc_open = watch_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = watch_write,
};

static struct notifier_block *const notifiers[] = { &first_notifier, &watch_notifier, &last_notifier };

static void deafen(unsigned int count)
{
	while (count--)
		unregister_netdevice_notifier(notifiers[count]);
}

static int __init watch_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(notifiers); i++) {
		err = register_netdevice_notifier(notifiers[i]);
		if (err) {
			deafen(i);
			return err;
		}
	}
	if (!proc_create("lag_watch", 0600, NULL, &watch_ops)) {
		deafen(i);
		return -ENOMEM;
	}
	return 0;
}

static void __exit watch_exit(void)
{
	remove_proc_entry("lag_watch", NULL);
	deafen(ARRAY_SIZE(notifiers));
}

module_init(watch_init);
module_exit(watch_exit);
MODULE_DESCRIPTION("Writes down what is said about link aggregates, for tests");
MODULE_LICENSE("GPL");
