package airlock.secrets;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.secrets.SecretStore.RunFacts;
import airlock.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A database and a master key in a folder of their own.
abstract class SecretsFixture {
    static final RepositoryId REPOSITORY = new RepositoryId("codeberg", "7");

    @TempDir Path folder;
    Database database;

    @BeforeEach
    void openDatabase() {
        database = Database.open(folder.resolve("airlock.db"));
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    final KeyFile keyFile() {
        return new KeyFile(folder.resolve(KeyFile.NAME));
    }

    final SecretStore store() {
        return SecretStore.of(database, InstantSource.system(), keyFile());
    }

    static RunFacts facts(RepositoryId repository) {
        return new RunFacts(
                new RunId("b".repeat(20)),
                repository,
                new Subject.Branch("refs/heads/main"),
                TrustClass.LISTED,
                Phase.POST_PLAN);
    }

    /// The bytes of all files below the folder, as text.
    final List<String> onDisk() throws IOException {
        try (var files = Files.walk(folder)) {
            var texts = new ArrayList<String>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return texts;
        }
    }
}
