/// Takes the source package and git servers on the loopback interface; gives what it promises, or
/// not.
@NullMarked
package airlock.source;

import org.jspecify.annotations.NullMarked;
