// SPDX-License-Identifier: GPL-2.0
/*
 * Features: what the bond can do is what its ports can do now.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/dst.h>
#include <net/tls.h>

#include "bond.h"
#include "compat.h"
#include "crypto.h"
#include "engine.h"

#define VLAN_FEATURES	(NETIF_F_HW_CSUM | NETIF_F_SG | NETIF_F_FRAGLIST | \
			 NETIF_F_GSO_SOFTWARE | NETIF_F_HIGHDMA | NETIF_F_LRO | \
			 NETIF_F_GSO_PARTIAL)
#define ENC_FEATURES	(NETIF_F_HW_CSUM | NETIF_F_SG | NETIF_F_RXCSUM | \
			 NETIF_F_GSO_SOFTWARE | NETIF_F_GSO_PARTIAL)
#define MPLS_FEATURES	(NETIF_F_HW_CSUM | NETIF_F_SG | NETIF_F_GSO_SOFTWARE)

/* Only where one port carries everything can it hold IPsec states. */
static netdev_features_t esp_features(const struct bond *bond)
{
	if (!IS_ENABLED(CONFIG_XFRM_OFFLOAD) ||
	    !(bond->mode->traits & BOND_T_ESP))
		return 0;
	return BOND_ESP_FEATURES;
}

/**
 * bond_features_tls() - does the bond have TLS encrypted by its ports?
 * @bond: the bond
 *
 * Only where a connection's packets all go the same way can a port have its keys.
 *
 * Context: RTNL.
 * Return: %BOND_TLS_FEATURES as far as all ports have them
 */
netdev_features_t bond_features_tls(const struct bond *bond)
{
	netdev_features_t can = BOND_TLS_FEATURES;
	const struct bond_port *port;

	if (!IS_ENABLED(CONFIG_TLS_DEVICE) ||
	    !(bond->mode->traits & BOND_T_HASH) ||
	    bond->config.xmit_policy != BOND_XMIT_POLICY_LAYER34)
		return 0;
	bond_for_each_port(bond, port)
		can &= port->dev->features;
	return can;
}

static int no_tls_add(struct net_device *dev, struct sock *sk,
		      enum tls_offload_ctx_dir direction,
		      struct tls_crypto_info *crypto_info,
		      u32 start_offload_tcp_sn)
{
	return -EOPNOTSUPP;
}

static void no_tls_del(struct net_device *dev, struct tls_context *ctx,
		       enum tls_offload_ctx_dir direction)
{
}

/* The stack takes the bond itself for a port while there is none to send by. */
static const struct tlsdev_ops bond_tlsdev_ops = {
	.tls_dev_add = no_tls_add,
	.tls_dev_del = no_tls_del,
};

/**
 * bond_features_setup() - what a bond without ports offers
 * @dev: the bond, not registered
 *
 * Context: any; nobody else knows @dev.
 */
void bond_features_setup(struct net_device *dev)
{
	dev->hw_features = VLAN_FEATURES | NETIF_F_HW_VLAN_CTAG_RX |
			   NETIF_F_HW_VLAN_CTAG_FILTER |
			   NETIF_F_HW_VLAN_STAG_RX |
			   NETIF_F_HW_VLAN_STAG_FILTER;
	dev->hw_features |= NETIF_F_GSO_ENCAP_ALL;
	dev->features |= dev->hw_features;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX;
	/* always on, not for users to switch */
	dev->hw_features &= ~NETIF_F_GSO_PARTIAL;
	if (IS_ENABLED(CONFIG_XFRM_OFFLOAD))
		dev->hw_features |= BOND_ESP_FEATURES;
	bond_compat_tls_ops(dev, &bond_tlsdev_ops);
	dev->features &= ~(BOND_ESP_FEATURES | BOND_TLS_FEATURES);
	dev->features |= esp_features(bond_of(dev)) | bond_features_tls(bond_of(dev));
	dev->hw_enc_features |= BOND_ESP_FEATURES;
}

/**
 * bond_features_policy() - another xmit_hash_policy: TLS may come or go with it
 * @bond: the bond
 *
 * Context: RTNL, may sleep.
 */
void bond_features_policy(struct bond *bond)
{
	ASSERT_RTNL();
	netdev_update_features(bond->dev);
}

/**
 * bond_features_mode() - another mode: offload of encryption comes or goes
 * @bond: the bond, without ports
 *
 * IPsec is for users to switch off in modes that have it.
 *
 * Context: RTNL, may sleep.
 */
void bond_features_mode(struct bond *bond)
{
	struct net_device *dev = bond->dev;

	ASSERT_RTNL();
	dev->wanted_features &= ~BOND_ESP_FEATURES;
	dev->wanted_features |= esp_features(bond);
	netdev_update_features(dev);
}

/**
 * struct sums - running sums over the ports
 * @vlan: what VLANs on the bond may use
 * @enc: what tunnels on it may use
 * @mpls: what MPLS on it may use
 * @dst_release: IFF_XMIT_DST_RELEASE and its _PERM, as far as all have them
 * @tso_size: smallest tso_max_size, bytes
 * @tso_segs: smallest tso_max_segs
 */
struct sums {
	netdev_features_t vlan, enc, mpls;
	unsigned int dst_release;
	unsigned int tso_size;
	u16 tso_segs;
};

static void add_port(struct sums *s, const struct net_device *dev)
{
	s->vlan = netdev_increment_features(s->vlan, dev->vlan_features,
					    VLAN_FEATURES);
	s->enc = netdev_increment_features(s->enc, dev->hw_enc_features,
					   ENC_FEATURES);
	s->mpls = netdev_increment_features(s->mpls, dev->mpls_features,
					    MPLS_FEATURES);
	s->dst_release &= dev->priv_flags;
	s->tso_size = min(s->tso_size, dev->tso_max_size);
	s->tso_segs = min(s->tso_segs, dev->tso_max_segs);
}

/* By the rules of 6.1; newer kernels have a helper for it. */
static void sum_up(struct bond *bond)
{
	struct net_device *dev = bond->dev;
	struct bond_port *port;
	struct sums s = {
		/* of no port, which is what users see of a bond that lost its last */
		.vlan = VLAN_FEATURES | NETIF_F_GSO_ENCAP_ALL,
		.enc = ENC_FEATURES,
		.mpls = MPLS_FEATURES,
		.dst_release = IFF_XMIT_DST_RELEASE |
			       IFF_XMIT_DST_RELEASE_PERM,
		.tso_size = TSO_MAX_SIZE,
		.tso_segs = TSO_MAX_SEGS,
	};

	if (bond->nports)
		s.vlan &= NETIF_F_ALL_FOR_ALL;
	bond_for_each_port(bond, port)
		add_port(&s, port->dev);
	dev->vlan_features = s.vlan;
	dev->hw_enc_features = s.enc | NETIF_F_GSO_ENCAP_ALL |
			       NETIF_F_HW_VLAN_CTAG_TX |
			       NETIF_F_HW_VLAN_STAG_TX | BOND_ESP_FEATURES;
	dev->mpls_features = s.mpls;
	netif_set_tso_max_segs(dev, s.tso_segs);
	netif_set_tso_max_size(dev, s.tso_size);

	dev->priv_flags &= ~IFF_XMIT_DST_RELEASE;
	if ((dev->priv_flags & IFF_XMIT_DST_RELEASE_PERM) &&
	    s.dst_release == (IFF_XMIT_DST_RELEASE | IFF_XMIT_DST_RELEASE_PERM))
		dev->priv_flags |= IFF_XMIT_DST_RELEASE;
	netdev_change_features(dev);
}

/*
 * Room for what the ports put in front of a packet and behind it. Not by the
 * kernel's helper, which takes all of them for Ethernet.
 */
static void sum_up_room(struct bond *bond)
{
	struct net_device *dev = bond->dev;
	unsigned short header = dev->type == ARPHRD_ETHER ? ETH_HLEN : 0;
	unsigned short headroom = 0, tailroom = 0;
	const struct bond_port *port;

	if (!bond->nports)
		return;
	bond_for_each_port(bond, port) {
		header = max(header, port->dev->hard_header_len);
		headroom = max(headroom, port->dev->needed_headroom);
		tailroom = max(tailroom, port->dev->needed_tailroom);
	}
	dev->hard_header_len = header;
	dev->needed_headroom = headroom;
	dev->needed_tailroom = tailroom;
}

/**
 * bond_compute_features() - look at all ports and tell the stack
 * @bond: the bond
 *
 * What the bond may not have is switched off in its ports, each of which says
 * that it has changed; that adds nothing to what is being reckoned.
 *
 * Context: RTNL, may sleep.
 */
void bond_compute_features(struct bond *bond)
{
	ASSERT_RTNL();
	if (bond->computing)
		return;
	bond->computing = true;
	sum_up_room(bond);
	if (!bond_compat_sum_features(bond->dev))
		sum_up(bond);
	bond_xdp_features(bond);
	bond->computing = false;
}
