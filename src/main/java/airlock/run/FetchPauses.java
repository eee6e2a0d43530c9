package airlock.run;

import airlock.event.RepositoryId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Pauses after failed fetches, by repository or forge: twice as long after each failure, as each
/// try starts a process and a forge may be away for days. Kept in memory, so a restarted server
/// tries immediately.
final class FetchPauses {
    static final Duration FIRST = Duration.ofSeconds(5);

    /// How long a forge that is back may have to wait for its first fetch.
    static final Duration LONGEST = Duration.ofSeconds(40);

    private final Map<String, Duration> next = new ConcurrentHashMap<>();

    /// Counts a failed fetch; returns how long to wait before the next one.
    ///
    /// @param of the name of a forge, or [#of]
    Duration afterFailure(String of) {
        Duration pause = next.getOrDefault(of, FIRST);
        Duration twice = pause.multipliedBy(2);
        next.put(of, twice.compareTo(LONGEST) < 0 ? twice : LONGEST);
        return pause;
    }

    /// Ends the pauses after a successful fetch.
    void over(RepositoryId repository, boolean outside) {
        next.remove(of(repository, outside));
        next.remove(repository.forge());
    }

    /// The key of a repository. Outside changes have their own pauses, as some never succeed.
    static String of(RepositoryId repository, boolean outside) {
        return repository + (outside ? " outside" : "");
    }
}
