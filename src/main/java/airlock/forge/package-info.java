/// Takes a forge's own words: webhook headers and bodies, answers of its API; gives events that no
/// forge's words are left in, and posts commit statuses.
@NullMarked
package airlock.forge;

import org.jspecify.annotations.NullMarked;
