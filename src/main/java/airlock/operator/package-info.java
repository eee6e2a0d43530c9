/// Takes an operator's commands; gives the running server's answers, from rows, logs and images.
@NullMarked
package airlock.operator;

import org.jspecify.annotations.NullMarked;
