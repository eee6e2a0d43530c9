package airlock.secrets;

import airlock.store.Database;

/// Which master key new secrets are sealed with.
final class Seals {
    private Seals() {}

    /// A new master key is only made while nothing is sealed with another.
    static MasterKey key(Database database, KeyFile file) {
        boolean sealed =
                database.read(
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT EXISTS (SELECT 1 FROM ssh_key)
                                                    OR EXISTS (SELECT 1 FROM hook_secret)
                                                """)
                                        .mapTo(Boolean.class)
                                        .one());
        return sealed ? file.read() : file.readOrMake();
    }
}
