package airlock.results;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.store.Database;
import java.time.InstantSource;

/// Records who was in VMs of runs.
public final class VisitRecords {
    private final Database database;
    private final InstantSource clock;

    public VisitRecords(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Records a visit before the person is in.
    ///
    /// @param kept see [Visit]
    public long begun(RunId run, Phase phase, boolean kept, String who) {
        return database.write(
                handle ->
                        handle.select(
                                        """
                                        INSERT INTO machine_visit (run, phase, kept, who, began_at)
                                        VALUES (?, ?, ?, ?, ?) RETURNING seq
                                        """,
                                        run.text(),
                                        phase.key(),
                                        kept,
                                        who,
                                        clock.millis())
                                .mapTo(Long.class)
                                .one());
    }

    public void ended(long visit, String ending) {
        end(visit, visit, ending);
    }

    /// Ends the visits that were open when a server died: the VMs died with it.
    public void endAll(String ending) {
        end(0, Long.MAX_VALUE, ending);
    }

    private void end(long first, long last, String ending) {
        int _ =
                database.write(
                        handle ->
                                handle.execute(
                                        """
                                        UPDATE machine_visit SET ended_at = ?, ending = ?
                                        WHERE ended_at IS NULL AND seq BETWEEN ? AND ?
                                        """,
                                        clock.millis(),
                                        ending,
                                        first,
                                        last));
    }
}
