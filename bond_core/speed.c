// SPDX-License-Identifier: GPL-2.0
/*
 * Speeds that Ethernet links report, with the code that stands in bits 1 to 5
 * of a LACP key. The codes are visible on the wire and in /proc, and partners
 * are configured against them, so a row may be added but never renumbered.
 */
#include "speed.h"

/**
 * struct speed - a row of the table
 * @mbps: the speed, Mb/s
 * @code: what stands for it in a LACP key
 */
struct speed {
	u32 mbps;
	u8 code;
};

static const struct speed speeds[] = {
	{ .mbps = 1,       .code = 1 },
	{ .mbps = 10,      .code = 2 },
	{ .mbps = 100,     .code = 3 },
	{ .mbps = 1000,    .code = 4 },
	{ .mbps = 2500,    .code = 5 },
	{ .mbps = 5000,    .code = 6 },
	{ .mbps = 10000,   .code = 7 },
	{ .mbps = 14000,   .code = 8 },
	{ .mbps = 20000,   .code = 9 },
	{ .mbps = 25000,   .code = 10 },
	{ .mbps = 40000,   .code = 11 },
	{ .mbps = 50000,   .code = 12 },
	{ .mbps = 56000,   .code = 13 },
	{ .mbps = 80000,   .code = 14 },
	{ .mbps = 100000,  .code = 15 },
	{ .mbps = 200000,  .code = 16 },
	{ .mbps = 400000,  .code = 17 },
	{ .mbps = 800000,  .code = 18 },
	{ .mbps = 1600000, .code = 19 },
};

/**
 * speed_known() - does a driver's answer name a speed at all?
 * @mbps: what ethtool said, Mb/s
 *
 * Context: any
 * Return: false for 0 and for ethtool's SPEED_UNKNOWN (all ones)
 */
bool speed_known(u32 mbps)
{
	return mbps != SPEED_MBPS_NONE && mbps != SPEED_MBPS_ANY;
}

/**
 * speed_or_none() - a speed to reckon with
 * @mbps: what ethtool said, Mb/s
 *
 * Context: any
 * Return: Mb/s, 0 for one that is unknown
 */
u32 speed_or_none(u32 mbps)
{
	return speed_known(mbps) ? mbps : SPEED_MBPS_NONE;
}

/**
 * speed_lacp_code() - the code of a speed in a LACP key
 * @mbps: link speed, Mb/s
 *
 * Context: any
 * Return: 1..19, or 0 for a speed that is unknown or not in the table
 */
u8 speed_lacp_code(u32 mbps)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(speeds); i++)
		if (speeds[i].mbps == mbps)
			return speeds[i].code;
	return 0;
}
