/// Takes a configuration; gives a running server, whose parts start and stop in order.
@NullMarked
package airlock.app;

import org.jspecify.annotations.NullMarked;
