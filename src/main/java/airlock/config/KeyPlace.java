package airlock.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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

    /// Where it is if the configuration names no place.
    static KeyPlace without(Map<String, String> environment, Path state) {
        String directory = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
        Path file = Path.of(directory).resolve(CREDENTIAL);
        return !directory.isEmpty() && Files.exists(file)
                ? new Credential(file)
                : new InState(state.resolve(IN_STATE));
    }
}
