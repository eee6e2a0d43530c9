/// Takes the bytes of a trusted VM's uplink port; gives byte streams that its guest opened, each
/// with a flow of its own, and never more of them in memory than was granted.
@NullMarked
package airlock.uplink;

import org.jspecify.annotations.NullMarked;
