// SPDX-License-Identifier: GPL-2.0
/*
 * Any text as the value of any option, through sysfs or a module parameter:
 * nothing is read beyond its end, what is accepted is in range, and what the
 * option then shows means the same value again.
 *
 * Input: octet 0 the row, then the text.
 */
#include "bond_option_table.c"
#include "bond_option_text.c"

static void one_row(const struct bond_option *o, const char *text)
{
	union {
		struct bond_config bond;
		struct bond_port_config port;
	} config = {};
	char shown[64];
	u32 value, again;
	s64 wide;

	if (bond_option_parse(o, text, &value))
		return;
	wide = o->flags & BOND_F_SIGNED ? (s64)(s32)value : (s64)value;
	if (!bond_option_in_range(o, wide))
		abort();
	bond_option_put(o, &config, value);
	if (bond_option_print(o, &config, shown, sizeof(shown)) <= 0 ||
	    bond_option_parse(o, shown, &again) || again != value)
		abort();
}

static void address(const char *text)
{
	u8 mac[ETH_ALEN];
	u32 i;

	if (bond_option_parse_mac(text, mac))
		return;
	for (i = 0; i < 3 * ETH_ALEN - 1; i++)
		if (!text[i] || (i % 3 == 2) != (text[i] == ':'))
			abort();
}

/* What names a port, a command or both is cut to its room and ends there. */
static void token(const char *text)
{
	char *word = malloc(BOND_NAME);
	size_t len = bond_option_token(text, word, BOND_NAME);

	if (len >= BOND_NAME || strlen(word) != len || !strstr(text, word))
		abort();
	free(word);
}

static void queue(const char *text)
{
	char *name = malloc(BOND_NAME);
	u32 id;

	if (!bond_option_parse_queue(text, name, &id) &&
	    (strncmp(text, name, strlen(name)) || text[strlen(name)] != ':' ||
	     id > 10 * (U16_MAX + 1)))
		abort();
	free(name);
}

int LLVMFuzzerTestOneInput(const u8 *in, size_t len)
{
	const struct bond_option *o;
	char *text;

	if (!len)
		return 0;
	/* a copy of its own size, so that the sanitizer sees the end */
	text = malloc(len);
	memcpy(text, in + 1, len - 1);
	text[len - 1] = 0;
	o = &bond_options[in[0] % BOND_OPT_COUNT];
	if (o == &bond_options[BOND_OPT_QUEUE_ID])
		queue(text);
	else if (o->kind == BOND_K_WORD || o->kind == BOND_K_NUMBER)
		one_row(o, text);
	else if (o->kind == BOND_K_MAC)
		address(text);
	else
		token(text);
	free(text);
	return 0;
}
