// SPDX-License-Identifier: GPL-2.0
/*
 * Option values as users type and read them. Pure: also built into the unit
 * tests and fuzzed.
 */
#include "option.h"

#define WORD_MAX	32	/* longest word that is looked at */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits and blanks only? Everything else is taken as a word. */
static bool is_number(const char *text)
{
	for (; *text; text++)
		if (!is_digit(*text) && !is_blank(*text))
			return false;
	return true;
}

/* Every legal number fits u32, so what does not is as bad as any other. */
static s64 parse_digits(const char *digits)
{
	s64 value = 0;

	while (is_blank(*digits))
		digits++;
	for (; is_digit(*digits) && value <= U32_MAX; digits++)
		value = value * 10 + *digits - '0';
	return value;
}

/**
 * bond_option_token() - the first token of a text
 * @text: the text, which may begin with blanks
 * @token: the token, cut to what there is room for
 * @size: room there, at least 1
 *
 * Context: any.
 * Return: octets in @token, without its end.
 */
size_t bond_option_token(const char *text, char *token, size_t size)
{
	size_t len = 0;

	while (is_blank(*text))
		text++;
	while (*text && !is_blank(*text) && len < size - 1)
		token[len++] = *text++;
	token[len] = 0;
	return len;
}

/**
 * bond_option_word() - the word for a value
 * @o: the row
 * @value: the value
 *
 * Context: any.
 * Return: the word, or NULL where there is none.
 */
const char *bond_option_word(const struct bond_option *o, u32 value)
{
	const struct bond_word *w;

	for (w = o->words; w && w->word; w++)
		if (w->value == value)
			return w->word;
	return NULL;
}

/**
 * bond_option_in_range() - is the value one the row may have?
 * @o: the row, a word or a number
 * @value: the value
 *
 * Context: any.
 * Return: true when it is.
 */
bool bond_option_in_range(const struct bond_option *o, s64 value)
{
	return value >= o->min && value <= o->max;
}

static int parse_word(const struct bond_option *o, const char *word, u32 *out)
{
	const struct bond_word *w;

	for (w = o->words; w && w->word; w++) {
		if (!strcmp(w->word, word)) {
			*out = w->value;
			return 0;
		}
	}
	if (!strcmp(word, "default") && !(o->flags & BOND_F_NO_DEFAULT))
		*out = o->dflt;
	else if (!strcmp(word, "maxval") && o->kind == BOND_K_NUMBER)
		*out = (u32)o->max;
	else if (!strcmp(word, "minval") && (o->flags & BOND_F_MINVAL))
		*out = (u32)o->min;
	else
		return -EINVAL;
	return 0;
}

/**
 * bond_option_parse() - the value a text stands for
 * @o: the row, a word or a number
 * @text: a word of the row, "default", "maxval", "minval" or a decimal number;
 *	only the first token counts
 * @out: the value
 *
 * Context: any.
 * Return: 0, or -EINVAL: no such word, or out of range.
 */
int bond_option_parse(const struct bond_option *o, const char *text, u32 *out)
{
	char word[WORD_MAX + 1];
	s64 value;

	if (!bond_option_token(text, word, sizeof(word)))
		return -EINVAL;
	if (is_number(text))
		value = parse_digits(text);
	else if ((o->flags & BOND_F_SIGNED) && *word == '-' && word[1] &&
		 is_number(word + 1))
		value = -parse_digits(word + 1);
	else
		return parse_word(o, word, out);
	if (!bond_option_in_range(o, value))
		return -EINVAL;
	*out = (u32)value;
	return 0;
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/**
 * bond_option_parse_mac() - six octets in hex, separated by colons
 * @text: the text; what follows the address is not looked at
 * @mac: the address
 *
 * Context: any.
 * Return: 0, or -EINVAL.
 */
int bond_option_parse_mac(const char *text, u8 *mac)
{
	int i, high, low;

	for (i = 0; i < ETH_ALEN; i++, text += 3) {
		high = hex_digit(text[0]);
		if (high < 0)
			return -EINVAL;
		low = hex_digit(text[1]);
		if (low < 0)
			return -EINVAL;
		if (i < ETH_ALEN - 1 && text[2] != ':')
			return -EINVAL;
		mac[i] = high << 4 | low;
	}
	return 0;
}

/**
 * bond_option_parse_queue() - a port and its transmit queue, as in "eth0:3"
 * @text: the text; after the number only blanks, and what follows them, may
 *	stand
 * @name: the port's name, room for BOND_NAME octets
 * @id: the queue; a number that is far too large is cut to one that still is
 *
 * Context: any.
 * Return: 0, or -EPERM, as the kernel's own driver has it for a bad text.
 */
int bond_option_parse_queue(const char *text, char *name, u32 *id)
{
	size_t len = 0;

	while (text[len] && text[len] != ':')
		len++;
	if (!text[len] || len >= BOND_NAME)
		return -EPERM;
	memcpy(name, text, len);
	name[len] = 0;
	text += len + 1;
	while (is_blank(*text))
		text++;
	if (!is_digit(*text))
		return -EPERM;
	for (*id = 0; is_digit(*text) && *id <= U16_MAX; text++)
		*id = *id * 10 + *text - '0';
	return *text && !is_blank(*text) ? -EPERM : 0;
}

/**
 * bond_option_print() - a scalar row as sysfs shows it
 * @o: the row, a word or a number
 * @config: struct bond_config, or struct bond_port_config with BOND_F_PORT
 * @buf: where to
 * @size: room there
 *
 * Most numbers are signed: a delay that a huge miimon took past 2^31 ms shows
 * negative in sysfs and /proc, as in the kernel's own driver.
 *
 * Context: any.
 * Return: octets written.
 */
int bond_option_print(const struct bond_option *o, const void *config,
		      char *buf, size_t size)
{
	u32 value = bond_option_get(o, config);
	const char *word = NULL;

	if (o->kind == BOND_K_WORD && !(o->flags & BOND_F_PLAIN))
		word = bond_option_word(o, value);
	if (word)
		return scnprintf(buf, size, "%s %u\n", word, value);
	if (o->flags & BOND_F_UNSIGNED)
		return scnprintf(buf, size, "%u\n", value);
	return scnprintf(buf, size, "%d\n", (s32)value);
}
