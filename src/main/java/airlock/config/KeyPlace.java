package airlock.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The place of the key that secrets are sealed with.
public sealed interface KeyPlace {
    /// Its name among the credentials of a systemd service.
    String CREDENTIAL = "airlock.key";

    String IN_STATE = "secret.key";

    record Named(Path file) implements KeyPlace {}

    /// A read-only credential that systemd provides (systemd.exec(5), LoadCredential).
    record Credential(Path file) implements KeyPlace {}

    /// A file next to the sealed secrets.
    record InState(Path file) implements KeyPlace {}

    Path file();

    /// The credential that systemd provides, if any.
    record OfService(Optional<Path> file) {
        static OfService of(Map<String, String> environment) {
            String directory = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
            return new OfService(
                    Optional.of(Path.of(directory).resolve(CREDENTIAL))
                            .filter(file -> !directory.isEmpty() && Files.exists(file)));
        }

        /// The place if the configuration names none.
        KeyPlace orIn(Path state) {
            return file.<KeyPlace>map(Credential::new)
                    .orElseGet(() -> new InState(state.resolve(IN_STATE)));
        }
    }
}
