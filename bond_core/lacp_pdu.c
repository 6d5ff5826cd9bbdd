// SPDX-License-Identifier: GPL-2.0
/*
 * LACPDU and Marker PDU: octets to structs and back. Offsets count from the
 * subtype octet. Bounds are checked once, here: whoever holds a parsed struct
 * needs no length any more.
 */
#include "lacp_priv.h"

/* both PDUs */
#define SUBTYPE			0
#define VERSION			1
#define ILLEGAL_SUBTYPE		11	/* from here on, and 0 */
#define TERMINATOR_TYPE		0

/* LACPDU */
#define ACTOR_TYPE		2
#define ACTOR_LEN		3
#define ACTOR_INFO		4
#define PARTNER_TYPE		22
#define PARTNER_LEN		23
#define PARTNER_INFO		24
#define COLLECTOR_TYPE		42
#define COLLECTOR_LEN		43
#define COLLECTOR_DELAY		44
#define LAST_TYPE		58
#define LAST_LEN		59
#define INFO_TLV_LEN		20
#define COLLECTOR_TLV_LEN	16

/* within an Actor or Partner TLV */
#define INFO_SYS_PRIO		0
#define INFO_SYSTEM		2
#define INFO_KEY		8
#define INFO_PORT_PRIO		10
#define INFO_PORT		12
#define INFO_STATE		14

/* Marker PDU; a length of 16 octets, the 0x16 seen in places is a misprint */
#define MARKER_TYPE		2
#define MARKER_LEN		3
#define MARKER_PORT		4
#define MARKER_SYSTEM		6
#define MARKER_TRANSACTION	12
#define MARKER_TLV_LEN		16
#define MARKER_REQUEST		1
#define MARKER_RESPONSE		2

static void read_info(const u8 *p, struct lacp_info *info)
{
	info->sys_prio = get_unaligned_be16(p + INFO_SYS_PRIO);
	memcpy(info->system, p + INFO_SYSTEM, ETH_ALEN);
	info->key = get_unaligned_be16(p + INFO_KEY);
	info->port_prio = get_unaligned_be16(p + INFO_PORT_PRIO);
	info->port = get_unaligned_be16(p + INFO_PORT);
	info->state = p[INFO_STATE];
}

static void write_info(const struct lacp_info *info, u8 *p)
{
	put_unaligned_be16(info->sys_prio, p + INFO_SYS_PRIO);
	memcpy(p + INFO_SYSTEM, info->system, ETH_ALEN);
	put_unaligned_be16(info->key, p + INFO_KEY);
	put_unaligned_be16(info->port_prio, p + INFO_PORT_PRIO);
	put_unaligned_be16(info->port, p + INFO_PORT);
	p[INFO_STATE] = info->state;
}

/*
 * 6.4.12 forbids to validate version, TLV types and reserved fields and allows
 * to check the lengths. Newer versions may put other TLVs where version 1 ends,
 * so that length is looked at only when the type says it is a Terminator.
 */
static bool lengths_ok(const u8 *p)
{
	return p[ACTOR_LEN] == INFO_TLV_LEN && p[PARTNER_LEN] == INFO_TLV_LEN &&
	       p[COLLECTOR_LEN] == COLLECTOR_TLV_LEN &&
	       (p[LAST_TYPE] != TERMINATOR_TYPE || p[LAST_LEN] == 0);
}

static enum lacp_frame_kind parse_lacpdu(const u8 *p, struct lacp_pdu *pdu)
{
	if (!lengths_ok(p))
		return LACP_FRAME_ILLEGAL;
	pdu->version = p[VERSION];
	read_info(p + ACTOR_INFO, &pdu->actor);
	read_info(p + PARTNER_INFO, &pdu->partner);
	pdu->max_delay = get_unaligned_be16(p + COLLECTOR_DELAY);
	return LACP_FRAME_LACPDU;
}

static enum lacp_frame_kind parse_marker(const u8 *p, struct lacp_marker *marker)
{
	u8 type = p[MARKER_TYPE];

	if (type != MARKER_REQUEST && type != MARKER_RESPONSE)
		return LACP_FRAME_MARKER_UNKNOWN;
	if (p[MARKER_LEN] != MARKER_TLV_LEN)
		return LACP_FRAME_ILLEGAL;
	marker->port = get_unaligned_be16(p + MARKER_PORT);
	memcpy(marker->system, p + MARKER_SYSTEM, ETH_ALEN);
	marker->transaction = get_unaligned_be32(p + MARKER_TRANSACTION);
	return type == MARKER_REQUEST ? LACP_FRAME_MARKER : LACP_FRAME_MARKER_RESPONSE;
}

/**
 * lacp_pdu_parse() - read the payload of a slow-protocol frame
 * @data: payload, from the subtype octet on
 * @len: octets readable at @data
 * @pdu: filled for LACP_FRAME_LACPDU
 * @marker: filled for both Marker kinds
 *
 * Context: any, touches nothing but its arguments
 * Return: what the frame is
 */
enum lacp_frame_kind lacp_pdu_parse(const void *data, size_t len,
				    struct lacp_pdu *pdu, struct lacp_marker *marker)
{
	const u8 *p = data;

	if (!len || !p[SUBTYPE] || p[SUBTYPE] >= ILLEGAL_SUBTYPE)
		return LACP_FRAME_ILLEGAL;
	if (p[SUBTYPE] > LACP_SUBTYPE_MARKER)
		return LACP_FRAME_FOREIGN;
	if (len < LACP_PDU_LEN)
		return LACP_FRAME_ILLEGAL;
	if (p[SUBTYPE] == LACP_SUBTYPE_LACP)
		return parse_lacpdu(p, pdu);
	return parse_marker(p, marker);
}

/**
 * lacp_pdu_write() - write a version 1 LACPDU
 * @pdu: what to say
 * @buf: LACP_PDU_LEN octets, overwritten wholly
 *
 * Context: any
 */
void lacp_pdu_write(const struct lacp_pdu *pdu, u8 *buf)
{
	memset(buf, 0, LACP_PDU_LEN);
	buf[SUBTYPE] = LACP_SUBTYPE_LACP;
	buf[VERSION] = 1;
	buf[ACTOR_TYPE] = 1;
	buf[ACTOR_LEN] = INFO_TLV_LEN;
	write_info(&pdu->actor, buf + ACTOR_INFO);
	buf[PARTNER_TYPE] = 2;
	buf[PARTNER_LEN] = INFO_TLV_LEN;
	write_info(&pdu->partner, buf + PARTNER_INFO);
	buf[COLLECTOR_TYPE] = 3;
	buf[COLLECTOR_LEN] = COLLECTOR_TLV_LEN;
	put_unaligned_be16(pdu->max_delay, buf + COLLECTOR_DELAY);
}

/**
 * lacp_marker_write() - write a Marker PDU
 * @marker: requester, as it asked
 * @response: a Marker Response PDU rather than a request
 * @buf: LACP_PDU_LEN octets, overwritten wholly
 *
 * Context: any
 */
void lacp_marker_write(const struct lacp_marker *marker, bool response, u8 *buf)
{
	memset(buf, 0, LACP_PDU_LEN);
	buf[SUBTYPE] = LACP_SUBTYPE_MARKER;
	buf[VERSION] = 1;
	buf[MARKER_TYPE] = response ? MARKER_RESPONSE : MARKER_REQUEST;
	buf[MARKER_LEN] = MARKER_TLV_LEN;
	put_unaligned_be16(marker->port, buf + MARKER_PORT);
	memcpy(buf + MARKER_SYSTEM, marker->system, ETH_ALEN);
	put_unaligned_be32(marker->transaction, buf + MARKER_TRANSACTION);
}
