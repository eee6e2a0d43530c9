package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import org.jdbi.v3.core.mapper.RowMapper;

/// The main columns of a request.
record RequestRow(
        RequestId id, RepositoryId repository, Subject subject, CommitId commit, TrustClass trust) {
    static final RowMapper<RequestRow> MAPPER =
            (rows, _) -> {
                var subject = Rows.subject(rows);
                var trust = rows.getString("trust");
                return new RequestRow(
                        new RequestId(rows.getString("id")),
                        RepositoryId.parse(rows.getString("repository")),
                        subject,
                        new CommitId(rows.getString("commit_id")),
                        trust == null ? Ledger.lowest(subject) : TrustClass.of(trust));
            };
}
