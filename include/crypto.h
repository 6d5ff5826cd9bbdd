/* SPDX-License-Identifier: GPL-2.0 */
/* Encryption by the ports: IPsec and TLS. */
#ifndef BOND_CRYPTO_H
#define BOND_CRYPTO_H

#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <net/xfrm.h>

struct bond;
struct bond_pkt;
struct bond_port;
struct bond_view;
struct sock;

#define BOND_ESP_FEATURES	(NETIF_F_HW_ESP | NETIF_F_HW_ESP_TX_CSUM | \
				 NETIF_F_GSO_ESP)

#define BOND_CRYPTO_BITS	7

/* Hash modes can leave TLS to a port, if all packets of a flow go to the same. */
#define BOND_TLS_FEATURES	NETIF_F_HW_TLS_TX

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

#define BOND_CRYPTO_COUNTERS	4

/* bond_crypto.c */
void bond_crypto_exit(struct bond *bond);
void bond_crypto_count(const struct bond *bond, u64 *to);
netdev_features_t bond_features_check(struct sk_buff *skb,
				      struct net_device *dev,
				      netdev_features_t features);
struct bond_port *bond_pick_crypto(const struct bond_view *v,
				   const struct bond_pkt *pkt);

/* bond_offload.c */
#ifdef CONFIG_XFRM_OFFLOAD
void bond_crypto_setup(struct net_device *dev);
void bond_crypto_follow(struct bond *bond);
void bond_crypto_leave(struct bond_port *port);
netdev_features_t bond_esp_features_check(struct sk_buff *skb,
					  struct net_device *dev,
					  netdev_features_t features);
struct bond_port *bond_esp_pick(const struct bond_view *v, struct sk_buff *skb);

/* Is this to be encrypted by a port's hardware? */
static inline bool bond_esp_prepared(struct sk_buff *skb)
{
	const struct xfrm_offload *xo;

	if (likely(!skb_sec_path(skb)))
		return false;
	xo = xfrm_offload(skb);
	return xo && (xo->flags & XFRM_XMIT);
}
#else
static inline void bond_crypto_setup(struct net_device *dev) {}
static inline void bond_crypto_follow(struct bond *bond) {}
static inline void bond_crypto_leave(struct bond_port *port) {}

static inline netdev_features_t
bond_esp_features_check(struct sk_buff *skb, struct net_device *dev,
			netdev_features_t features)
{
	return features;
}

static inline bool bond_esp_prepared(struct sk_buff *skb)
{
	return false;
}

static inline struct bond_port *bond_esp_pick(const struct bond_view *v,
					      struct sk_buff *skb)
{
	return NULL;
}
#endif

/* bond_tls.c */
#if IS_ENABLED(CONFIG_TLS_DEVICE)
void bond_tls_exit(void);
void bond_tls_note(struct bond *bond, struct sk_buff *skb);
struct bond_port *bond_tls_pick(const struct bond_view *v, struct sk_buff *skb);
struct net_device *bond_sk_get_lower_dev(struct net_device *dev,
					 struct sock *sk);

/* Was it left to a device to encrypt this, at least at first? */
static inline bool bond_tls_skb(const struct sk_buff *skb)
{
	return skb->decrypted;
}
#else
#define bond_sk_get_lower_dev	NULL

static inline void bond_tls_exit(void) {}
static inline void bond_tls_note(struct bond *bond, struct sk_buff *skb) {}

static inline struct bond_port *bond_tls_pick(const struct bond_view *v,
					      struct sk_buff *skb)
{
	return NULL;
}

static inline bool bond_tls_skb(const struct sk_buff *skb)
{
	return false;
}
#endif

#endif
