/// Takes the branches, tags and change requests that forges show; gives the events that no webhook
/// brought, each once.
@NullMarked
package airlock.sweep;

import org.jspecify.annotations.NullMarked;
