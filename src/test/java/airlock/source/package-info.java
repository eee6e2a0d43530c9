/// Takes the source package and git servers on the loopback interface; shows that it keeps its
/// promises.
@NullMarked
package airlock.source;

import org.jspecify.annotations.NullMarked;
