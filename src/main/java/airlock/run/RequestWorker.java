package airlock.run;

import airlock.event.SkipMarks;
import airlock.event.Subject;
import airlock.event.Verdict;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.ClaimedRequest;
import airlock.queue.Claims;
import airlock.queue.NewRun;
import airlock.queue.Planning;
import airlock.source.Fetched;
import airlock.source.Missing;
import airlock.source.Moved;
import airlock.source.Place;
import airlock.source.Refused;
import airlock.source.Source;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Turns a request into its runs: asks the forge for the commit, reads the plan.
public final class RequestWorker implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(RequestWorker.class);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Claims claims;
    private final Planning planning;
    private final SourceFetcher fetcher;
    private final Trust trust;
    private final Repositories repositories;
    private final PlanReader plans = new PlanReader();

    public RequestWorker(
            Claims claims, Planning planning, SourceFetcher fetcher, Repositories repositories) {
        this.claims = claims;
        this.planning = planning;
        this.fetcher = fetcher;
        this.trust = new Trust(fetcher);
        this.repositories = repositories;
    }

    @Override
    public boolean runOnce() throws InterruptedException {
        var claimed = claims.claimRequest();
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
            LOG.warn("reading the source broke", e);
            planning.ended(request, Verdict.BROKE, String.valueOf(e.getMessage()));
        }
    }

    private void work(ClaimedRequest request) throws InterruptedException {
        var known = repositories.find(request.repository());
        if (known.isEmpty()) {
            planning.ended(request, Verdict.CANCELLED, "the repository is not configured any more");
            return;
        }
        switch (fetch(request, known.get())) {
            case Source source when asksToSkip(request, source.message()) ->
                    planning.ended(
                            request, Verdict.CANCELLED, "the commit's message asks to skip CI");
            case Source source -> plan(request, known.get(), source);
            case Moved moved -> planning.moved(request, moved.tip());
            case Missing missing -> planning.ended(request, Verdict.CANCELLED, missing.why());
            case Refused refused -> planning.ended(request, Verdict.FAILED, refused.why());
            case Unreachable away -> unreachable(request, away);
        }
    }

    /// Here all ways meet: a push by webhook was asked before, but not the head of a change
    /// request, nor what a sweep found. No skipped commit counts as a success.
    private static boolean asksToSkip(ClaimedRequest request, String message) {
        return switch (request.subject()) {
            case Subject.Branch _, Subject.Change _ -> !request.rerun() && SkipMarks.in(message);
            case Subject.Tag _ -> false;
        };
    }

    private Fetched fetch(ClaimedRequest request, Repositories.Known known)
            throws InterruptedException {
        return fetcher.fetch(
                new Wanted(
                        known.remote(),
                        refOf(request.subject()),
                        request.commit(),
                        request.rerun() ? Place.ANYWHERE : Place.TIP,
                        Arrays.stream(PlanFile.values()).map(PlanFile::path).toList()));
    }

    /// Where the forges that are understood so far keep a subject's commits.
    static String refOf(Subject subject) {
        return switch (subject) {
            case Subject.Branch branch -> branch.ref();
            case Subject.Tag tag -> tag.ref();
            case Subject.Change change -> "refs/pull/" + change.number() + "/head";
        };
    }

    private void unreachable(ClaimedRequest request, Unreachable away) {
        if (!away.retryable()) {
            planning.ended(request, Verdict.BROKE, away.why());
            return;
        }
        var wait = FIRST_WAIT.multipliedBy(1L << Math.min(request.waits(), 10));
        LOG.info("the forge is away, trying later: {}", away.why());
        planning.later(request, wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
    }

    private void plan(ClaimedRequest request, Repositories.Known known, Source source)
            throws InterruptedException {
        switch (plans.read(path -> content(source, path))) {
            case PlanReading.Read read -> {
                var run =
                        new NewRun(
                                read.plan().name(),
                                "",
                                read.plan().file().path(),
                                content(source, read.plan().file().path()).orElseThrow(),
                                source.tar().toString());
                planning.planned(
                        request,
                        trust.of(request.subject(), known, source.commit()),
                        source.commit(),
                        List.of(run));
            }
            case PlanReading.Invalid invalid ->
                    planning.ended(request, Verdict.INVALID_PLAN, invalid.summary());
            case PlanReading.Absent _ ->
                    planning.ended(
                            request,
                            Verdict.INVALID_PLAN,
                            "the commit has no plan: neither .airlock.yaml nor .radicle/ambient.yaml");
        }
    }

    /// What is no plain file of a bearable size is handed on as bytes that no plan can be, so
    /// that the reader refuses it with its own words.
    private static Optional<byte[]> content(Source source, String path) {
        return source.planFiles().stream()
                .filter(file -> file.path().equals(path))
                .map(
                        file ->
                                switch (file) {
                                    case airlock.source.PlanFile.Content content -> content.bytes();
                                    case airlock.source.PlanFile.TooLarge _ ->
                                            new byte[PlanReader.LARGEST + 1];
                                    case airlock.source.PlanFile.NotAFile other ->
                                            ("# " + other.what() + "\n[]")
                                                    .getBytes(
                                                            java.nio.charset.StandardCharsets
                                                                    .UTF_8);
                                })
                .findFirst();
    }
}
