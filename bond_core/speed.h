/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one speed table. Everything that turns a link speed into something else
 * (a LACP key, a sum of bandwidth) asks here.
 */
#ifndef BOND_CORE_SPEED_H
#define BOND_CORE_SPEED_H

#include "shim.h"

/* what ethtool calls "unknown", in both of its spellings */
#define SPEED_MBPS_NONE	0U
#define SPEED_MBPS_ANY	((u32)-1)

bool speed_known(u32 mbps);
u32 speed_or_none(u32 mbps);
u8 speed_lacp_code(u32 mbps);

#endif
