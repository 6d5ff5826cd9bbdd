/* SPDX-License-Identifier: GPL-2.0 */
/* The other header that xdp_bonding asks for: to be in a network namespace and back. */
#ifndef NETWORK_HELPERS_H
#define NETWORK_HELPERS_H

struct nstoken;

/**
 * open_netns() - go into a namespace of "ip netns"
 * @name: its name
 *
 * Return: what close_netns() needs to go back; NULL, with errno set, if it failed and nothing has changed.
 */
struct nstoken *open_netns(const char *name);

/**
 * close_netns() - go back to where open_netns() was called
 * @token: what it gave, also NULL
 */
void close_netns(struct nstoken *token);

#endif
