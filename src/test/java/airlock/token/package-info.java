/// Takes requests of a client in a VM and answers of a token's server, hostile ones too; gives the
/// reactions of the token's process.
@NullMarked
package airlock.token;

import org.jspecify.annotations.NullMarked;
