package airlock.results;

import airlock.store.Database;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Records the connections of VMs.
public final class PlaceRecords {
    private final Database database;

    public PlaceRecords(Database database) {
        this.database = database;
    }

    /// Replaces the places of a phase, since a second try under the same claim has a new VM. Does
    /// nothing if the claim has been lost.
    public void keep(PhaseKey key, List<PlaceUse> places) {
        database.write(
                handle -> {
                    if (!isMine(handle, key)) {
                        return false;
                    }
                    handle.execute(
                            "DELETE FROM network_place WHERE run = ? AND generation = ? AND phase = ?",
                            key.run().text(),
                            key.generation(),
                            key.phase().key());
                    for (int i = 0; i < places.size(); i++) {
                        insert(handle, key, i, places.get(i));
                    }
                    return true;
                });
    }

    private static boolean isMine(Handle handle, PhaseKey key) {
        return handle.createQuery(
                                """
                                SELECT COUNT(*) FROM run
                                WHERE id = :run AND generation = :generation AND state = 'claimed'
                                """)
                        .bind("run", key.run().text())
                        .bind("generation", key.generation())
                        .mapTo(Integer.class)
                        .one()
                == 1;
    }

    private static void insert(Handle handle, PhaseKey key, int index, PlaceUse place) {
        handle.execute(
                "INSERT INTO network_place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key.run().text(),
                key.generation(),
                key.phase().key(),
                index,
                place.place(),
                place.connections(),
                place.sent(),
                place.received(),
                place.refused(),
                place.reason());
    }
}
