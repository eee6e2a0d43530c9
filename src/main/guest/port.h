// Takes the name of a virtio serial port; gives its descriptor.
#ifndef AIRLOCK_PORT_H
#define AIRLOCK_PORT_H

// Waits up to five seconds for the port to appear; -1 when it does not.
int port_open(const char *name);

#endif
