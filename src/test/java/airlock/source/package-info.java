/// Takes the source package and git servers on the loopback interface; gives proof of its
/// promises.
@NullMarked
package airlock.source;

import org.jspecify.annotations.NullMarked;
