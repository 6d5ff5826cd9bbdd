// SPDX-License-Identifier: GPL-2.0
/* The bodies of the tracepoints. */
#include "bond.h"

#define CREATE_TRACE_POINTS
#include "bond_trace.h"
