package airlock.secrets;

import org.jdbi.v3.core.Handle;

/// Seals what goes into the database. It is done within the transaction that writes it: a rotation
/// that comes after that finds it, one that came before has changed the key ([Rotation]).
final class Seals {
    private Seals() {}

    /// A new master key is only made while nothing is sealed with another.
    static byte[] seal(Handle handle, KeyFile file, byte[] secret, String label) {
        boolean sealed =
                handle.createQuery(
                                """
                                SELECT EXISTS (SELECT 1 FROM ssh_key)
                                    OR EXISTS (SELECT 1 FROM hook_secret)
                                    OR EXISTS (SELECT 1 FROM secret)
                                """)
                        .mapTo(Boolean.class)
                        .one();
        return (sealed ? file.read() : file.readOrMake()).seal(secret, label);
    }
}
