// SPDX-License-Identifier: GPL-2.0
/*
 * passon - gives everything that arrives at one device to another one, and does nothing else
 *
 * What any device costs that receives through others: bench subtracts it. "lower" is where frames arrive, "upper" whose they
 * are then.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

static char *lower, *upper;
module_param(lower, charp, 0444);
module_param(upper, charp, 0444);

static struct net_device *from, *to;

static rx_handler_result_t pass_on(struct sk_buff **pskb)
{
	(*pskb)->dev = rcu_dereference((*pskb)->dev->rx_handler_data);
	return RX_HANDLER_ANOTHER;
}

static void let_go(void)
{
	dev_put(from);
	dev_put(to);
}

static int __init passon_init(void)
{
	int err = -ENODEV;

	if (!lower || !upper)
		return -EINVAL;
	from = dev_get_by_name(&init_net, lower);
	to = dev_get_by_name(&init_net, upper);
	if (from && to) {
		rtnl_lock();
		err = netdev_rx_handler_register(from, pass_on, to);
		rtnl_unlock();
	}
	if (err)
		let_go();
	return err;
}

static void __exit passon_exit(void)
{
	rtnl_lock();
	netdev_rx_handler_unregister(from);
	rtnl_unlock();
	let_go();
}

module_init(passon_init);
module_exit(passon_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Gives what arrives at one device to another, for the bench");
