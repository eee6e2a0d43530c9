package airlock.secrets;

import airlock.store.Database;
import airlock.store.Stillness;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Replaces the master key in three atomic steps:
///
/// 1. add a new key to the key file; both keys open, the new one seals
/// 2. seal everything with the new key, in one transaction
/// 3. remove the old key from the key file
///
/// A crash in between leaves a key file that opens everything; the next start goes on from there.
///
/// @param stillness held until the old key is gone: a backup in progress needs the key with which
///     its copy of the database was sealed
public record Rotation(Database database, KeyFile keyFile, Stillness stillness) {
    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    public sealed interface Outcome {
        /// All secrets are sealed with a new key; `left` is what the operator still has to do, if
        /// any.
        record Done(int secrets, String left) implements Outcome {}

        /// Nothing was changed; `why` says what to do.
        record Refused(String why) implements Outcome {}
    }

    public Outcome rotate() throws InterruptedException {
        if (!keyFile.exists()) {
            return new Outcome.Refused("no master key yet: the first secret that is made makes it");
        }
        var shut = unopened();
        if (shut.isPresent()) {
            return new Outcome.Refused(
                    shut.get() + " Nothing was changed; remove what can't be opened, then rotate");
        }
        var fixed = keyFile.isFixed();
        if (fixed.isPresent()) {
            return outside(fixed.get());
        }
        try (var _ = stillness.hold()) {
            if (!keyFile.read().isReplaced()) {
                keyFile.add();
            }
            int secrets = sealAll();
            keyFile.keepNewest();
            return new Outcome.Done(secrets, "");
        }
    }

    /// If only the operator can change the file, seals with the newest key in it.
    private Outcome outside(String why) {
        Object file = keyFile.file();
        if (keyFile.read().isReplaced()) {
            return new Outcome.Done(
                    sealAll(),
                    "now leave only the last line in the source of " + file + " and restart");
        }
        return new Outcome.Refused(
                """
                the key file %s can't be changed from here: %s. Nothing was changed. To rotate it:
                1. add a line to its source, after the one that is there: openssl rand -hex 32
                2. restart Airlock, then: airlock secret rotate
                3. take the first line out of the source, and restart again\
                """
                        .formatted(file, why));
    }

    /// Completes a rotation that a crash interrupted, if any.
    public void settle() {
        if (!keyFile.exists() || keyFile.isFixed().isPresent()) {
            return;
        }
        keyFile.tidy();
        if (!keyFile.read().isReplaced()) {
            return;
        }
        try (var held = stillness.tryHold()) {
            var shut = unopened();
            if (!held.isHeld() || shut.isPresent()) {
                LOG.warn(
                        "an interrupted rotation of the master key is not complete yet: {}",
                        shut.orElse("a backup is being made"));
                return;
            }
            int secrets = sealAll();
            keyFile.keepNewest();
            LOG.info("completed an interrupted rotation of the master key: {} secrets", secrets);
        }
    }

    /// Says that the key file holds old keys, if it does.
    public Optional<String> unfinished() {
        return keyFile.exists() && keyFile.read().isReplaced()
                ? Optional.of("the key file " + keyFile.file() + " holds more than one master key")
                : Optional.empty();
    }

    /// The first secret that does not open.
    private Optional<String> unopened() {
        MasterKey keys = keyFile.read();
        for (Sealed sealed : database.read(Rotation::all)) {
            try {
                var _ = keys.open(sealed.bytes(), sealed.label());
            } catch (SecretsException e) {
                return Optional.of(e.getMessage() + ".");
            }
        }
        return Optional.empty();
    }

    private int sealAll() {
        return database.write(
                handle -> {
                    MasterKey keys = keyFile.read();
                    var all = all(handle);
                    for (Sealed sealed : all) {
                        if (keys.isNewest(sealed.bytes())) {
                            continue;
                        }
                        byte[] fresh =
                                keys.seal(
                                        keys.open(sealed.bytes(), sealed.label()), sealed.label());
                        // each sealed value is unique: it holds a random nonce
                        handle.execute(
                                "UPDATE %s SET sealed = ? WHERE sealed = ?"
                                        .formatted(sealed.table()),
                                fresh,
                                sealed.bytes());
                    }
                    return all.size();
                });
    }

    private record Sealed(String table, byte[] bytes, String label) {}

    private static List<Sealed> all(Handle handle) {
        var all = new ArrayList<Sealed>();
        add(
                all,
                handle,
                "ssh_key",
                "repository, name",
                row -> SshKeys.label(row.getString(2), row.getString(3)));
        add(all, handle, "hook_secret", "hook", row -> HookSecrets.label(row.getString(2)));
        add(
                all,
                handle,
                "secret",
                "repository, kind, name",
                row -> StoredSecrets.label(row.getString(2), row.getString(3), row.getString(4)));
        return all;
    }

    private interface Label {
        String of(ResultSet row) throws SQLException;
    }

    private static void add(
            List<Sealed> all, Handle handle, String table, String key, Label label) {
        handle.select("SELECT sealed, %s FROM %s".formatted(key, table))
                .map((row, _) -> new Sealed(table, row.getBytes(1), label.of(row)))
                .forEach(all::add);
    }
}
