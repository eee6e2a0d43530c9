package airlock.run;

import airlock.event.RepositoryId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long a repository, or a forge, is left alone whose fetches do not get through: each time
/// twice as long, until one does. Each try starts a process, and a forge may be away for days.
///
/// Kept in memory: a server that has just started tries at once.
final class FetchPauses {
    static final Duration FIRST = Duration.ofSeconds(5);

    /// What a forge that is back may have to wait for the first fetch.
    static final Duration LONGEST = Duration.ofSeconds(40);

    private final Map<String, Duration> next = new ConcurrentHashMap<>();

    /// A fetch did not get through; returns how long to wait before the next one.
    ///
    /// @param of the name of a forge, or what [#of] says
    Duration afterFailure(String of) {
        Duration pause = next.getOrDefault(of, FIRST);
        Duration twice = pause.multipliedBy(2);
        next.put(of, twice.compareTo(LONGEST) < 0 ? twice : LONGEST);
        return pause;
    }

    /// A fetch got through.
    void over(RepositoryId repository, boolean outside) {
        next.remove(of(repository, outside));
        next.remove(repository.forge());
    }

    /// Changes from outside have pauses of their own: some may never get through.
    static String of(RepositoryId repository, boolean outside) {
        return repository + (outside ? " outside" : "");
    }
}
