package airlock.secrets;

import airlock.store.Database;
import airlock.store.Stillness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Replaces the master key, in three steps, each of which is there as a whole or not at all:
///
/// 1. the key file holds the old key and a new one; both open, the new one seals
/// 2. one transaction seals everything with the new one
/// 3. the key file holds the new one alone
///
/// A crash between any two leaves a key file that opens everything, and the next start ends it.
public final class Rotation {
    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    private final Database database;
    private final KeyFile keyFile;
    private final Stillness stillness;

    /// @param stillness held while the old key goes: a backup that is being made needs the key that
    ///     its copy of the database was sealed with
    public Rotation(Database database, KeyFile keyFile, Stillness stillness) {
        this.database = database;
        this.keyFile = keyFile;
        this.stillness = stillness;
    }

    /// What came of it.
    public sealed interface Outcome {
        /// All secrets are sealed with a new key.
        ///
        /// @param left what the operator still has to do, may be empty
        record Done(int secrets, String left) implements Outcome {}

        /// Nothing was changed.
        ///
        /// @param why with what to do
        record Refused(String why) implements Outcome {}
    }

    /// Replaces the key.
    public Outcome rotate() throws InterruptedException {
        if (!keyFile.exists()) {
            return new Outcome.Refused(
                    "there is no master key yet: the first secret that is made makes it");
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

    /// Where the operator has to change the file: the newest of its keys is used.
    private Outcome outside(String why) {
        Object file = keyFile.path();
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
                3. take the first line out of the source, and restart again"""
                        .formatted(file, why));
    }

    /// Ends a rotation that a crash cut short, if there is one.
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
                        "a rotation of the master key was interrupted and is not ended yet: {}",
                        shut.orElse("a backup is being made"));
                return;
            }
            int secrets = sealAll();
            keyFile.keepNewest();
            LOG.info("ended a rotation of the master key that was interrupted: {}", secrets);
        }
    }

    /// Whether the key file holds keys that are to go; empty where it does not.
    public Optional<String> unfinished() {
        return keyFile.exists() && keyFile.read().isReplaced()
                ? Optional.of("the key file " + keyFile.path() + " holds more than one master key")
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
                        handle.execute(sealed.update(), sealed.values(fresh));
                    }
                    return all.size();
                });
    }

    /// A sealed row.
    ///
    /// @param update sets what is sealed, then has the row's key
    private record Sealed(byte[] bytes, String label, String update, List<Object> key) {
        Object[] values(byte[] fresh) {
            var values = new ArrayList<Object>();
            values.add(fresh);
            values.addAll(key);
            return values.toArray();
        }
    }

    private static List<Sealed> all(Handle handle) {
        var all = new ArrayList<Sealed>();
        handle.createQuery("SELECT repository, name, sealed FROM ssh_key")
                .map(
                        (rows, _) ->
                                new Sealed(
                                        rows.getBytes(3),
                                        SshKeys.label(rows.getString(1), rows.getString(2)),
                                        "UPDATE ssh_key SET sealed = ? WHERE repository = ? AND name = ?",
                                        List.of(rows.getString(1), rows.getString(2))))
                .forEach(all::add);
        handle.createQuery("SELECT seq, hook, sealed FROM hook_secret")
                .map(
                        (rows, _) ->
                                new Sealed(
                                        rows.getBytes(3),
                                        HookSecrets.label(rows.getString(2)),
                                        "UPDATE hook_secret SET sealed = ? WHERE seq = ?",
                                        List.of(rows.getLong(1))))
                .forEach(all::add);
        handle.createQuery("SELECT repository, kind, name, sealed FROM secret")
                .map(
                        (rows, _) ->
                                new Sealed(
                                        rows.getBytes(4),
                                        StoredSecrets.label(
                                                rows.getString(1),
                                                rows.getString(2),
                                                rows.getString(3)),
                                        "UPDATE secret SET sealed = ? WHERE repository = ? AND kind = ? AND name = ?",
                                        List.of(
                                                rows.getString(1),
                                                rows.getString(2),
                                                rows.getString(3))))
                .forEach(all::add);
        return all;
    }
}
