/// Takes what operators say of a repository's secrets, and seals it at rest; gives its public
/// halves and names to people, and to the phases that may have it the files of a secrets drive,
/// signatures or values. Takes the wish for a token for reading and keeps its hash; gives what it
/// opens.
@NullMarked
package airlock.secrets;

import org.jspecify.annotations.NullMarked;
