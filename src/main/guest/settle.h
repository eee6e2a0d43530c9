// Has all that was written to the system disk on it, since the host may keep that disk.
#ifndef AIRLOCK_SETTLE_H
#define AIRLOCK_SETTLE_H

void settle_root(void);

#endif
