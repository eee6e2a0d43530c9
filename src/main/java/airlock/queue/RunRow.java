package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import org.jdbi.v3.core.mapper.RowMapper;

/// The main columns of a run.
///
/// @param context of its commit status
record RunRow(
        RunId id,
        RequestId request,
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        String context,
        TrustClass trust) {
    static final RowMapper<RunRow> MAPPER =
            (rows, _) ->
                    new RunRow(
                            new RunId(rows.getString("id")),
                            new RequestId(rows.getString("request")),
                            RepositoryId.parse(rows.getString("repository")),
                            Rows.subject(rows),
                            new CommitId(rows.getString("commit_id")),
                            rows.getString("context"),
                            TrustClass.of(rows.getString("trust")));
}
