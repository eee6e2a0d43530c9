/// Takes what a trusted VM asks of an SSH agent; gives signatures of the logins that the
/// configuration lists, and a line for the run's log for each, and for each that it refuses.
@NullMarked
package airlock.agent;

import org.jspecify.annotations.NullMarked;
