/// Takes what an operator asks of the running server; gives the answer, from rows, logs and images.
@NullMarked
package airlock.operator;

import org.jspecify.annotations.NullMarked;
