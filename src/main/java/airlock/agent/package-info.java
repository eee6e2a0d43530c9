/// Takes the requests of a trusted VM to an SSH agent; gives signatures of the logins that the
/// configuration lists, and a line in the run's log for each signature and refusal.
@NullMarked
package airlock.agent;

import org.jspecify.annotations.NullMarked;
