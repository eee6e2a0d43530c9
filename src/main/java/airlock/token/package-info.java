/// Takes plain HTTP requests of a trusted VM for one host; gives that host's answers. A process of
/// its own adds the token, which never enters the VM, and speaks TLS to the host.
@NullMarked
package airlock.token;

import org.jspecify.annotations.NullMarked;
