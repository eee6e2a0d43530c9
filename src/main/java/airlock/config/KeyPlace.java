package airlock.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where the key is that secrets are sealed with.
public sealed interface KeyPlace {
    /// Its name among the credentials of a systemd service.
    String CREDENTIAL = "airlock.key";

    /// Its name in the state directory.
    String IN_STATE = "secret.key";

    /// A file that the configuration names.
    record Named(Path file) implements KeyPlace {}

    /// A credential that systemd gives the service (systemd.exec(5), LoadCredential), only to be
    /// read.
    record Credential(Path file) implements KeyPlace {}

    /// A file beside what is sealed.
    record InState(Path file) implements KeyPlace {}

    /// The file.
    Path file();

    /// What systemd gives the service, if anything.
    record OfService(Optional<Path> file) {
        static OfService of(Map<String, String> environment) {
            String directory = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
            return new OfService(
                    Optional.of(Path.of(directory).resolve(CREDENTIAL))
                            .filter(file -> !directory.isEmpty() && Files.exists(file)));
        }

        /// Where the key is if the configuration names no place.
        KeyPlace orIn(Path state) {
            return file.<KeyPlace>map(Credential::new)
                    .orElseGet(() -> new InState(state.resolve(IN_STATE)));
        }
    }
}
