/// Takes frames as a guest could send them; gives what the host's side of an uplink makes of them.
@NullMarked
package airlock.uplink;

import org.jspecify.annotations.NullMarked;
