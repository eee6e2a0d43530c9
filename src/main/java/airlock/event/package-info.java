/// Takes nothing but the JDK; gives the words that all packages share: what a forge said happened,
/// to which repository, ref or change request, and how far what follows from it is trusted.
@NullMarked
package airlock.event;

import org.jspecify.annotations.NullMarked;
