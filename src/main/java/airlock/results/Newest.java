package airlock.results;

import airlock.event.RepositoryId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// Finds the newest rows of some repositories in a table, newest first, in steps that do not grow
/// with the table. If many repositories are asked for, most of the newest rows belong to them, so
/// the table is walked from its end for a while. The rest is a merge of the repositories: the
/// newest row of each, then of the one that was taken the next one.
///
/// @param table with the columns `seq` and `repository`
/// @param condition which rows count, in the words of a partial index; all if it is empty
record Newest(String table, String condition) {
    /// Rows that are walked before repositories are looked at one by one.
    private static final int WALKED = 500;

    /// So few repositories are merged without a walk.
    private static final int FEW = 16;

    /// Which rows are asked for.
    ///
    /// @param before only those with a smaller number
    record Wanted(Set<RepositoryId> repositories, SubjectFilter subject, long before) {
        boolean isOfAnySubject() {
            return subject.equals(SubjectFilter.ANY);
        }

        Wanted before(long seq) {
            return new Wanted(repositories, subject, seq);
        }
    }

    private record Row(long seq, String repository) {}

    /// The numbers of at most `most` rows.
    List<Long> of(Handle handle, Wanted wanted, int most) {
        var found = new ArrayList<Long>();
        var rest = wanted;
        if (wanted.repositories().size() > FEW && wanted.isOfAnySubject()) {
            var names =
                    wanted.repositories().stream()
                            .map(RepositoryId::toString)
                            .collect(Collectors.toSet());
            var walked = walk(handle, wanted.before());
            walked.stream()
                    .filter(row -> names.contains(row.repository()))
                    .limit(most)
                    .forEach(row -> found.add(row.seq()));
            if (found.size() == most || walked.size() < WALKED) {
                return found;
            }
            rest = wanted.before(walked.getLast().seq());
        }
        merge(handle, rest, most, found);
        return found;
    }

    private List<Row> walk(Handle handle, long before) {
        return handle.createQuery(
                        "SELECT seq, repository FROM "
                                + table
                                + " WHERE seq < :before"
                                + and()
                                + " ORDER BY seq DESC LIMIT :most")
                .bind("before", before)
                .bind("most", WALKED)
                .map((rows, _) -> new Row(rows.getLong(1), rows.getString(2)))
                .list();
    }

    private void merge(Handle handle, Wanted wanted, int most, List<Long> found) {
        var heads = new PriorityQueue<>(Comparator.comparingLong(Row::seq).reversed());
        heads.addAll(heads(handle, wanted));
        while (found.size() < most && !heads.isEmpty()) {
            var head = heads.remove();
            found.add(head.seq());
            var next = next(handle, wanted.before(head.seq()), head.repository());
            if (next != null) {
                heads.add(next);
            }
        }
    }

    /// The newest row of each repository.
    private List<Row> heads(Handle handle, Wanted wanted) {
        var query =
                handle.createQuery(
                        """
                        SELECT seq, repository FROM (
                            SELECT j.value AS repository, (%s) AS seq FROM json_each(:repositories) j)
                        WHERE seq IS NOT NULL
                        """
                                .formatted(newest(wanted, "j.value")));
        return bound(query, wanted)
                .bind(
                        "repositories",
                        wanted.repositories().stream()
                                .map(RepositoryId::toString)
                                .collect(Collectors.joining("\",\"", "[\"", "\"]")))
                .map((rows, _) -> new Row(rows.getLong(1), rows.getString(2)))
                .list();
    }

    private @Nullable Row next(Handle handle, Wanted wanted, String repository) {
        return bound(handle.createQuery(newest(wanted, ":repository")), wanted)
                .bind("repository", repository)
                .map((rows, _) -> new Row(rows.getLong(1), repository))
                .findOne()
                .orElse(null);
    }

    private String newest(Wanted wanted, String repository) {
        return "SELECT seq FROM "
                + table
                + " WHERE repository = "
                + repository
                + " AND seq < :before"
                + and()
                + (wanted.isOfAnySubject() ? "" : " AND kind = :kind AND subject = :subject")
                + " ORDER BY seq DESC LIMIT 1";
    }

    private String and() {
        return condition.isEmpty() ? "" : " AND " + condition;
    }

    private static Query bound(Query query, Wanted wanted) {
        query.bind("before", wanted.before());
        return wanted.isOfAnySubject()
                ? query
                : query.bind("kind", wanted.subject().kind())
                        .bind("subject", wanted.subject().key());
    }
}
