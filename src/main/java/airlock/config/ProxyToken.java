package airlock.config;

import airlock.event.Phase;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// A token that the host adds to requests of a phase, and that never enters a VM.
///
/// @param name its name in the store
/// @param host the only one that gets it
/// @param path what the path of a request begins with, itself beginning with `/`
/// @param header the header's name
/// @param value the header's value, with `{}` once where the token stands
/// @param methods of HTTP, in capitals
/// @param ca a file with the certificates that the host's own chain must end in; those of the
///     machine where it is empty
/// @param phases of listed runs, never plan
/// @param fetch whether pre_plan may use it too, in inside runs as well (T2)
public record ProxyToken(
        String name,
        HostName host,
        int port,
        String path,
        String header,
        String value,
        Set<String> methods,
        Optional<Path> ca,
        Set<Phase> phases,
        boolean fetch) {
    /// Where the token stands in `value`.
    public static final String HERE = "{}";

    public ProxyToken {
        methods = Set.copyOf(methods);
        phases = Set.copyOf(phases);
    }

    /// Where it is sent, as the network's list has it.
    public String place() {
        return host + ":" + port;
    }
}
