/// Takes a directory or projects of Ambient CI; gives runs of their plans on this machine, without
/// a forge or a server.
@NullMarked
package airlock.local;

import org.jspecify.annotations.NullMarked;
