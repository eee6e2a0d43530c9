package airlock.config;

import airlock.event.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A fresh SSH key for each phase, with a user certificate that is good for a short time.
///
/// @param phases of listed runs, never plan
/// @param principals the users at the target that it is for
/// @param life from now on
/// @param options critical ones, `force-command` and `source-address`
public record CertificateWay(
        Set<Phase> phases,
        List<String> principals,
        Duration life,
        Map<String, String> options,
        Signer signer) {
    public CertificateWay {
        phases = Set.copyOf(phases);
        principals = List.copyOf(principals);
        options = Map.copyOf(options);
    }

    /// Who signs it.
    public sealed interface Signer {
        /// A key of the store.
        record Ca(String key) implements Signer {}

        /// A program of the operator's.
        record Command(List<String> argv) implements Signer {
            public Command {
                argv = List.copyOf(argv);
            }
        }
    }
}
