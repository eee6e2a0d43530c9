/// Takes a configuration; gives a running server, every part built by its constructor, started
/// and stopped in order.
@NullMarked
package airlock.app;

import org.jspecify.annotations.NullMarked;
