/// Takes what a client in a VM, or the server of a token, could send; gives what the token's
/// process makes of it.
@NullMarked
package airlock.token;

import org.jspecify.annotations.NullMarked;
