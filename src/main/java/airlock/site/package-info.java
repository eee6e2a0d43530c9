/// Takes the configuration; gives the repository that a name or a hook means, what its forge
/// says of it, and who may see it.
@NullMarked
package airlock.site;

import org.jspecify.annotations.NullMarked;
