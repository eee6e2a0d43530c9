/// Takes what forges show of branches, tags and change requests when they are asked; gives the
/// events that no webhook brought, each once.
@NullMarked
package airlock.sweep;

import org.jspecify.annotations.NullMarked;
