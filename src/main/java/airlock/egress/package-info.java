/// Takes the connections that a trusted VM wants; gives those that its allow-list allows, each to a
/// checked address, and the reasons for refusing the others.
@NullMarked
package airlock.egress;

import org.jspecify.annotations.NullMarked;
