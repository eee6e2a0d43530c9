package airlock.phases;

import airlock.event.Phase;
import airlock.plan.PhaseSteps;
import airlock.results.PhaseKey;
import airlock.results.PhaseRecords;
import airlock.results.PhaseRecords.StepOutcome;
import airlock.results.PhaseView.PlaceUse;
import airlock.results.RunLog;
import airlock.text.SecretFilter;
import airlock.text.SecretForms;
import airlock.vm.GuestRecord;
import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.GuestStep;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Stores a guest's records: output in the run's log, the plan's actions as rows, with the phase's
/// secrets as stars. Airlock's own steps get a row only if they fail.
final class PhaseRecorder implements Consumer<GuestRecord> {
    private final PhaseKey key;
    private final PhaseSteps steps;
    private final PhaseLimits limits;
    private final PhaseRecords records;
    private final RunLog log;
    private final InstantSource clock;
    private final Runnable gate;
    private final Runnable personWaits;

    /// By the guest's clock, in microseconds since the gate got its line.
    private final Map<Part, Long> ends = Collections.synchronizedMap(new EnumMap<>(Part.class));

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
            PhaseOrder order,
            PhaseSteps steps,
            PhaseParts parts,
            RunLog log,
            Runnable gate,
            Runnable personWaits) {
        this.key = order.key();
        this.steps = steps;
        this.limits = PhaseLimits.of(order);
        this.records = parts.stores().records();
        this.log = log;
        this.clock = parts.clock();
        this.gate = gate;
        this.personWaits = personWaits;
        this.notes = new HostNotes(key.phase(), log, clock);
    }

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

    private enum Part {
        START,
        /// Until the first step.
        GATE,
        /// Until the plan's first action.
        INPUTS,
        ACTIONS,
        /// Until the last record.
        OUTPUTS
    }

    Map<String, Duration> times() {
        ends.put(Part.START, 0L);
        var times = new LinkedHashMap<String, Duration>();
        Long begin = null;
        for (Part part : Part.values()) {
            Long end = ends.get(part);
            if (begin != null && end != null) {
                String name = part.name().toLowerCase(Locale.ROOT);
                times.put(name, Duration.of(end - begin, ChronoUnit.MICROS));
            }
            begin = end;
        }
        return times;
    }

    HostNotes notes() {
        return notes;
    }

    @Override
    public void accept(GuestRecord record) {
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
            case GuestRecord.Finished finished -> ends.put(Part.OUTPUTS, finished.microseconds());
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
        ends.putIfAbsent(Part.GATE, started.microseconds());
        if (action >= 0) {
            ends.putIfAbsent(Part.INPUTS, started.microseconds());
            records.stepBegun(
                    key, action, title(started.step()), started.microseconds(), log.end());
        }
    }

    private void ended(GuestRecord.StepEnded ended) {
        flush(ended.step());
        int action = action(ended.step());
        String word = secrets.mask(word(ended));
        boolean failed = !ended.end().equals(new StepEnd.Exited(0));
        if (failed) {
            String told = secrets.mask("step \"" + title(ended.step()) + "\" " + word);
            notes.add(told);
            failedBeforeActions |= ended.step() < steps.before().size();
            failure = failure == null ? told : failure;
        }
        if (action >= 0) {
            ends.put(Part.ACTIONS, ended.microseconds());
            records.stepEnded(
                    key,
                    action,
                    new StepOutcome(
                            word,
                            ended.end() instanceof StepEnd.Exited(int code)
                                    ? Optional.of(code)
                                    : Optional.empty(),
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
        return switch (ended.end()) {
            case StepEnd.Exited(int code) -> code == 0 ? "passed" : "exited with " + code;
            case StepEnd.Signalled(int signal) -> "was killed by signal " + signal;
            case StepEnd.OutOfMemory _ -> limits.memory();
            case StepEnd.TooManyProcesses _ -> limits.tooManyProcesses();
            case StepEnd.TimedOut _ -> limits.tookTooLong(steps.all().get(ended.step()));
            case StepEnd.DiskFull full ->
                    limits.diskFull(steps.all().get(ended.step()).what(), full.detail());
            case StepEnd.Refused(var detail) when detail.isEmpty() -> "could not be done";
            case StepEnd.Refused(var detail) ->
                    "could not be done: " + why(steps.all().get(ended.step()).what(), detail);
        };
    }

    /// Adds what the image lacks, and how the plan can do without it, if the guest did not find the
    /// step's program.
    ///
    /// @param detail the guest program's words
    static String why(GuestStep step, String detail) {
        if (!(step instanceof GuestStep.Execute execute)) {
            return detail;
        }
        String program = execute.argv().getFirst();
        if (!detail.equals("cannot start " + program + ": No such file or directory")) {
            return detail;
        }
        if (program.startsWith("/ci/")) {
            return detail + " (or what its first line names is not in the image)";
        }
        return program.equals("bash") || program.equals("/bin/bash")
                ? "it needs /bin/bash, which the image has not; `shell` goes without it by `with: sh`"
                : "it needs " + program + ", which the image has not";
    }

    /// Writes the host's own lines to the log of one phase, with the phase's secrets as stars.
    ///
    /// **Threads**: any.
    static final class HostNotes {
        private final Phase phase;
        private final RunLog log;
        private final InstantSource clock;
        private volatile SecretForms secrets = SecretForms.NONE;
        private boolean isOver;

        HostNotes(Phase phase, RunLog log, InstantSource clock) {
            this.phase = phase;
            this.log = log;
            this.clock = clock;
        }

        void hide(SecretForms forms) {
            secrets = forms;
        }

        String masked(String text) {
            return secrets.mask(text);
        }

        /// Masks places and reasons, since the name of a host can carry a secret.
        List<PlaceUse> masked(List<PlaceUse> places) {
            return places.stream()
                    .map(
                            use ->
                                    new PlaceUse(
                                            masked(use.place()),
                                            use.connections(),
                                            use.sent(),
                                            use.received(),
                                            use.refused(),
                                            masked(use.reason())))
                    .toList();
        }

        synchronized void add(String line) {
            if (!isOver) {
                byte[] shown = (masked(line) + "\n").getBytes(StandardCharsets.UTF_8);
                log.add(phase, -1, 0, clock.millis(), shown);
            }
        }

        /// Drops later lines, since the log may be closed: programs that still use the agent or a
        /// token are refused, and each refusal would add a line.
        synchronized void close() {
            isOver = true;
        }
    }
}
