package airlock.run;

import airlock.event.CommitId;
import airlock.event.Phase;
import airlock.event.Verdict;
import airlock.phases.PhaseOrder;
import airlock.phases.PhaseRunner;
import airlock.phases.PhaseRunner.PhaseWatch;
import airlock.plan.Plan;
import airlock.queue.ClaimedRun;
import airlock.queue.ClaimedRun.OnMoved;
import airlock.queue.Claims;
import airlock.queue.Planning;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.PhaseResult;
import airlock.results.RunLog;
import airlock.results.RunLogs;
import airlock.run.Workers.Worker;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceException;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Takes a run through its phases to its verdict. After a crash it continues with the first phase
/// that has not passed, using the stored outputs of earlier ones.
public final class RunWorker implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(RunWorker.class);

    private final Claims claims;
    private final TipCheck tips;
    private final Repositories repositories;
    private final PhaseRunner phases;
    private final PhaseRecords records;
    private final RunLogs logs;
    private final InstantSource clock;
    private volatile boolean leaving;

    public RunWorker(
            Claims claims,
            TipCheck tips,
            Repositories repositories,
            PhaseRunner phases,
            PhaseRecords records,
            RunLogs logs,
            InstantSource clock) {
        this.claims = claims;
        this.tips = tips;
        this.repositories = repositories;
        this.phases = phases;
        this.records = records;
        this.logs = logs;
        this.clock = clock;
    }

    /// Begins no further phase, as the server stops. A run between two phases continues at the next
    /// start.
    public void leave() {
        leaving = true;
    }

    @Override
    public boolean runOnce() throws InterruptedException {
        var claimed = claims.claimRun();
        if (claimed.isEmpty()) {
            return false;
        }
        var run = claimed.get();
        try (var _ = MDC.putCloseable("request", run.request().text());
                var _ = MDC.putCloseable("run", run.id().text())) {
            take(run);
        }
        return true;
    }

    private void take(ClaimedRun run) throws InterruptedException {
        try (var log = logs.append(run.id())) {
            var ending = work(run, log);
            if (ending.isPresent()) {
                finish(run, log, ending.get());
            }
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                // the server stops: the claim stays, and the next one goes on with the run
                throw new InterruptedException("interrupted while a run was worked on");
            }
            LOG.warn("a run broke", e);
            Workers.written(() -> claims.end(run, Verdict.BROKE, String.valueOf(e.getMessage())));
        }
    }

    private record Ending(Phase phase, PhaseResult result) {}

    private static Optional<Ending> ends(Phase phase, PhaseResult result) {
        return Optional.of(new Ending(phase, result));
    }

    private void finish(ClaimedRun run, RunLog log, Ending ending) throws InterruptedException {
        var verdict = ending.result().verdict();
        String reason = ending.result().reason();
        String said = verdict.word() + (reason.isEmpty() ? "" : ": " + reason);
        boolean noted = noted(log, ending.phase(), said);
        Workers.written(() -> claims.end(run, verdict, reason));
        if (!noted) {
            // the verdict could be written, so there is space again
            noted(log, ending.phase(), said);
        }
        LOG.atInfo().addKeyValue("repository", run.repository()).log("{}", verdict.word());
    }

    /// Returns whether the line was written: a full disk must not change a verdict.
    private boolean noted(RunLog log, Phase phase, String line) {
        try {
            note(log, phase, line);
            log.force();
            return true;
        } catch (UncheckedIOException e) {
            LOG.warn("a log lacks its end", e);
            return false;
        }
    }

    /// How the run ends; empty if it waits and continues later.
    private Optional<Ending> work(ClaimedRun run, RunLog log) throws InterruptedException {
        var known = repositories.find(run.repository());
        if (known.isEmpty()) {
            String why = "the repository is not configured any more";
            return ends(Phase.PRE_PLAN, PhaseResult.cancelled(why));
        }
        return phases(run, known.get(), RunPlan.of(run), log);
    }

    private Optional<Ending> phases(
            ClaimedRun run, Repositories.Known known, RunPlan read, RunLog log)
            throws InterruptedException {
        Plan plan = read.plan();
        Phase last = Phase.PRE_PLAN;
        for (Phase phase : Phase.values()) {
            if (plan.actionsOf(phase).isEmpty() || records.hasPassed(run.id(), phase)) {
                continue;
            }
            if (!PhaseRunner.mayRun(run.trust(), phase)) {
                note(log, phase, phase.key() + " is not run: " + whyNoPublishing(run));
                continue;
            }
            if (leaving) {
                note(log, phase, phase.key() + " waits until the server is back");
                return Optional.empty();
            }
            if (claims.yields(run)) {
                note(log, phase, phase.key() + " waits until pushes have had their turn");
                return Optional.empty();
            }
            last = phase;
            if (phase == Phase.POST_PLAN && run.onMoved() != OnMoved.PUBLISHED) {
                switch (tips.ask(run, known)) {
                    case TipCheck.There _ -> {}
                    case TipCheck.MovedOn(String why) -> {
                        return ends(phase, movedOn(run, why, log));
                    }
                    case TipCheck.Unknown(String why, boolean again) -> {
                        return notAsked(run, why, again, log);
                    }
                }
            }
            read.warnings(phase).forEach(warning -> note(log, phase, warning.toString()));
            var result = phase(run, known, plan, phase, log);
            if (result.verdict() != Verdict.PASSED) {
                return ends(phase, result);
            }
        }
        return ends(last, PhaseResult.passed());
    }

    private static String whyNoPublishing(ClaimedRun run) {
        return switch (run.trust()) {
            case OUTSIDE -> "the code is from outside";
            case INSIDE -> "this is no push to a listed ref";
            case LISTED -> throw new IllegalStateException("a push to a listed ref publishes");
        };
    }

    private PhaseResult phase(
            ClaimedRun run, Repositories.Known known, Plan plan, Phase phase, RunLog log)
            throws InterruptedException {
        var key = new PhaseKey(run.id(), run.generation(), phase);
        var order =
                new PhaseOrder(
                        key,
                        plan,
                        Path.of(run.source()),
                        run.repository(),
                        run.subject(),
                        run.trust(),
                        known.settings());
        var result = phases.run(order, log, new ClaimWatch(claims, run, phase));
        Workers.written(() -> records.ended(key, result));
        return result;
    }

    /// The forge may be away for a moment after hours of work, so the run waits with its stored
    /// outputs, like a request whose source can't be fetched.
    private Optional<Ending> notAsked(ClaimedRun run, String why, boolean again, RunLog log) {
        if (!again) {
            String all = "not published, since the forge could not be asked for the ref's tip: ";
            return ends(Phase.POST_PLAN, PhaseResult.broke(all + why, false));
        }
        note(
                log,
                Phase.POST_PLAN,
                "post_plan waits, as the forge can't be asked for the ref's tip: " + why);
        LOG.info("post_plan waits: {}", why);
        claims.later(run);
        return Optional.empty();
    }

    private PhaseResult movedOn(ClaimedRun run, String why, RunLog log) {
        return switch (run.onMoved()) {
            case SUPERSEDED -> PhaseResult.cancelled("superseded: " + why);
            case SKIPPED -> {
                note(log, Phase.POST_PLAN, "post_plan is not run again: " + why);
                yield PhaseResult.passed();
            }
            case PUBLISHED -> throw new IllegalStateException("the tip was not asked for");
        };
    }

    private void note(RunLog log, Phase phase, String line) {
        LOG.debug("{}", line);
        log.add(phase, -1, 0, clock.millis(), (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// Ends a phase when its run is cancelled, superseded or lost, and starts no VM's work for a
    /// claim that has ended.
    record ClaimWatch(Claims claims, ClaimedRun run, Phase phase) implements PhaseWatch {
        @Override
        public Optional<String> endsBecause() {
            return switch (claims.beat(run)) {
                case Claims.Beat.GoOn _ -> Optional.empty();
                case Claims.Beat.End end -> Optional.of(end.reason());
                case Claims.Beat.Lost _ -> Optional.of("the run is no longer this worker's");
            };
        }

        @Override
        public boolean ready() {
            return phase == Phase.POST_PLAN
                    ? claims.publishing(run)
                    : claims.beat(run) instanceof Claims.Beat.GoOn;
        }
    }

    /// Asks the forge right before post_plan whether the ref still points to the run's commit (T5);
    /// otherwise the commit is not published.
    public record TipCheck(SourceFetcher fetcher, Planning planning) {
        sealed interface Answer {}

        record There() implements Answer {}

        record MovedOn(String why) implements Answer {}

        /// The forge could not be asked.
        ///
        /// @param again whether a later try may succeed
        record Unknown(String why, boolean again) implements Answer {}

        Answer ask(ClaimedRun run, Repositories.Known known) throws InterruptedException {
            try {
                return answer(run, known);
            } catch (SourceException e) {
                return new Unknown(String.valueOf(e.getMessage()), true);
            }
        }

        private Answer answer(ClaimedRun run, Repositories.Known known)
                throws InterruptedException {
            String ref = RequestWorker.refOf(run.subject());
            return switch (fetcher.tips(known.remote(), List.of(ref))) {
                case Listing.Tips tips ->
                        tips.commitOf(ref)
                                .map(tip -> compare(run, tip))
                                .orElseGet(() -> new MovedOn(ref + " is gone"));
                case Refused refused -> new Unknown(refused.why(), false);
                case Unreachable away -> new Unknown(away.why(), away.retryable());
            };
        }

        private Answer compare(ClaimedRun run, CommitId tip) {
            if (tip.equals(run.commit())) {
                return new There();
            }
            planning.sawTip(run, tip);
            return new MovedOn("the ref points to " + tip.abbreviated() + " by now");
        }
    }
}
