package airlock.secrets;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// A key in a state that no server has opened yet, with both halves.
///
/// @param seed its private half
/// @param file its private half as on a secrets drive
/// @param publicLine its public half, as OpenSSH writes it
public record PreparedKey(byte[] seed, String file, String publicLine) {
    /// Makes a key.
    ///
    /// @param state the state directory
    public static PreparedKey in(Path state, RepositoryId repository, String name)
            throws Exception {
        Files.createDirectories(state);
        try (var database = Database.open(state.resolve("airlock.db"))) {
            var keys =
                    new SshKeys(
                            database,
                            InstantSource.system(),
                            new KeyFile(state.resolve(KeyFile.NAME)));
            keys.make(repository, name, "a test");
            return new PreparedKey(
                    keys.seed(repository, name).orElseThrow(),
                    new String(
                            keys.privateFile(repository, name).orElseThrow(),
                            StandardCharsets.US_ASCII),
                    keys.find(repository, name).orElseThrow().publicLine());
        }
    }
}
