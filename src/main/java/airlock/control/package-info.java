/// Takes commands over a Unix socket that only its owner can open; gives answers, a JSON object a
/// line.
@NullMarked
package airlock.control;

import org.jspecify.annotations.NullMarked;
