/* SPDX-License-Identifier: GPL-2.0 */
/* Encryption by the ports: bond_offload.c. */
#ifndef BOND_CRYPTO_H
#define BOND_CRYPTO_H

#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>

struct bond;
struct bond_pkt;
struct bond_port;
struct bond_view;
struct sk_buff;

#define BOND_ESP_FEATURES	(NETIF_F_HW_ESP | NETIF_F_HW_ESP_TX_CSUM | \
				 NETIF_F_GSO_ESP)

#define BOND_CRYPTO_BITS	7

/**
 * struct bond_crypto - what a bond knows of IPsec its ports encrypt
 * @mutex: one change at a time: a state added, moved, freed. Outer to a
 *	state's own lock and to @lock
 * @lock: protects @states and what is in them; inner to a state's own lock
 * @states: IPsec states by address. Changed under @mutex and @lock
 * @on: the port's device that the states were last given to. Protected by
 *	@mutex, never followed
 * @paused: states are changing hands, nothing may be prepared for a port.
 *	Written under @mutex, read by transmit
 * @moved: states given to another port. Protected by @mutex
 * @fell_back: states another port could not take. Protected by @mutex
 * @refused: packets that had been prepared for a port that has gone
 */
struct bond_crypto {
	struct mutex mutex;	/* one change at a time, see above */
	spinlock_t lock;	/* protects states */
	DECLARE_HASHTABLE(states, BOND_CRYPTO_BITS);
	const struct net_device *on;
	bool paused;
	u64 moved;
	u64 fell_back;
	atomic64_t refused;
};

#define BOND_CRYPTO_COUNTERS	3

/* bond_offload.c */
void bond_crypto_exit(struct bond *bond);
void bond_crypto_setup(struct net_device *dev);
void bond_crypto_follow(struct bond *bond);
void bond_crypto_leave(struct bond_port *port);
void bond_crypto_count(const struct bond *bond, u64 *to);
netdev_features_t bond_features_check(struct sk_buff *skb,
				      struct net_device *dev,
				      netdev_features_t features);
struct bond_port *bond_pick_crypto(const struct bond_view *v,
				   const struct bond_pkt *pkt);

#endif
