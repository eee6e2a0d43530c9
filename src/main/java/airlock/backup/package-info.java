/// Takes the state of a server that may be at work; gives one file, and from it a state again.
@NullMarked
package airlock.backup;

import org.jspecify.annotations.NullMarked;
