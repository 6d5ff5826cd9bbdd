// SPDX-License-Identifier: GPL-2.0
/*
 * pktmeter - what a user loses while a link fails
 *
 * Sends numbered datagrams at a steady rate between network namespaces and remembers for each one when it left and
 * when it arrived.  The memory is a file that other processes read while the flood runs, so a test can ask about any
 * stretch of time, afterwards or meanwhile:
 *
 *   pktmeter run [-r RATE] [-t SECONDS] [-s SIZE] [-o SEED,SECONDS] LOG NAME=NS,IP,NS,IP ...	(stops at SIGTERM)
 *   pktmeter now								time as report understands it
 *   pktmeter report [-f FROM] [-t TO] LOG [NAME]				one line per flow
 *
 * With -o a flow sends but the first four of every twenty, and throws a coin that often, each flow at its own moment, and is
 * silent while it says so; at first all send.
 *
 * NS is a name below /run/netns or "-" for the present one, IP an IPv4 or IPv6 address; "dev" may follow an address
 * as %dev for link-local ones.  Both ends stamp with the kernel's real-time clock, the arrival by the receive path
 * itself (SO_TIMESTAMPNS), so a slow process does not look like a slow network.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_FLOWS	64
#define MAGIC		0x70656b74
#define NSEC		1000000000ULL
#define PORT_BASE	20000

/* One datagram's life. */
struct record {
	uint64_t sent;
	uint64_t arrived;	/* first copy; 0: not yet */
	uint32_t copies;
	uint32_t late;		/* a higher number had arrived before it */
};

struct flow_head {
	char name[32];
	volatile uint32_t sent;	/* records filled in */
	uint32_t highest;	/* number, plus one, of the newest that arrived */
	uint64_t refused;	/* the stack would not take it: counts as sent */
};

struct log_head {
	uint32_t magic;
	uint32_t flows;
	uint32_t capacity;	/* records per flow */
	uint32_t rate;
	struct flow_head flow[MAX_FLOWS];
};

struct payload {
	uint32_t magic;
	uint32_t flow;
	uint32_t seq;
};

static struct log_head *head;
static struct record *records;
static int tx_fd[MAX_FLOWS], rx_fd[MAX_FLOWS];
static size_t datagram = 64;
static uint64_t toss_seed, toss_ns;
static volatile sig_atomic_t stop;

static void die(const char *what)
{
	fprintf(stderr, "pktmeter: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint64_t now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC + ts.tv_nsec;
}

static struct record *record_of(uint32_t flow, uint32_t seq)
{
	return &records[(size_t)flow * head->capacity + seq];
}

static void enter(const char *ns, int home)
{
	char path[256];
	int fd = home;

	if (strcmp(ns, "-")) {
		snprintf(path, sizeof(path), "/run/netns/%s", ns);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			die(path);
	}
	if (setns(fd, CLONE_NEWNET))
		die("setns");
	if (fd != home)
		close(fd);
}

static socklen_t address(const char *text, int port, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	char host[64], *dev;

	snprintf(host, sizeof(host), "%s", text);
	dev = strchr(host, '%');
	if (dev)
		*dev++ = 0;
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, host, &six->sin6_addr) != 1) {
		fprintf(stderr, "pktmeter: %s is not an address\n", text);
		exit(2);
	}
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(port);
	six->sin6_scope_id = dev ? if_nametoindex(dev) : 0;
	return sizeof(*six);
}

static int socket_at(const char *ns, const char *ip, int port, int home)
{
	struct sockaddr_storage sa;
	int fd, one = 1, big = 8 << 20;
	socklen_t len;

	enter(ns, home);
	len = address(ip, port, &sa);
	fd = socket(sa.ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		die("socket");
	if (bind(fd, (struct sockaddr *)&sa, len))
		die(ip);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, sizeof(big));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one));
	enter("-", home);
	return fd;
}

/* Opens both ends of the flow described by "name=ns,ip,ns,ip". */
static void open_flow(int i, char *spec, int home)
{
	char *name = strsep(&spec, "="), *part[4] = { NULL };
	struct sockaddr_storage to;
	socklen_t len;
	int k;

	for (k = 0; k < 4; k++)
		part[k] = strsep(&spec, ",");
	if (!part[3] || spec) {
		fprintf(stderr, "pktmeter: a flow is NAME=NS,IP,NS,IP\n");
		exit(2);
	}
	snprintf(head->flow[i].name, sizeof(head->flow[i].name), "%s", name);
	tx_fd[i] = socket_at(part[0], part[1], PORT_BASE + i, home);
	rx_fd[i] = socket_at(part[2], part[3], PORT_BASE + MAX_FLOWS + i, home);
	enter(part[0], home);
	len = address(part[3], PORT_BASE + MAX_FLOWS + i, &to);
	if (connect(tx_fd[i], (struct sockaddr *)&to, len))
		die(part[3]);
	enter("-", home);
}

static void send_one(uint32_t i)
{
	struct flow_head *f = &head->flow[i];
	char buf[2048] = { 0 };
	struct payload p = { MAGIC, i, f->sent };

	if (f->sent >= head->capacity) {
		stop = 1;
		return;
	}
	memcpy(buf, &p, sizeof(p));
	record_of(i, f->sent)->sent = now_ns(CLOCK_REALTIME);
	__sync_synchronize();
	f->sent++;
	/* An error left by an earlier ICMP answer is taken by the first call; the datagram still deserves its try. */
	if (send(tx_fd[i], buf, datagram, 0) < 0 && send(tx_fd[i], buf, datagram, 0) < 0)
		f->refused++;
}

/* Is flow @i to send @ns after the start? The coin is one of the bits that splitmix64 makes of seed, flow and turn. */
static bool is_on(uint32_t i, uint64_t ns)
{
	uint64_t turn, x;

	if (!toss_ns)
		return true;
	if (ns / (NSEC / head->rate) % 20 >= 4)
		return false;
	turn = (ns + toss_ns * i / head->flows) / toss_ns;
	if (turn < 2)
		return true;
	x = (toss_seed * MAX_FLOWS + i) * 0x100000 + turn;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return (x ^ x >> 31) & 1;
}

static void *sender(void *unused)
{
	uint64_t period = NSEC / head->rate, due = now_ns(CLOCK_MONOTONIC), start = due, now = due;
	struct timespec ts;
	uint32_t i;

	while (!stop) {
		for (i = 0; i < head->flows; i++)
			if (is_on(i, now - start))
				send_one(i);
		due += period;
		now = now_ns(CLOCK_MONOTONIC);
		/*
		 * Who wakes up late on a busy machine leaves out what he missed: a burst in the wrong moment would make
		 * a millisecond's loss look like that of a hundred.
		 */
		if (now > due + period)
			due = now;
		ts.tv_sec = due / NSEC;
		ts.tv_nsec = due % NSEC;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
	}
	return unused;
}

static uint64_t stamp_of(struct msghdr *msg)
{
	struct timespec ts;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
			return ts.tv_sec * NSEC + ts.tv_nsec;
		}
	}
	return now_ns(CLOCK_REALTIME);
}

static void note_arrival(uint32_t i, const struct payload *p, uint64_t when)
{
	struct flow_head *f = &head->flow[i];
	struct record *r;

	if (p->magic != MAGIC || p->flow != i || p->seq >= f->sent)
		return;
	r = record_of(i, p->seq);
	if (r->copies++)
		return;
	r->arrived = when;
	if (p->seq < f->highest)
		r->late = 1;
	else
		f->highest = p->seq + 1;
}

static void drain(uint32_t i)
{
	char buf[2048], control[128];
	struct payload p;

	for (;;) {
		struct iovec iov = { buf, sizeof(buf) };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
				      .msg_controllen = sizeof(control) };
		ssize_t n = recvmsg(rx_fd[i], &msg, 0);

		if (n < (ssize_t)sizeof(p))
			return;
		memcpy(&p, buf, sizeof(p));
		note_arrival(i, &p, stamp_of(&msg));
	}
}

static void receive_all(void)
{
	struct pollfd pfd[MAX_FLOWS];
	uint64_t end = 0;
	uint32_t i;

	for (i = 0; i < head->flows; i++)
		pfd[i] = (struct pollfd){ rx_fd[i], POLLIN, 0 };
	/* Whatever is on its way when the sender stops gets half a second to arrive. */
	while (!end || now_ns(CLOCK_MONOTONIC) < end) {
		if (stop && !end)
			end = now_ns(CLOCK_MONOTONIC) + NSEC / 2;
		poll(pfd, head->flows, 100);
		for (i = 0; i < head->flows; i++)
			if (pfd[i].revents)
				drain(i);
	}
}

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static void map_log(const char *path, bool create, uint32_t flows, uint32_t capacity)
{
	int fd = open(path, create ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY, 0644);
	size_t size = sizeof(*head) + (size_t)flows * capacity * sizeof(struct record);
	struct stat st;

	if (fd < 0)
		die(path);
	if (create && ftruncate(fd, size))
		die(path);
	if (fstat(fd, &st) || st.st_size < (off_t)sizeof(*head))
		die(path);
	head = mmap(NULL, st.st_size, create ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
	if (head == MAP_FAILED)
		die(path);
	records = (struct record *)(head + 1);
	close(fd);
}

static int cmd_run(int argc, char **argv)
{
	struct sched_param prio = { .sched_priority = 10 };
	uint32_t rate = 1000, seconds = 900;
	pthread_t thread;
	int c, i, home;

	while ((c = getopt(argc, argv, "r:t:s:o:")) != -1) {
		if (c == 'r')
			rate = atoi(optarg);
		else if (c == 't')
			seconds = atoi(optarg);
		else if (c == 's')
			datagram = atoi(optarg);
		else if (c == 'o' && sscanf(optarg, "%" SCNu64 ",%" SCNu64, &toss_seed, &toss_ns) == 2)
			toss_ns *= NSEC;
		else
			return 2;
	}
	argc -= optind + 1;
	argv += optind + 1;
	if (argc < 1 || argc > MAX_FLOWS || !rate || datagram < sizeof(struct payload) || datagram > 2048) {
		fprintf(stderr, "usage: pktmeter run [-r RATE] [-t SECONDS] [-s SIZE] [-o SEED,SECONDS] LOG NAME=NS,IP,NS,IP ...\n");
		return 2;
	}
	map_log(argv[-1], true, argc, rate * seconds);
	head->capacity = rate * seconds;
	head->rate = rate;
	head->flows = argc;
	home = open("/proc/self/ns/net", O_RDONLY);
	for (i = 0; i < argc; i++)
		open_flow(i, argv[i], home);
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	/* An even stream needs prompt wake-ups; without the right to ask for them it is merely less even. */
	sched_setscheduler(0, SCHED_FIFO, &prio);
	if (pthread_create(&thread, NULL, sender, NULL))
		die("pthread_create");
	head->magic = MAGIC;
	receive_all();
	pthread_join(thread, NULL);
	return 0;
}

struct span {
	uint64_t from, to;
};

struct tally {
	uint32_t sent, got, copies, late;
	uint64_t silence, pause, latency, last;
};

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * The longest time for which something was sent into the flow and nothing came out: for every datagram of the span, how
 * long after its departure the next arrival of any datagram was.  A pause of the sender is no silence of the
 * network, which matters on a busy machine.  A flow still dead at the end of the span is counted up to there.
 */
static uint64_t longest_silence(uint32_t i, const struct span *s, uint32_t sent)
{
	uint64_t *when = malloc((sent + 1) * sizeof(*when)), longest = 0;
	uint32_t n = 0, next = 0, k;

	for (k = 0; k < sent; k++)
		if (record_of(i, k)->arrived)
			when[n++] = record_of(i, k)->arrived;
	qsort(when, n, sizeof(*when), by_time);
	for (k = 0; k < sent; k++) {
		uint64_t left = record_of(i, k)->sent, end = s->to;

		if (left < s->from || left >= s->to)
			continue;
		while (next < n && when[next] < left)
			next++;
		if (next < n)
			end = when[next];
		if (end > left && end - left > longest)
			longest = end - left;
	}
	free(when);
	return longest;
}

static struct tally count_flow(uint32_t i, const struct span *s)
{
	uint32_t sent = head->flow[i].sent, k;
	struct tally t = { 0 };
	uint64_t prev = 0;

	for (k = 0; k < sent; k++) {
		const struct record *r = record_of(i, k);

		if (r->arrived > t.last)
			t.last = r->arrived;
		if (r->sent < s->from || r->sent >= s->to)
			continue;
		if (prev && r->sent - prev > t.pause)
			t.pause = r->sent - prev;
		prev = r->sent;
		t.sent++;
		t.got += !!r->arrived;
		t.copies += r->copies > 1 ? r->copies - 1 : 0;
		t.late += r->late;
		if (r->arrived > r->sent && r->arrived - r->sent > t.latency)
			t.latency = r->arrived - r->sent;
	}
	t.silence = longest_silence(i, s, sent);
	return t;
}

static uint64_t parse_time(const char *s)
{
	char *end;
	uint64_t sec = strtoull(s, &end, 10), frac = 0, unit = NSEC;

	if (*end == '.')
		for (end++; *end >= '0' && *end <= '9' && unit > 1; end++) {
			unit /= 10;
			frac += (*end - '0') * unit;
		}
	return sec * NSEC + frac;
}

/* Packets go on arriving while they are counted. */
static uint64_t age(uint64_t now, uint64_t then)
{
	return now > then ? now - then : 0;
}

static int cmd_report(int argc, char **argv)
{
	uint64_t now = now_ns(CLOCK_REALTIME);
	struct span s = { 0, now };
	bool found = false;
	struct tally t;
	uint32_t i;
	int c;

	while ((c = getopt(argc, argv, "f:t:")) != -1) {
		if (c == 'f')
			s.from = parse_time(optarg);
		else if (c == 't')
			s.to = parse_time(optarg);
		else
			return 2;
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: pktmeter report [-f FROM] [-t TO] LOG [NAME]\n");
		return 2;
	}
	map_log(argv[optind], false, 0, 0);
	for (i = 0; i < head->flows; i++) {
		struct span mine = s;

		if (optind + 1 < argc && strcmp(argv[optind + 1], head->flow[i].name))
			continue;
		found = true;
		if (!mine.from && head->flow[i].sent)
			mine.from = record_of(i, 0)->sent;
		t = count_flow(i, &mine);
		printf("flow=%s sent=%u received=%u ", head->flow[i].name, t.sent, t.got);
		/* Where nothing was sent nothing can be lost: that is no answer, so that nobody takes it for one. */
		if (t.sent)
			printf("lost=%u silence_ms=%.1f ", t.sent - t.got, t.silence / 1e6);
		printf("duplicates=%u reordered=%u sender_pause_ms=%.1f latency_ms=%.2f last_ms=%.1f refused=%llu\n",
		       t.copies, t.late, t.pause / 1e6, t.latency / 1e6, t.last ? age(now, t.last) / 1e6 : -1.0,
		       (unsigned long long)head->flow[i].refused);
	}
	return found ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "now")) {
		uint64_t t = now_ns(CLOCK_REALTIME);

		printf("%llu.%09llu\n", (unsigned long long)(t / NSEC), (unsigned long long)(t % NSEC));
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "run"))
		return cmd_run(argc - 1, argv + 1);
	if (argc > 2 && !strcmp(argv[1], "report"))
		return cmd_report(argc - 1, argv + 1);
	fprintf(stderr, "usage: pktmeter run|now|report ...\n");
	return 2;
}
