// SPDX-License-Identifier: GPL-2.0
/*
 * lastword - sends a frame through bond0 when its device is shut down, as a disk does that is reached over the network
 *
 * Load it when the bond is at work: a disk is found later than the way to it.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>

/* One to each of two addresses that differ in their last bit, so that each of two ports carries one. */
static void say(struct net_device *dev, u8 last)
{
	u8 to[ETH_ALEN] = { 0x02, 0, 0, 0, 0x77, last };
	struct sk_buff *skb = alloc_skb(LL_RESERVED_SPACE(dev) + 64, GFP_KERNEL);

	if (!skb)
		return;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_put_zero(skb, 46);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_802_EX1);
	skb_reset_network_header(skb);
	dev_hard_header(skb, dev, ETH_P_802_EX1, to, dev->dev_addr, skb->len);
	dev_queue_xmit(skb);
}

static void lastword_shutdown(struct platform_device *pdev)
{
	struct net_device *dev = dev_get_by_name(&init_net, "bond0");

	if (!dev)
		return;
	say(dev, 0);
	say(dev, 1);
	dev_put(dev);
}

static struct platform_driver lastword_driver = {
	.driver.name = KBUILD_MODNAME,
	.shutdown = lastword_shutdown,
};

static struct platform_device *lastword_device;

static int __init lastword_init(void)
{
	int err = platform_driver_register(&lastword_driver);

	if (err)
		return err;
	lastword_device = platform_device_register_simple(KBUILD_MODNAME, PLATFORM_DEVID_NONE, NULL, 0);
	if (!IS_ERR(lastword_device))
		return 0;
	platform_driver_unregister(&lastword_driver);
	return PTR_ERR(lastword_device);
}

static void __exit lastword_exit(void)
{
	platform_device_unregister(lastword_device);
	platform_driver_unregister(&lastword_driver);
}

module_init(lastword_init);
module_exit(lastword_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Sends a frame through a bond at shutdown, for tests");
