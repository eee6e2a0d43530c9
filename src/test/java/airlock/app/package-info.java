/// Takes the parts as they are wired; gives tests of what stands between them.
@NullMarked
package airlock.app;

import org.jspecify.annotations.NullMarked;
