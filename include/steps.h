/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BOND_STEPS_H
#define BOND_STEPS_H

#include <linux/netdevice.h>
#include <linux/netlink.h>

struct bond;
struct bond_port;

/**
 * struct bond_step - one step of joining and its undoing
 * @name: for the tracepoint bond_step
 * @run: do it. Context: RTNL, may sleep. Return: 0, or -errno with nothing
 *	left behind. NULL where only the undoing does something
 * @undo: undo it; cannot fail. NULL where there is nothing to undo.
 *	Context: RTNL, may sleep
 * @call: what the log says has failed, in the words users grep for; NULL when
 *	@run says it itself
 */
struct bond_step {
	const char *name;
	int (*run)(struct bond_port *port, struct netlink_ext_ack *ea);
	void (*undo)(struct bond_port *port);
	const char *call;
};

/* A refusal is explained to who asked: by extack, else in the log. */
#define bond_refuse(bond_, port_dev, ea, err, why)			\
({									\
	if (ea)								\
		NL_SET_ERR_MSG(ea, why);				\
	else								\
		netdev_err((bond_)->dev, "(slave %s): Error: %s\n",	\
			   (port_dev)->name, why);			\
	err;								\
})

extern const struct bond_step bond_steps[];
extern const unsigned int bond_steps_count;

int bond_port_refuse(struct bond *bond, struct net_device *dev,
		     struct netlink_ext_ack *ea);

#endif
