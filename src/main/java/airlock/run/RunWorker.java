package airlock.run;

import airlock.event.Phase;
import airlock.event.Verdict;
import airlock.phases.PhaseOrder;
import airlock.phases.PhaseRules;
import airlock.phases.PhaseRunner;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.queue.ClaimedRun;
import airlock.queue.Claims;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.PhaseResult;
import airlock.results.RunLog;
import airlock.results.RunLogs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Takes a run through its phases to its verdict. After a crash it goes on with the first phase
/// that has not passed, from the stored outputs of those before.
public final class RunWorker implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(RunWorker.class);

    private final Claims claims;
    private final TipCheck tips;
    private final Repositories repositories;
    private final PhaseRunner phases;
    private final PhaseRecords records;
    private final RunLogs logs;
    private final InstantSource clock;
    private final PlanReader plans = new PlanReader();

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
            finish(run, log, work(run, log));
        } catch (RuntimeException e) {
            LOG.warn("a run broke", e);
            claims.end(run, Verdict.BROKE, String.valueOf(e.getMessage()));
        }
    }

    /// How a run ends, and in which phase.
    private record Ending(Phase phase, PhaseResult result) {}

    private void finish(ClaimedRun run, RunLog log, Ending ending) {
        var verdict = ending.result().verdict();
        String reason = ending.result().reason();
        String said = verdict.word() + (reason.isEmpty() ? "" : ": " + reason);
        note(log, ending.phase(), said);
        log.force();
        claims.end(run, verdict, reason);
        LOG.atInfo().addKeyValue("repository", run.repository()).log("{}", verdict.word());
    }

    private Ending work(ClaimedRun run, RunLog log) throws InterruptedException {
        var known = repositories.find(run.repository());
        if (known.isEmpty()) {
            return atOnce(new PhaseResult.Cancelled("the repository is not configured any more"));
        }
        return switch (plans.read(file(run.planFile()), run.planText())) {
            case PlanReading.Read read -> phases(run, known.get(), read.plan(), log);
            case PlanReading.Invalid invalid -> atOnce(new PhaseResult.Failed(invalid.summary()));
            case PlanReading.Absent _ -> atOnce(new PhaseResult.Failed("the plan is gone"));
        };
    }

    private static Ending atOnce(PhaseResult result) {
        return new Ending(Phase.PRE_PLAN, result);
    }

    private static PlanFile file(String path) {
        return Arrays.stream(PlanFile.values())
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no such plan file: " + path));
    }

    private Ending phases(ClaimedRun run, Repositories.Known known, Plan plan, RunLog log)
            throws InterruptedException {
        Phase last = Phase.PRE_PLAN;
        for (Phase phase : Phase.values()) {
            if (plan.actionsOf(phase).isEmpty() || records.hasPassed(run.id(), phase)) {
                continue;
            }
            if (!PhaseRules.mayRun(run.trust(), phase)) {
                note(log, phase, phase.key() + " is not run: this is no push to a listed ref");
                continue;
            }
            last = phase;
            var result = phase(run, known, plan, phase, log);
            if (!(result instanceof PhaseResult.Passed)) {
                return new Ending(phase, result);
            }
        }
        return new Ending(last, new PhaseResult.Passed());
    }

    private PhaseResult phase(
            ClaimedRun run, Repositories.Known known, Plan plan, Phase phase, RunLog log)
            throws InterruptedException {
        if (phase == Phase.POST_PLAN) {
            var obstacle = tips.before(run, known);
            if (obstacle.isPresent()) {
                return obstacle.get();
            }
        }
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
        records.ended(key, result);
        return result;
    }

    private void note(RunLog log, Phase phase, String line) {
        LOG.debug("{}", line);
        log.add(phase, -1, 0, clock.millis(), (line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
