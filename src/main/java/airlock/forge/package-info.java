/// Takes webhook headers and bodies, and answers of forges' APIs; gives forge-neutral events, and
/// posts commit statuses.
@NullMarked
package airlock.forge;

import org.jspecify.annotations.NullMarked;
