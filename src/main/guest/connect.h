// `connect HOST PORT`, as which ssh's ProxyCommand and others start this program: standard input
// and output become a connection to that place, through the uplink's proxy.
#ifndef AIRLOCK_CONNECT_H
#define AIRLOCK_CONNECT_H

// 0 once both directions have ended, 1 where there is no connection (standard error says why), 2
// for other words than these.
int connect_main(int count, char **words);

#endif
