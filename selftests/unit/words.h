/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Look-alikes of the kernel's words for ordinary programs. bond_core/shim.h
 * includes this in place of the kernel's headers; nobody else does.
 */
#ifndef SELFTESTS_WORDS_H
#define SELFTESTS_WORDS_H

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <netinet/in.h>
#include <linux/types.h>
#include <linux/if_ether.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
/* long long as in the kernel, so that %llu fits in both places */
typedef unsigned long long u64;
typedef long long s64;

#ifndef U8_MAX
#define U8_MAX		((u8)~0U)
#define U16_MAX		((u16)~0U)
#define U32_MAX		((u32)~0U)
#define S32_MAX		((s32)(U32_MAX >> 1))
#define U64_MAX		((u64)~0ULL)
#define S64_MAX		((s64)(U64_MAX >> 1))
#endif

#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#define __maybe_unused	__attribute__((__unused__))
#define __must_check	__attribute__((__warn_unused_result__))
#define __packed	__attribute__((__packed__))
#define __aligned(x)	__attribute__((__aligned__(x)))
#define fallthrough	__attribute__((__fallthrough__))
#define noinline	__attribute__((__noinline__))

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define smp_mb()	__sync_synchronize()
#define cmpxchg(p, old, new) __sync_val_compare_and_swap(p, old, new)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))
#define GENMASK(h, l)	((~0UL << (l)) & (~0UL >> (8 * sizeof(long) - 1 - (h))))
#define BITS_PER_LONG	(8 * (int)sizeof(long))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define roundup(x, y)	((((x) + (y) - 1) / (y)) * (y))
#define BUILD_BUG_ON(c)	_Static_assert(!(c), #c)
#ifndef static_assert
#define static_assert(...) _Static_assert(__VA_ARGS__, "static_assert")
#endif
#define sizeof_field(t, m) sizeof(((t *)0)->m)
#define struct_size(p, m, n) (sizeof(*(p)) + sizeof((p)->m[0]) * (n))

#define min_t(t, a, b)	({ t min_a = (a), min_b = (b); min_a < min_b ? min_a : min_b; })
#define max_t(t, a, b)	({ t max_a = (a), max_b = (b); max_a > max_b ? max_a : max_b; })
#define min(a, b)	min_t(__typeof__((a) + (b)), a, b)
#define max(a, b)	max_t(__typeof__((a) + (b)), a, b)
#define min3(a, b, c)	min(min(a, b), c)
#define max3(a, b, c)	max(max(a, b), c)
#define clamp_t(t, v, l, h) min_t(t, max_t(t, v, l), h)
#define clamp(v, l, h)	clamp_t(__typeof__(v), v, l, h)
#define swap(a, b) \
	do { __typeof__(a) swap_t = (a); (a) = (b); (b) = swap_t; } while (0)
#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))

/* A broken invariant ends a test program; the kernel logs it and goes on. */
#define WARN_ON_ONCE(c) ({						\
	bool warn_c = !!(c);						\
	if (unlikely(warn_c)) {						\
		fprintf(stderr, "WARNING: %s:%d: %s\n", __FILE__, __LINE__, #c); \
		abort();						\
	}								\
	warn_c; })
#define WARN_ON(c)	WARN_ON_ONCE(c)

#define swab16(x)	__builtin_bswap16(x)
#define swab32(x)	__builtin_bswap32(x)
/* constant expressions, unlike htobe32() */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define cpu_to_be16(x)	((__be16)__builtin_bswap16(x))
#define cpu_to_be32(x)	((__be32)__builtin_bswap32(x))
#define be16_to_cpu(x)	((u16)__builtin_bswap16(x))
#define be32_to_cpu(x)	((u32)__builtin_bswap32(x))
#else
#define cpu_to_be16(x)	((__be16)(x))
#define cpu_to_be32(x)	((__be32)(x))
#define be16_to_cpu(x)	((u16)(x))
#define be32_to_cpu(x)	((u32)(x))
#endif

static inline u16 get_unaligned_be16(const void *p)
{
	const u8 *b = p;

	return b[0] << 8 | b[1];
}

static inline u32 get_unaligned_be32(const void *p)
{
	return (u32)get_unaligned_be16(p) << 16 |
	       get_unaligned_be16((const u8 *)p + 2);
}

static inline void put_unaligned_be16(u16 v, void *p)
{
	((u8 *)p)[0] = v >> 8;
	((u8 *)p)[1] = (u8)v;
}

static inline void put_unaligned_be32(u32 v, void *p)
{
	put_unaligned_be16(v >> 16, p);
	put_unaligned_be16((u16)v, (u8 *)p + 2);
}

#define get_unaligned(p) ({						\
	struct { __typeof__(*(p)) x; } __packed const *gu = (const void *)(p); \
	gu->x; })
#define put_unaligned(v, p) do {					\
	struct { __typeof__(*(p)) x; } __packed *pu = (void *)(p);	\
	pu->x = (v);							\
} while (0)

typedef struct { s64 counter; } atomic64_t;
#define atomic64_read(v)	__atomic_load_n(&(v)->counter, __ATOMIC_RELAXED)
static inline s64 atomic64_cmpxchg(atomic64_t *v, s64 was, s64 now)
{
	__atomic_compare_exchange_n(&v->counter, &was, now, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return was;
}

static inline u64 div_u64(u64 n, u32 d) { return n / d; }
static inline u64 div64_u64(u64 n, u64 d) { return n / d; }
static inline u64 mul_u32_u32(u32 a, u32 b) { return (u64)a * b; }
static inline u32 reciprocal_scale(u32 v, u32 n) { return (u32)(((u64)v * n) >> 32); }
static inline u32 rol32(u32 v, unsigned int s) { return v << (s & 31) | v >> (-s & 31); }
static inline u32 ror32(u32 v, unsigned int s) { return v >> (s & 31) | v << (-s & 31); }
static inline int fls(u32 x) { return x ? 32 - __builtin_clz(x) : 0; }
static inline int ilog2(u64 x) { return 63 - __builtin_clzll(x); }
static inline bool is_power_of_2(unsigned long n) { return n && !(n & (n - 1)); }
static inline unsigned int hweight32(u32 x) { return __builtin_popcount(x); }

static inline bool is_zero_ether_addr(const u8 *a)
{
	return !(a[0] | a[1] | a[2] | a[3] | a[4] | a[5]);
}

static inline bool is_multicast_ether_addr(const u8 *a) { return a[0] & 1; }
static inline bool is_local_ether_addr(const u8 *a) { return a[0] & 2; }

static inline bool is_broadcast_ether_addr(const u8 *a)
{
	return (a[0] & a[1] & a[2] & a[3] & a[4] & a[5]) == 0xff;
}

static inline bool is_valid_ether_addr(const u8 *a)
{
	return !is_multicast_ether_addr(a) && !is_zero_ether_addr(a);
}

static inline bool ether_addr_equal(const u8 *a, const u8 *b) { return !memcmp(a, b, ETH_ALEN); }
static inline void ether_addr_copy(u8 *dst, const u8 *src) { memcpy(dst, src, ETH_ALEN); }
static inline void eth_zero_addr(u8 *a) { memset(a, 0, ETH_ALEN); }
static inline void eth_broadcast_addr(u8 *a) { memset(a, 0xff, ETH_ALEN); }

static inline bool ipv6_addr_equal(const struct in6_addr *a, const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool ipv6_addr_any(const struct in6_addr *a) { return IN6_IS_ADDR_UNSPECIFIED(a); }
static inline bool ipv6_addr_is_multicast(const struct in6_addr *a) { return a->s6_addr[0] == 0xff; }

static inline ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = 0;
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return (ssize_t)len;
}

/* Like the kernel's: returns what was written, not what would have been. */
static inline __attribute__((__format__(printf, 3, 4)))
int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	if (n < 0 || !size)
		return 0;
	return (size_t)n < size ? n : (int)size - 1;
}

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(l) { &(l), &(l) }
#define list_entry(p, t, m) container_of(p, t, m)
#define list_first_entry(l, t, m) list_entry((l)->next, t, m)
#define list_next_entry(p, m) list_entry((p)->m.next, __typeof__(*(p)), m)
#define list_for_each_entry(p, l, m)					\
	for (p = list_first_entry(l, __typeof__(*p), m); &p->m != (l);	\
	     p = list_next_entry(p, m))
#define list_for_each_entry_safe(p, n, l, m)				\
	for (p = list_first_entry(l, __typeof__(*p), m), n = list_next_entry(p, m); \
	     &p->m != (l); p = n, n = list_next_entry(n, m))

static inline void INIT_LIST_HEAD(struct list_head *l) { l->next = l->prev = l; }
static inline bool list_empty(const struct list_head *l) { return l->next == l; }

static inline void list_add_tail(struct list_head *e, struct list_head *l)
{
	e->prev = l->prev;
	e->next = l;
	l->prev->next = e;
	l->prev = e;
}

static inline void list_add(struct list_head *e, struct list_head *l)
{
	list_add_tail(e, l->next);
}

static inline void list_del(struct list_head *e)
{
	e->prev->next = e->next;
	e->next->prev = e->prev;
	e->next = e->prev = NULL;
}

static inline void list_del_init(struct list_head *e)
{
	list_del(e);
	INIT_LIST_HEAD(e);
}

static inline void list_move_tail(struct list_head *e, struct list_head *l)
{
	list_del(e);
	list_add_tail(e, l);
}

#endif
