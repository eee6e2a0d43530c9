/// Takes what a guest, a resolver or a TLS client could say; gives what the allow-list's keepers
/// make of it.
@NullMarked
package airlock.egress;

import org.jspecify.annotations.NullMarked;
