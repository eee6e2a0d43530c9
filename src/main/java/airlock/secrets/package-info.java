/// Takes the secrets that operators make or set for repositories, and seals them at rest; gives
/// names and public halves to people; gives files of a secrets drive, signatures or values to the
/// phases that may use them. Also makes tokens for reading, and keeps only their hashes.
@NullMarked
package airlock.secrets;

import org.jspecify.annotations.NullMarked;
