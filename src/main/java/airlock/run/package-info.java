/// Takes claimed requests and runs; gives their verdicts, conducting source, plan and phases in
/// order and surviving a crash between any two.
@NullMarked
package airlock.run;

import org.jspecify.annotations.NullMarked;
