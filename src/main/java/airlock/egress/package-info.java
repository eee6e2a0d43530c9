/// Takes what a trusted VM wants to connect to; gives the connections that its allow-list lets it
/// have, each to an address that was checked, and words for those that it has not.
@NullMarked
package airlock.egress;

import org.jspecify.annotations.NullMarked;
