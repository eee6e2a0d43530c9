package airlock.run;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.QueuedChanges;
import airlock.event.RepositoryId;
import airlock.event.SkipMarks;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.plan.PlanPath;
import airlock.queue.ClaimedRequest;
import airlock.queue.ClaimedRequest.Rerun;
import airlock.queue.Claims;
import airlock.queue.Planning;
import airlock.queue.Planning.NewRun;
import airlock.run.Workers.Worker;
import airlock.source.CommitPlace;
import airlock.source.Fetched;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import airlock.source.Refused;
import airlock.source.RemoteRepository;
import airlock.source.Source;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Turns a request into runs: fetches the commit, decides its trust class, reads the plans.
public final class RequestWorker {
    private static final Logger LOG = LoggerFactory.getLogger(RequestWorker.class);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    private static final int MOST_WAITS_FOR_ROOM = 20;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Claims claims;
    private final Planning planning;
    private final SourceFetcher fetcher;
    private final Trust trust;
    private final Repositories repositories;
    private final DiskSpaceGate gate;
    private final FetchPauses pauses = new FetchPauses();

    public RequestWorker(
            Claims claims,
            Planning planning,
            SourceFetcher fetcher,
            Repositories repositories,
            MergeQueues queues,
            DiskSpaceGate gate) {
        this.claims = claims;
        this.planning = planning;
        this.fetcher = fetcher;
        this.trust = new Trust(fetcher, queues);
        this.repositories = repositories;
        this.gate = gate;
    }

    /// A worker for the requests of one forge, so that a silent one delays no other.
    public Worker at(String forge) {
        return () -> run(claims.claimRequest(forge));
    }

    /// A worker that takes no change requests, so that strangers never delay a push (T11).
    public Worker forPushesAt(String forge) {
        return () -> run(claims.claimPush(forge));
    }

    private boolean run(Optional<ClaimedRequest> claimed) throws InterruptedException {
        if (claimed.isEmpty()) {
            return false;
        }
        var request = claimed.get();
        try (var _ = MDC.putCloseable("request", request.id().text())) {
            take(request);
        }
        return true;
    }

    private void take(ClaimedRequest request) throws InterruptedException {
        try {
            work(request);
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                // the server stops: the claim stays, and the next one reads the source
                throw new InterruptedException("interrupted while a source was read");
            }
            LOG.warn("reading the source broke", e);
            // checked now: the disk may have space again before the state can be written
            boolean later = gate.mayHaveCaused(e) && request.waits() < MOST_WAITS_FOR_ROOM;
            Workers.written(() -> broke(request, e, later));
        }
    }

    /// @param later whether to try again, because a full disk may have caused the fault
    private boolean broke(ClaimedRequest request, RuntimeException fault, boolean later) {
        return later
                ? planning.later(request, FIRST_WAIT, Planning.Paused.REPOSITORY, FetchPauses.FIRST)
                : planning.broke(request, String.valueOf(fault.getMessage()), mark(request));
    }

    private void work(ClaimedRequest request) throws InterruptedException {
        var found = repositories.find(request.repository());
        if (found.isEmpty()) {
            planning.ended(request, Verdict.CANCELLED, "the repository is not configured any more");
            return;
        }
        var known = found.get();
        try {
            switch (request.subject()) {
                // outside changes have mirrors of their own, so the class comes first
                case Subject.Change _, Subject.MergeGroup _ -> {
                    var decided = trust.of(request, known, request.commit());
                    read(request, known, Optional.of(decided));
                }
                case Subject.Branch _, Subject.Tag _ -> read(request, known, Optional.empty());
            }
        } catch (AwayException e) {
            unreachable(request, known.remote(), e.away());
        } catch (PlanChoice.EndException e) {
            planning.ended(request, e.verdict(), String.valueOf(e.getMessage()));
        }
    }

    /// @param decided the class, if it does not depend on the source
    private void read(
            ClaimedRequest request, Repositories.Known known, Optional<TrustClass> decided)
            throws InterruptedException {
        var remote = known.remote().outside(decided.equals(Optional.of(TrustClass.OUTSIDE)));
        Fetched fetched = fetch(request, remote, GitDepth.NONE);
        if (!(fetched instanceof Unreachable)) {
            pauses.over(request.repository(), remote.outside());
        }
        switch (fetched) {
            case Source source when asksToSkip(request, source.message()) ->
                    planning.ended(
                            request, Verdict.CANCELLED, "the commit's message asks to skip CI");
            case Source source -> {
                var sure =
                        decided.isPresent()
                                ? decided.get()
                                : trust.of(request, known, source.commit());
                var choice = new PlanChoice(fetcher, planning, request, known, sure, source);
                planned(request, remote, sure, source, choice.choose());
            }
            case Moved _, Missing _, Refused _, Unreachable _ ->
                    notFetched(request, remote, fetched);
        }
    }

    private void notFetched(ClaimedRequest request, RemoteRepository remote, Fetched fetched) {
        switch (fetched) {
            case Source source -> throw new IllegalStateException("it was fetched: " + source);
            case Moved moved -> planning.moved(request, moved.tip());
            case Missing missing when request.rerun().isEmpty() ->
                    planning.gone(request, missing.why());
            case Missing missing -> planning.ended(request, Verdict.CANCELLED, missing.why());
            case Refused refused -> planning.ended(request, Verdict.FAILED, refused.why());
            case Unreachable away -> unreachable(request, remote, away);
        }
    }

    /// For all origins of a request: a pushed commit was checked at the webhook, but not the head
    /// of a change request, nor a commit that a sweep found. A skipped commit is never a success.
    private static boolean asksToSkip(ClaimedRequest request, String message) {
        return switch (request.subject()) {
            case Subject.Branch _, Subject.Change _ ->
                    request.rerun().isEmpty() && SkipMarks.in(message);
            // a queue that waits for a required check would stall
            case Subject.Tag _, Subject.MergeGroup _ -> false;
        };
    }

    private Fetched fetch(ClaimedRequest request, RemoteRepository remote, GitDepth git)
            throws InterruptedException {
        return fetcher.fetch(
                new Wanted(
                        remote,
                        refOf(request.subject()),
                        request.commit(),
                        request.rerun().flatMap(Rerun::highest).isPresent()
                                ? CommitPlace.ANYWHERE
                                : CommitPlace.TIP,
                        PlanPath.WANTED,
                        git));
    }

    /// The ref for a subject's commits, the same on all supported forges.
    static String refOf(Subject subject) {
        return switch (subject) {
            case Subject.Branch branch -> branch.ref();
            case Subject.Tag tag -> tag.ref();
            case Subject.MergeGroup group -> group.ref();
            case Subject.Change change -> "refs/pull/" + change.number() + "/head";
        };
    }

    private void unreachable(ClaimedRequest request, RemoteRepository remote, Unreachable away) {
        if (!away.retryable()) {
            planning.broke(request, away.why(), mark(request));
            return;
        }
        var wait = FIRST_WAIT.multipliedBy(1L << Math.min(request.waits(), 10));
        var delay = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
        LOG.info("the forge is away, trying later: {}", away.why());
        var id = request.repository();
        if (away.silent()) {
            var pause = pauses.afterFailure(id.forge());
            planning.later(request, delay, Planning.Paused.FORGE, pause);
        } else {
            var paused = remote.outside() ? Planning.Paused.FORKS : Planning.Paused.REPOSITORY;
            var pause = pauses.afterFailure(FetchPauses.of(id, remote.outside()));
            planning.later(request, delay, paused, pause);
        }
    }

    private String mark(ClaimedRequest request) {
        return repositories
                .find(request.repository())
                .map(known -> known.remote().mark())
                .orElse("");
    }

    /// Fetches history now, since only the plan says whether it is wanted.
    private void planned(
            ClaimedRequest request,
            RemoteRepository remote,
            TrustClass decided,
            Source files,
            List<PlanChoice.Chosen> chosen)
            throws InterruptedException {
        var sources = new EnumMap<GitDepth, String>(GitDepth.class);
        sources.put(GitDepth.NONE, files.tar().toString());
        var runs = new ArrayList<NewRun>();
        for (var one : chosen) {
            if (!sources.containsKey(one.git())) {
                var fetched = fetch(request, remote, one.git());
                if (!(fetched instanceof Source source)) {
                    notFetched(request, remote, fetched);
                    return;
                }
                sources.put(one.git(), source.tar().toString());
            }
            runs.add(one.run().withSource(Objects.requireNonNull(sources.get(one.git()))));
        }
        planning.planned(request, decided, files.commit(), runs);
    }

    /// The forge has to be asked again later.
    static final class AwayException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Unreachable away;

        AwayException(Unreachable away) {
            super(away.why());
            this.away = away;
        }

        Unreachable away() {
            return away;
        }
    }

    /// Pauses after failed fetches, by repository or forge: twice as long after each failure, as
    /// each try starts a process and a forge may be away for days. Kept in memory, so a restarted
    /// server tries immediately.
    static final class FetchPauses {
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

    /// Lists the change requests in a merge group.
    @FunctionalInterface
    public interface MergeQueues {
        QueuedChanges of(RepositoryId repository, Subject.MergeGroup group, CommitId head);
    }
}
