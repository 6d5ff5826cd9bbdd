/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The few kernel words that bond_core/ is written in.
 *
 * Inside the kernel this file only includes the headers that own them. In an
 * ordinary program (selftests/unit, selftests/fuzz, selftests/sim) it includes
 * look-alikes of the same meaning, so the same core sources build in both
 * places. A core file includes this header and its own, never <linux/...>.
 *
 * A word missing here is a hint that the core is about to touch the kernel:
 * add words for arithmetic and bytes, not for devices, locks or clocks.
 */
#ifndef BOND_CORE_SHIM_H
#define BOND_CORE_SHIM_H

#ifdef __KERNEL__

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/bits.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/swab.h>
#include <net/ipv6.h>
/* unaligned.h has moved between directories; etherdevice.h knows where it is */

#else
#include "../selftests/unit/words.h"
#endif /* __KERNEL__ */
#endif /* BOND_CORE_SHIM_H */
