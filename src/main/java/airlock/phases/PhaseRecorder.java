package airlock.phases;

import airlock.plan.PhaseSteps;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.PhaseRecords.StepOutcome;
import airlock.results.RunLog;
import airlock.text.SecretFilter;
import airlock.text.SecretForms;
import airlock.vm.GuestRecord;
import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.VmHost.VmListener;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Stores a guest's records: output in the run's log, the plan's actions as rows, with the phase's
/// secrets as stars. Airlock's own steps get a row only if they fail.
final class PhaseRecorder implements VmListener {
    private final PhaseKey key;
    private final PhaseSteps steps;
    private final PhaseLimits limits;
    private final PhaseRecords records;
    private final RunLog log;
    private final InstantSource clock;
    private final Runnable gate;
    private final Runnable personWaits;
    private final GuestTimes times = new GuestTimes();
    private final HostNotes notes;
    private final Map<Integer, SecretFilter> streams = new TreeMap<>();
    private volatile SecretForms secrets = SecretForms.NONE;
    private int last;
    private @Nullable String failure;
    private boolean stays;
    private boolean failedBeforeActions;

    /// @param gate called when the guest waits at its gate
    /// @param personWaits called when a step has failed and the guest waits for a person; no later
    ///     record counts
    PhaseRecorder(
            PhaseKey key,
            PhaseSteps steps,
            PhaseLimits limits,
            PhaseParts parts,
            RunLog log,
            Runnable gate,
            Runnable personWaits) {
        this.key = key;
        this.steps = steps;
        this.limits = limits;
        this.records = parts.stores().records();
        this.log = log;
        this.clock = parts.clock();
        this.gate = gate;
        this.personWaits = personWaits;
        this.notes = new HostNotes(key.phase(), log, clock);
    }

    /// Masks these secrets; called before the VM starts.
    void hide(OpenedSecrets opened) {
        secrets = opened.forms();
        notes.hide(opened.formsInNames());
    }

    /// Writes the bytes that were held back, once the VM has ended.
    void over() {
        flush(last);
    }

    /// The reason of the first step that failed, once the VM has ended.
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /// Whether that step was one of Airlock's own, such as unpacking an archive.
    boolean failedBeforeActions() {
        return failedBeforeActions;
    }

    GuestTimes times() {
        return times;
    }

    HostNotes notes() {
        return notes;
    }

    @Override
    public void record(GuestRecord record) {
        if (stays) {
            return;
        }
        switch (record) {
            case GuestRecord.Ready _ -> gate.run();
            case GuestRecord.StepStarted started when waits(started) -> {
                stays = true;
                personWaits.run();
            }
            case GuestRecord.StepStarted started -> started(started);
            case GuestRecord.Output output -> {
                last = output.step();
                add(output.step(), output.stream(), filtered(output.stream(), output.bytes()));
            }
            case GuestRecord.StepEnded ended -> ended(ended);
            case GuestRecord.Finished finished -> times.finished(finished.microseconds());
            case GuestRecord.Broke broke ->
                    failure = secrets.mask("the guest program could not go on: " + broke.detail());
        }
    }

    private void add(int step, int stream, byte[] bytes) {
        if (bytes.length > 0) {
            log.add(key.phase(), action(step), stream, clock.millis(), bytes);
        }
    }

    private synchronized byte[] filtered(int stream, byte[] bytes) {
        return streams.computeIfAbsent(stream, _ -> new SecretFilter(secrets)).next(bytes);
    }

    private synchronized void flush(int step) {
        streams.forEach((stream, filter) -> add(step, stream, filter.rest()));
    }

    private boolean waits(GuestRecord.StepStarted started) {
        return failure != null && steps.isTerminal(started.step());
    }

    private void started(GuestRecord.StepStarted started) {
        int action = action(started.step());
        times.began(started.microseconds(), action >= 0);
        if (action >= 0) {
            records.stepBegun(
                    key, action, title(started.step()), started.microseconds(), log.end());
        }
    }

    private void ended(GuestRecord.StepEnded ended) {
        flush(ended.step());
        int action = action(ended.step());
        times.ended(ended.microseconds(), action >= 0);
        String word = word(ended);
        boolean failed = !ended.end().equals(new StepEnd.Exited(0));
        if (failed) {
            String told = secrets.mask("step \"" + title(ended.step()) + "\" " + word);
            notes.add(told);
            failedBeforeActions |= ended.step() < steps.before().size();
            failure = failure == null ? told : failure;
        }
        if (action >= 0) {
            records.stepEnded(
                    key,
                    action,
                    new StepOutcome(
                            word,
                            ended.end() instanceof StepEnd.Exited(int code) ? code : -1,
                            ended.microseconds(),
                            ended.usage().userMicroseconds(),
                            ended.usage().systemMicroseconds(),
                            ended.usage().peakKilobytes()));
        }
    }

    /// The index among the plan's actions; -1 for a step of Airlock's own.
    private int action(int step) {
        int index = step - steps.before().size();
        return index < steps.actions().size() ? Math.max(index, -1) : -1;
    }

    private String title(int step) {
        var all = steps.all();
        return step < all.size() ? all.get(step).title() : "step " + step;
    }

    private String word(GuestRecord.StepEnded ended) {
        return secrets.mask(plainWord(ended));
    }

    private String plainWord(GuestRecord.StepEnded ended) {
        return switch (ended.end()) {
            case StepEnd.Exited(int code) -> code == 0 ? "passed" : "exited with " + code;
            case StepEnd.Signalled(int signal) -> "was killed by signal " + signal;
            case StepEnd.OutOfMemory _ -> limits.memory();
            case StepEnd.TooManyProcesses _ -> limits.tooManyProcesses();
            case StepEnd.TimedOut _ -> limits.tookTooLong(steps.all().get(ended.step()));
            case StepEnd.DiskFull full ->
                    limits.diskFull(steps.all().get(ended.step()).what(), full.detail());
            case StepEnd.Refused(var detail) ->
                    "could not be done"
                            + detail(
                                    MissingProgram.words(
                                                    steps.all().get(ended.step()).what(), detail)
                                            .orElse(detail));
        };
    }

    private static String detail(String detail) {
        return detail.isEmpty() ? "" : ": " + detail;
    }
}
