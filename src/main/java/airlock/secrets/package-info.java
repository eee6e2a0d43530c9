/// Takes the operator's wish for a key of a repository; gives its public half, and in the phases
/// that may have it the files by which ssh uses the private half, which is sealed at rest. Takes
/// the wish for a token and keeps its hash; gives what such a token opens to its reader.
@NullMarked
package airlock.secrets;

import org.jspecify.annotations.NullMarked;
