// SPDX-License-Identifier: GPL-2.0
/*
 * rtnl_hold - a busy RTNL lock and a cable that can be cut meanwhile.
 *
 * Lines written to /proc/rtnl_hold, names looked up in the writer's namespace:
 *
 *	hold MS		somebody holds RTNL that long; the write returns once the lock is held
 *	hold on		the same, until told otherwise, or for a minute
 *	let go		RTNL is free when the write returns; ETIMEDOUT: it already was, so was not held all the time
 *	wire DEV	DEV and its veth peer are from now on a real cable: what arrives while either end has no
 *			carrier is dropped (a bare veth goes on delivering until link watch has had RTNL)
 *	cut DEV		both ends lose carrier, without RTNL, as a driver's interrupt would do it
 *	mend DEV	both ends get it back
 *	cut-all PREFIX	every device whose name begins so loses carrier at once, without RTNL; mend-all gives it back
 *	trip DEV	the next time the network is told of a failover, DEV is cut in the midst of it, and 20 ms pass
 *	stun MS		this processor does nothing else that long: no interrupt, no timer, no worker
 *
 * Reading says whether RTNL is held by us and how many frames a cut cable has lost.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/wait_bit.h>
#include <net/net_namespace.h>

#define HOLD_MAX	60000	/* ms */

/**
 * struct wire_end - one end of a cable
 * @hook: drops what arrives on a cut cable
 * @dev: this end; no reference, the notifier lets go of it
 * @peer: the other end
 * @list: on wires
 */
struct wire_end {
	struct nf_hook_ops hook;
	struct net_device *dev;
	struct net_device *peer;
	struct list_head list;
};

static LIST_HEAD(wires);	/* under RTNL */
static atomic_long_t lost;
static atomic_t holding;
static DECLARE_COMPLETION(held);
static DECLARE_COMPLETION(told);
static unsigned int hold_ms;
static char tripped[IFNAMSIZ];	/* under RTNL */
static DEFINE_MUTEX(command_lock);	/* one writer at a time */

static int hold_thread(void *unused)
{
	rtnl_lock();
	atomic_set(&holding, 1);
	complete(&held);
	wait_for_completion_timeout(&told, msecs_to_jiffies(hold_ms));
	rtnl_unlock();
	atomic_set(&holding, 0);
	wake_up_var(&holding);
	module_put_and_kthread_exit(0);
	return 0;
}

static int hold(unsigned int ms)
{
	struct task_struct *task;

	if (atomic_read(&holding) || !ms || ms > HOLD_MAX)
		return -EINVAL;
	hold_ms = ms;
	reinit_completion(&held);
	reinit_completion(&told);
	__module_get(THIS_MODULE);
	task = kthread_run(hold_thread, NULL, "rtnl_hold");
	if (IS_ERR(task)) {
		module_put(THIS_MODULE);
		return PTR_ERR(task);
	}
	wait_for_completion(&held);
	return 0;
}

static int let_go(void)
{
	if (!atomic_read(&holding))
		return -ETIMEDOUT;
	complete(&told);
	wait_var_event(&holding, !atomic_read(&holding));
	return 0;
}

static unsigned int wire_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct wire_end *end = priv;

	if (netif_carrier_ok(end->dev) && netif_carrier_ok(end->peer))
		return NF_ACCEPT;
	atomic_long_inc(&lost);
	return NF_DROP;
}

/* The other end of a veth, in whatever namespace it is. Context: RCU. */
static struct net_device *find_peer(struct net_device *dev)
{
	const struct net_device_ops *ops = dev->netdev_ops;

	return ops->ndo_get_peer_dev ? ops->ndo_get_peer_dev(dev) : NULL;
}

static int wire_one(struct net_device *dev, struct net_device *peer)
{
	struct wire_end *end = kzalloc(sizeof(*end), GFP_KERNEL);
	int err;

	if (!end)
		return -ENOMEM;
	end->dev = dev;
	end->peer = peer;
	end->hook.hook = wire_hook;
	end->hook.priv = end;
	end->hook.dev = dev;
	end->hook.pf = NFPROTO_NETDEV;
	end->hook.hooknum = NF_NETDEV_INGRESS;
	err = nf_register_net_hook(dev_net(dev), &end->hook);
	if (err) {
		kfree(end);
		return err;
	}
	list_add(&end->list, &wires);
	return 0;
}

static void unwire(const struct net_device *dev)
{
	struct wire_end *end, *next;

	list_for_each_entry_safe(end, next, &wires, list) {
		if (dev && end->dev != dev && end->peer != dev)
			continue;
		nf_unregister_net_hook(dev_net(end->dev), &end->hook);
		list_del(&end->list);
		synchronize_net();
		kfree(end);
	}
}

static int wire(struct net *net, const char *name)
{
	struct net_device *dev, *peer = NULL;
	int err = -ENODEV;

	rtnl_lock();
	rcu_read_lock();
	dev = dev_get_by_name_rcu(net, name);
	if (dev)
		peer = find_peer(dev);
	rcu_read_unlock();	/* RTNL keeps both */
	if (peer) {
		err = wire_one(dev, peer);
		if (!err)
			err = wire_one(peer, dev);
		if (err)
			unwire(dev);
	}
	rtnl_unlock();
	return err;
}

static int set_carrier(struct net *net, const char *name, bool on)
{
	void (*set)(struct net_device *dev) = on ? netif_carrier_on : netif_carrier_off;
	struct net_device *dev, *peer = NULL;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(net, name);
	if (dev)
		peer = find_peer(dev);
	if (peer) {
		set(dev);
		set(peer);
	}
	rcu_read_unlock();
	return peer ? 0 : -ENODEV;
}

static int set_all(struct net *net, const char *prefix, bool on)
{
	void (*set)(struct net_device *dev) = on ? netif_carrier_on : netif_carrier_off;
	struct net_device *dev;

	rcu_read_lock();
	for_each_netdev_rcu(net, dev)
		if (!strncmp(dev->name, prefix, strlen(prefix)))
			set(dev);
	rcu_read_unlock();
	return 0;
}

static int trip(const char *name)
{
	rtnl_lock();
	strscpy(tripped, name, sizeof(tripped));
	rtnl_unlock();
	return 0;
}

/* Longer than 10 s and the kernel's own watchdogs would rightly complain. */
static int stun(unsigned int ms)
{
	unsigned long flags;

	if (ms > 10000)
		return -EINVAL;
	local_irq_save(flags);
	mdelay(ms);
	local_irq_restore(flags);
	return 0;
}

static int obey(struct net *net, char *line)
{
	char *verb = strsep(&line, " "), *name = line ? strim(line) : NULL;
	unsigned int ms;

	if (!name)
		return -EINVAL;
	if (!strcmp(verb, "hold") && !strcmp(name, "on"))
		return hold(HOLD_MAX);
	if (!strcmp(verb, "let") && !strcmp(name, "go"))
		return let_go();
	if (!strcmp(verb, "hold"))
		return kstrtouint(name, 10, &ms) ?: hold(ms);
	if (!strcmp(verb, "stun"))
		return kstrtouint(name, 10, &ms) ?: stun(ms);
	if (!strcmp(verb, "trip"))
		return trip(name);
	if (!strcmp(verb, "wire"))
		return wire(net, name);
	if (!strcmp(verb, "cut"))
		return set_carrier(net, name, false);
	if (!strcmp(verb, "mend"))
		return set_carrier(net, name, true);
	if (!strcmp(verb, "cut-all") || !strcmp(verb, "mend-all"))
		return set_all(net, name, *verb == 'm');
	return -EINVAL;
}

static ssize_t command_write(struct file *file, const char __user *user,
			     size_t count, loff_t *pos)
{
	char line[64] = "";
	int err;

	if (count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, user, count))
		return -EFAULT;
	mutex_lock(&command_lock);
	err = obey(current->nsproxy->net_ns, strim(line));
	mutex_unlock(&command_lock);
	return err ?: count;
}

static int command_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "held %d\nlost %ld\n", atomic_read(&holding),
		   atomic_long_read(&lost));
	return 0;
}

static int command_open(struct inode *inode, struct file *file)
{
	return single_open(file, command_show, NULL);
}

static const struct proc_ops command_ops = {
	.proc_open = command_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = command_write,
};

static int wire_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (event == NETDEV_UNREGISTER)
		unwire(dev);
	if (event == NETDEV_BONDING_FAILOVER && *tripped) {
		set_carrier(dev_net(dev), tripped, false);
		*tripped = 0;
		msleep(20);
	}
	return NOTIFY_DONE;
}

static struct notifier_block wire_notifier = { .notifier_call = wire_event };

static int __init rtnl_hold_init(void)
{
	int err = register_netdevice_notifier(&wire_notifier);

	if (err)
		return err;
	if (!proc_create("rtnl_hold", 0600, NULL, &command_ops)) {
		unregister_netdevice_notifier(&wire_notifier);
		return -ENOMEM;
	}
	return 0;
}

static void __exit rtnl_hold_exit(void)
{
	remove_proc_entry("rtnl_hold", NULL);
	unregister_netdevice_notifier(&wire_notifier);
	rtnl_lock();
	unwire(NULL);
	rtnl_unlock();
}

module_init(rtnl_hold_init);
module_exit(rtnl_hold_exit);
MODULE_DESCRIPTION("Holds RTNL and cuts cables, for tests");
MODULE_LICENSE("GPL");
