/// Takes the bytes of a trusted VM's uplink port; gives the byte streams that its guest opened,
/// with flow control for each, and no more bytes in memory than were granted.
@NullMarked
package airlock.uplink;

import org.jspecify.annotations.NullMarked;
