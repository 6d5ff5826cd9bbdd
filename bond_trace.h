/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM bonding

#if !defined(BOND_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BOND_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "ledger.h"
#include "view.h"

/* room for a word, which is copied: tools that read a trace see no memory */
#define BOND_TRACE_WORD	16
#define BOND_TRACE_CAUSE	24
#define BOND_TRACE_VALUE	40	/* an IPv6 address */

TRACE_DEFINE_ENUM(LINK_UP);
TRACE_DEFINE_ENUM(LINK_FAIL);
TRACE_DEFINE_ENUM(LINK_DOWN);
TRACE_DEFINE_ENUM(LINK_BACK);

#define show_link(state) __print_symbolic(state,	\
	{ LINK_UP, "up" }, { LINK_FAIL, "going down" },	\
	{ LINK_DOWN, "down" }, { LINK_BACK, "going back" })

#define show_name(name) ((name)[0] ? (name) : "none")

TRACE_EVENT(bond_link,
	TP_PROTO(const struct net_device *bond, const struct net_device *port,
		 int from, int to),
	TP_ARGS(bond, port, from, to),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__array(char, port, IFNAMSIZ)
		__field(int, from)
		__field(int, to)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		memcpy(__entry->port, port->name, IFNAMSIZ);
		__entry->from = from;
		__entry->to = to;
	),
	TP_printk("bond=%s port=%s from=\"%s\" to=\"%s\"", __entry->bond,
		  __entry->port, show_link(__entry->from),
		  show_link(__entry->to))
);

TRACE_EVENT(bond_active,
	TP_PROTO(const struct net_device *bond, const struct net_device *was,
		 const struct net_device *now),
	TP_ARGS(bond, was, now),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__array(char, was, IFNAMSIZ)
		__array(char, now, IFNAMSIZ)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		memset(__entry->was, 0, IFNAMSIZ);
		memset(__entry->now, 0, IFNAMSIZ);
		if (was)
			memcpy(__entry->was, was->name, IFNAMSIZ);
		if (now)
			memcpy(__entry->now, now->name, IFNAMSIZ);
	),
	TP_printk("bond=%s was=%s now=%s", __entry->bond,
		  show_name(__entry->was), show_name(__entry->now))
);

TRACE_EVENT(bond_view,
	TP_PROTO(const struct net_device *bond, const struct bond_view *view),
	TP_ARGS(bond, view),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__field(u32, usable)
		__field(u32, total)
		__field(u32, flags)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		__entry->usable = view->usable;
		__entry->total = view->total;
		__entry->flags = view->flags;
	),
	TP_printk("bond=%s usable=%u total=%u flags=%#x", __entry->bond,
		  __entry->usable, __entry->total, __entry->flags)
);

TRACE_EVENT(bond_step,
	TP_PROTO(const struct net_device *bond, const struct net_device *port,
		 const char *step, int err),
	TP_ARGS(bond, port, step, err),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__array(char, port, IFNAMSIZ)
		__array(char, step, BOND_TRACE_WORD)
		__field(int, err)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		memcpy(__entry->port, port->name, IFNAMSIZ);
		strscpy(__entry->step, step, BOND_TRACE_WORD);
		__entry->err = err;
	),
	TP_printk("bond=%s port=%s step=%s err=%d", __entry->bond,
		  __entry->port, __entry->step, __entry->err)
);

/* A setting of the bond, or of a port, that a request has changed. */
TRACE_EVENT(bond_option,
	TP_PROTO(const struct net_device *bond, const struct net_device *port,
		 const char *option, const char *from, const char *to),
	TP_ARGS(bond, port, option, from, to),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__array(char, port, IFNAMSIZ)
		__array(char, option, BOND_TRACE_CAUSE)
		__array(char, from, BOND_TRACE_VALUE)
		__array(char, to, BOND_TRACE_VALUE)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		memset(__entry->port, 0, IFNAMSIZ);
		if (port)
			memcpy(__entry->port, port->name, IFNAMSIZ);
		strscpy(__entry->option, option, BOND_TRACE_CAUSE);
		strscpy(__entry->from, from, BOND_TRACE_VALUE);
		strscpy(__entry->to, to, BOND_TRACE_VALUE);
	),
	TP_printk("bond=%s port=%s option=%s from=\"%s\" to=\"%s\"",
		  __entry->bond, show_name(__entry->port), __entry->option,
		  __entry->from, __entry->to)
);

/* A line of the ledger; of packets those that were counted by then. */
DECLARE_EVENT_CLASS(bond_ledger,
	TP_PROTO(const struct net_device *bond,
		 const struct bond_ledger_line *line),
	TP_ARGS(bond, line),
	TP_STRUCT__entry(
		__array(char, bond, IFNAMSIZ)
		__array(char, event, BOND_TRACE_WORD)
		__array(char, port, IFNAMSIZ)
		__array(char, from, IFNAMSIZ)
		__array(char, to, IFNAMSIZ)
		__array(char, cause, BOND_TRACE_CAUSE)
		__array(char, by, BOND_TRACE_WORD)
		__field(u64, switched)
		__field(u64, told)
		__field(u64, announced)
		__field(u64, diverted)
		__field(u64, dropped)
	),
	TP_fast_assign(
		memcpy(__entry->bond, bond->name, IFNAMSIZ);
		strscpy(__entry->event, line->event, BOND_TRACE_WORD);
		strscpy(__entry->port, line->port, IFNAMSIZ);
		strscpy(__entry->from, line->from, IFNAMSIZ);
		strscpy(__entry->to, line->to, IFNAMSIZ);
		strscpy(__entry->cause, line->cause, BOND_TRACE_CAUSE);
		strscpy(__entry->by, line->by, BOND_TRACE_WORD);
		__entry->switched = line->switched;
		__entry->told = line->told;
		__entry->announced = line->announced;
		__entry->diverted = line->diverted;
		__entry->dropped = line->dropped;
	),
	TP_printk("bond=%s event=%s port=%s from=%s to=%s cause=%s by=%s switched_ns=%llu told_ns=%llu announced_ns=%llu diverted=%llu dropped=%llu",
		  __entry->bond, __entry->event, __entry->port, __entry->from,
		  __entry->to, __entry->cause, __entry->by, __entry->switched,
		  __entry->told, __entry->announced, __entry->diverted,
		  __entry->dropped)
);

/* The world was told. */
DEFINE_EVENT(bond_ledger, bond_told,
	TP_PROTO(const struct net_device *bond,
		 const struct bond_ledger_line *line),
	TP_ARGS(bond, line)
);

/* The peers were told as well. */
DEFINE_EVENT(bond_ledger, bond_announced,
	TP_PROTO(const struct net_device *bond,
		 const struct bond_ledger_line *line),
	TP_ARGS(bond, line)
);

#endif /* BOND_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE bond_trace
#include <trace/define_trace.h>
