// What a guest does once more than its steps before it waits to be used.
#ifndef AIRLOCK_REHEARSAL_H
#define AIRLOCK_REHEARSAL_H

// Makes a connection on loopback and sends a byte each way, as programs and the uplink do later:
// QEMU keeps what it translated for that. Where something fails, nothing is lost but time.
void rehearse_connection(void);

#endif
