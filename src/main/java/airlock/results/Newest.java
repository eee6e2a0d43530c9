package airlock.results;

import airlock.base.Json;
import airlock.event.RepositoryId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

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
        found.addAll(merge(handle, rest, most - found.size()));
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

    /// Only the repositories with the newest rows can have rows among the newest `most`.
    private List<Long> merge(Handle handle, Wanted wanted, int most) {
        String subject = wanted.isOfAnySubject() ? "" : " AND kind = :kind AND subject = :subject";
        String newest =
                "SELECT seq FROM %s WHERE repository = %%s AND seq < :before%s%s ORDER BY seq DESC LIMIT "
                        .formatted(table, and(), subject);
        var query =
                handle.createQuery(
                        """
                        WITH head AS (
                            SELECT value AS repository, (%s 1) AS seq FROM json_each(:repositories)
                            ORDER BY seq DESC LIMIT :most)
                        SELECT some.value
                        FROM head CROSS JOIN json_each((SELECT json_group_array(seq) FROM (%s :most))) AS some
                        ORDER BY some.value DESC LIMIT :most
                        """
                                .formatted(
                                        newest.formatted("value"),
                                        newest.formatted("head.repository")));
        if (!wanted.isOfAnySubject()) {
            query.bind("kind", wanted.subject().kind()).bind("subject", wanted.subject().key());
        }
        return query.bind("before", wanted.before())
                .bind("most", most)
                .bind("repositories", Json.MAPPER.writeValueAsString(names(wanted)))
                .mapTo(Long.class)
                .list();
    }

    private String and() {
        return condition.isEmpty() ? "" : " AND " + condition;
    }
}
