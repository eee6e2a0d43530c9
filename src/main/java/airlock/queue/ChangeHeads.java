package airlock.queue;

import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import org.jdbi.v3.core.Handle;

/// The branches of the repository itself that the forge names as heads of change requests. Only
/// hints: git shows whether the commit is on the branch when the request is claimed (T1).
final class ChangeHeads {
    private ChangeHeads() {}

    static void record(Handle handle, ForgeEvent.ChangeOffered event) {
        handle.execute(
                """
                INSERT INTO change_head (repository, number, branch) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET branch = excluded.branch
                """,
                event.repository().toString(),
                event.change().key(),
                event.headRef());
    }

    /// The branch's short name, empty if the forge names none.
    static String of(Handle handle, RepositoryId repository, Subject subject) {
        return switch (subject) {
            case Subject.Branch _, Subject.Tag _, Subject.MergeGroup _ -> "";
            case Subject.Change change ->
                    handle.select(
                                    "SELECT branch FROM change_head WHERE repository = ? AND number = ?",
                                    repository.toString(),
                                    change.key())
                            .mapTo(String.class)
                            .findOne()
                            .orElse("");
        };
    }
}
