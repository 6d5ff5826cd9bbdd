/* SPDX-License-Identifier: GPL-2.0 */
/* What the agenda calls, and who starts and ends it; reasons are in bond.h. */
#ifndef BOND_AGENDA_H
#define BOND_AGENDA_H

#include <linux/types.h>

#define RETURN_TIMES	3	/* a port that returns is announced at least */
#define RETURN_PAUSE	1000	/* ms between these: bridges take a while */

struct bond;
struct delayed_work;

int bond_agenda_load(void);
void bond_agenda_unload(void);
void bond_agenda_init(struct bond *bond);
void bond_agenda_stop(struct bond *bond);
void bond_agenda_quiet(struct bond *bond);
void bond_agenda_wait(struct bond *bond);
void bond_agenda_queue(struct delayed_work *work, u32 ms);

void bond_announce(struct bond *bond);
void bond_igmp_rejoin(struct bond *bond);
void bond_speed_again(struct bond *bond);
void bond_mac_catch_up(struct bond *bond);

#endif
