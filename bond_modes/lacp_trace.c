// SPDX-License-Identifier: GPL-2.0
/* The bodies of the tracepoints of the 802.3ad mode. */
#include <linux/string.h>

#define CREATE_TRACE_POINTS
#include "lacp_trace.h"
