/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of the 802.3ad mode, beside the others in events/bonding. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM bonding

#if !defined(BOND_MODES_LACP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BOND_MODES_LACP_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#define BOND_LACP_WORD	32	/* fits every name of a machine, state, reason */

TRACE_EVENT(bond_lacp_state,
	TP_PROTO(const struct net_device *bond, const struct net_device *port,
		 const char *machine, const char *from, const char *to),
	TP_ARGS(bond, port, machine, from, to),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__array(char, port, IFNAMSIZ)
		__array(char, machine, BOND_LACP_WORD)
		__array(char, from, BOND_LACP_WORD)
		__array(char, to, BOND_LACP_WORD)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		memcpy(__entry->port, port->name, IFNAMSIZ);
		strscpy(__entry->machine, machine, BOND_LACP_WORD);
		strscpy(__entry->from, from, BOND_LACP_WORD);
		strscpy(__entry->to, to, BOND_LACP_WORD);
	),
	TP_printk("bond=%s port=%s machine=%s from=%s to=%s", __entry->bond,
		  __entry->port, __entry->machine, __entry->from, __entry->to)
);

TRACE_EVENT(bond_lacp_reason,
	TP_PROTO(const struct net_device *bond, const struct net_device *port,
		 const char *reason),
	TP_ARGS(bond, port, reason),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__array(char, port, IFNAMSIZ)
		__array(char, reason, BOND_LACP_WORD)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		memcpy(__entry->port, port->name, IFNAMSIZ);
		strscpy(__entry->reason, reason, BOND_LACP_WORD);
	),
	TP_printk("bond=%s port=%s reason=\"%s\"", __entry->bond,
		  __entry->port, __entry->reason)
);

/* Our own timer came too late, partners were given that much longer. */
TRACE_EVENT(bond_lacp_late,
	TP_PROTO(const struct net_device *bond, u64 ms),
	TP_ARGS(bond, ms),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__field(u64, ms)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		__entry->ms = ms;
	),
	TP_printk("bond=%s ms=%llu", __entry->bond, __entry->ms)
);

#endif /* BOND_MODES_LACP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE lacp_trace
#include <trace/define_trace.h>
