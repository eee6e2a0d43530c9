/// Takes what clients of an agent ask, real and hostile ones; gives what the agent signs and says.
@NullMarked
package airlock.agent;

import org.jspecify.annotations.NullMarked;
