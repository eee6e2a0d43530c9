package airlock.results;

import airlock.base.Json;
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

/// Finds the newest rows of some repositories in a table, newest first, in time that does not grow
/// with the table. Of many repositories, most of the newest rows are wanted, so the table is first
/// walked from its end. The rest is a merge of the repositories' own newest rows.
///
/// @param table with the columns `seq` and `repository`
/// @param condition of the rows, worded as in a partial index; empty for all
record Newest(String table, String condition) {
    /// Rows to walk before merging.
    private static final int WALKED = 500;

    /// Up to so many repositories are merged without a walk.
    private static final int FEW = 16;

    /// @param before only rows with a smaller `seq`
    record Wanted(Set<RepositoryId> repositories, SubjectFilter subject, long before) {
        boolean isOfAnySubject() {
            return subject.equals(SubjectFilter.ANY);
        }

        Wanted before(long seq) {
            return new Wanted(repositories, subject, seq);
        }
    }

    private record Row(long seq, String repository) {}

    /// The `seq` of at most `most` rows.
    List<Long> of(Handle handle, Wanted wanted, int most) {
        var found = new ArrayList<Long>();
        var rest = wanted;
        if (wanted.repositories().size() > FEW && wanted.isOfAnySubject()) {
            var names = names(wanted);
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

    private static Set<String> names(Wanted wanted) {
        return wanted.repositories().stream()
                .map(RepositoryId::toString)
                .collect(Collectors.toSet());
    }

    private List<Row> walk(Handle handle, long before) {
        return handle.createQuery(
                        "SELECT seq, repository FROM %s WHERE seq < :before%s ORDER BY seq DESC LIMIT :most"
                                .formatted(table, and()))
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
                .bind("repositories", Json.MAPPER.writeValueAsString(names(wanted)))
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
        String subject = wanted.isOfAnySubject() ? "" : " AND kind = :kind AND subject = :subject";
        return "SELECT seq FROM %s WHERE repository = %s AND seq < :before%s%s ORDER BY seq DESC LIMIT 1"
                .formatted(table, repository, and(), subject);
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
