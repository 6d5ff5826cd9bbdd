/* SPDX-License-Identifier: GPL-2.0 */
/* What the doors offer to module load, device setup and the join steps. */
#ifndef BOND_DOORS_H
#define BOND_DOORS_H

#include <linux/ethtool.h>
#include <net/rtnetlink.h>

struct bond;
struct bond_config;
struct bond_net;
struct bond_port;
struct ifreq;

/* bond_param.c */
int bond_param_check(struct bond_config *out, unsigned int *max_bonds,
		     unsigned int *tx_queues);
extern unsigned int bond_tx_queues;
extern struct bond_config bond_param_config;

/* bond_netlink.c */
int bond_netlink_init(void);
void bond_netlink_exit(void);
extern struct rtnl_link_ops bond_link_ops;

/* bond_sysfs.c */
int bond_sysfs_init_net(struct bond_net *bn);
void bond_sysfs_exit_net(struct bond_net *bn);
void bond_sysfs_prepare(struct net_device *dev);
int bond_sysfs_port_add(struct bond_port *port);
void bond_sysfs_port_del(struct bond_port *port);

/* bond_procfs.c */
int bond_procfs_init_net(struct bond_net *bn);
void bond_procfs_exit_net(struct bond_net *bn);
void bond_procfs_bond_add(struct bond *bond);
void bond_procfs_bond_del(struct bond *bond);

/* bond_clients.c */
void bond_clients_load(void);
void bond_clients_unload(void);
void bond_clients_init_net(struct bond_net *bn);
void bond_clients_exit_net(struct bond_net *bn);
void bond_clients_bond_add(struct bond *bond);
void bond_clients_bond_del(struct bond *bond);

/* bond_ioctl.c */
int bond_siocbond(struct net_device *dev, struct ifreq *ifr, int cmd);
int bond_siocdevprivate(struct net_device *dev, struct ifreq *ifr,
			void __user *data, int cmd);
int bond_eth_ioctl(struct net_device *dev, struct ifreq *ifr, int cmd);

/* bond_ethtool.c */
extern const struct ethtool_ops bond_ethtool_ops;

#endif
