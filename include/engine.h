/* SPDX-License-Identifier: GPL-2.0 */
/* What the engine's rooms and the modes call of each other. */
#ifndef BOND_ENGINE_H
#define BOND_ENGINE_H

#include "bond.h"

/* bond_view.c */
int bond_view_init(struct bond *bond);
void bond_view_exit(struct bond *bond);
int bond_view_reserve(struct bond *bond, u32 cap);
bool bond_view_publish(struct bond *bond);
void bond_view_direct(struct bond *bond);
struct net_device *bond_active_device(const struct bond *bond, u32 trait);
void bond_view_publish_sure(struct bond *bond);
struct bond_port *bond_view_next_live(const struct bond_view *v, u32 from);
void bond_view_lost(const struct bond_view *v, const struct bond_port *dead);
struct bond_port *bond_view_stand_in(const struct bond_view *v, u32 from);
struct bond_port *bond_view_divert(const struct bond_view *v,
				   const struct bond_port *dead, u32 from);

/* bond_ledger.c, see also ledger.h */
int bond_ledger_init(struct bond *bond);
void bond_ledger_exit(struct bond *bond);
u32 bond_ledger_shown(struct bond *bond);
void bond_ledger_told(struct bond *bond, u32 shown);
void bond_ledger_announced(struct bond *bond, u32 shown);
int bond_ledger_show(const struct bond *bond, char *buf);

/* bond_xmit.c */
netdev_tx_t bond_start_xmit(struct sk_buff *skb, struct net_device *dev);
netdev_tx_t bond_send(const struct bond_port *port, struct sk_buff *skb);
netdev_tx_t bond_xmit_to(struct sk_buff *skb, struct bond_port *port);
netdev_tx_t bond_xmit_picked(struct sk_buff *skb, const struct bond_view *v);
netdev_tx_t bond_xmit_all(struct sk_buff *skb, const struct bond_view *v);
struct bond_port *bond_pick_active(const struct bond_view *v,
				   const struct bond_pkt *pkt);
struct bond_port *bond_pick_override(const struct bond_view *v,
				     const struct bond_pkt *pkt);
u16 bond_select_queue(struct net_device *dev, struct sk_buff *skb,
		      struct net_device *sb_dev);
struct net_device *bond_get_xmit_slave(struct net_device *dev,
				       struct sk_buff *skb, bool all_slaves);

/* bond_copy.c */
struct sk_buff *bond_copy(struct sk_buff *skb);
void bond_copy_exit(void);

/* bond_rx.c */
rx_handler_result_t bond_handle_frame(struct sk_buff **pskb);
enum bond_verdict bond_rx_single(const struct bond_view *v,
				 struct bond_port *port, struct sk_buff *skb);
enum bond_verdict bond_rx_slb(const struct bond_view *v,
			      const struct bond_port *port,
			      const struct sk_buff *skb);
enum bond_verdict bond_rx_any(const struct bond_view *v,
			      struct bond_port *port, struct sk_buff *skb);
enum bond_direct bond_direct_single(const struct bond_view *v,
				    const struct bond_port *port);
enum bond_direct bond_direct_any(const struct bond_view *v,
				 const struct bond_port *port);

/* bond_filter.c: address lists, promiscuity, VLAN filters */
void bond_filter_move(struct bond *bond, struct bond_port *from,
		      struct bond_port *to);
void bond_filter_give(struct bond_port *port);
void bond_filter_take(struct bond_port *port);
void bond_filter_running(struct bond *bond, bool running);
void bond_set_rx_mode(struct net_device *dev);
void bond_change_rx_flags(struct net_device *dev, int change);
int bond_vlan_rx_add_vid(struct net_device *dev, __be16 proto, u16 vid);
int bond_vlan_rx_kill_vid(struct net_device *dev, __be16 proto, u16 vid);

/* bond_stats.c */
void bond_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *out);
void bond_stats_start(struct bond_port *port);
void bond_stats_finish(struct bond_port *port);

/* bond_active.c, see also bond.h */
void bond_settle_others(const struct bond *bond);
void bond_settle_untold(struct bond *bond);

/* bond_monitor.c */
void bond_monitor_port_event(struct bond_port *port, unsigned long event);
bool bond_monitor_signal(const struct bond_port *port);
bool bond_monitor_believed(struct bond_port *port, u64 now);

/* bond_mac.c */
bool bond_mac_shared(const struct bond *bond);
int bond_set_mac_address(struct net_device *dev, void *addr);
void bond_mac_failover(struct bond *bond, struct bond_port *was,
		       struct bond_port *now);
int bond_mac_adopt(struct bond *bond, const struct net_device *dev,
		   struct netlink_ext_ack *ea);
void bond_mac_port_changed(struct bond_port *port);
void bond_mac_set_policy(struct bond *bond, u32 policy);
int bond_mac_fit(struct bond_port *port, struct netlink_ext_ack *ea);
int bond_mac_join(struct bond_port *port, struct netlink_ext_ack *ea);
void bond_mac_leave(struct bond_port *port);
void bond_mac_warn_in_use(const struct bond_port *port);
void bond_mac_orphan(struct bond *bond);
void bond_mac_return(struct bond *bond, const u8 *addr, u8 assign_type);
int bond_mac_set_port(struct bond_port *port, const u8 *addr,
		      struct netlink_ext_ack *ea);

/* bond_mac_own.c */
void bond_mac_find_free(struct bond_port *port, u8 *addr);
int bond_mac_own_join(struct bond_port *port, struct netlink_ext_ack *ea);
void bond_mac_own_restore(struct bond_port *port);
void bond_mac_own_move(struct bond *bond, struct bond_port *now);
void bond_mac_own_opening(struct bond_port *port, bool open);
int bond_mac_own_set(struct bond *bond, const u8 *want);

/* bond_features.c */
void bond_features_setup(struct net_device *dev);
void bond_features_mode(struct bond *bond);
netdev_features_t bond_features_tls(const struct bond *bond);
void bond_features_policy(struct bond *bond);

/* bond_type.c */
int bond_neigh_construct(struct net_device *dev, struct neighbour *n);
void bond_become_ethernet(struct bond *bond);
int bond_adopt_type(struct bond *bond, struct net_device *dev,
		    struct netlink_ext_ack *ea);

/* bond_netpoll.c */
int bond_netpoll_join(struct bond_port *port);
void bond_netpoll_leave(struct bond_port *port);
int bond_netpoll_setup(struct net_device *dev);
void bond_netpoll_cleanup(struct net_device *dev);
void bond_poll_controller(struct net_device *dev);
netdev_tx_t bond_netpoll_send(const struct bond_port *port,
			      struct sk_buff *skb);

/* bond_xdp.c */
struct xdp_buff;
struct xdp_frame;
bool bond_xdp_possible(const struct bond_config *config);
int bond_bpf(struct net_device *dev, struct netdev_bpf *cmd);
int bond_xdp_join(struct bond_port *port, struct netlink_ext_ack *ea);
void bond_xdp_leave(struct bond_port *port);
int bond_xdp_refuse(struct bond *bond, struct net_device *dev,
		    struct netlink_ext_ack *ea);
void bond_xdp_features(struct bond *bond);
int bond_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		  u32 flags);
struct net_device *bond_xdp_get_xmit_slave(struct net_device *dev,
					   struct xdp_buff *xdp);

/* bond_port.c */
void bond_port_renamed(struct bond_port *port);

/* bond_tell.c */
void bond_announce_begin(struct bond *bond);
void bond_announce_port(struct bond_port *port);
void bond_announce_moved(struct bond *bond);
bool bond_carrier(struct bond *bond);
void bond_tell_lower_state(struct bond_port *port);
void bond_tell_info(struct bond_port *port);
void bond_tell_speed(const struct bond_port *port);
void bond_speed_learned(struct bond_port *port);
void bond_speed_later(struct bond_port *port);
u32 bond_announce_pause(const struct bond *bond);

/* bond_info.c */
void bond_fill_ifbond(const struct bond *bond, struct ifbond *out);
void bond_fill_ifslave(const struct bond_port *port, struct ifslave *out);

#endif
