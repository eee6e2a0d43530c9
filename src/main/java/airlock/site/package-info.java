/// Takes the configuration; gives the repository of a name or hook, its visibility on the forge,
/// and who may see it.
@NullMarked
package airlock.site;

import org.jspecify.annotations.NullMarked;
