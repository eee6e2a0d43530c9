package airlock.web;

import airlock.base.Json;
import airlock.results.LogSource;
import airlock.results.Mark;
import airlock.results.PhaseView;
import airlock.results.RunView;
import airlock.results.StepView;
import airlock.results.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// A run as JSON Lines (docs/run-log.schema.json): one object a line, pure ASCII, first of the run,
/// then of each start of a phase with its steps, then where the text log has what each step wrote.
final class LogRecords {
    /// Raised when a reader of older records would misunderstand new ones.
    private static final int VERSION = 1;

    private final OutputStream out;

    LogRecords(OutputStream out) {
        this.out = out;
    }

    void write(String repository, RunView run, LogSource.OpenLog log) throws IOException {
        line(run(repository, run));
        for (var phase : run.phases()) {
            line(phase(phase));
            for (var step : phase.steps()) {
                line(step(phase, step));
            }
        }
        try {
            LogText.write(OutputStream.nullOutputStream(), run, log, part -> line(output(part)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Map<String, Object> run(String repository, RunView run) {
        var head = run.head();
        var record = new LinkedHashMap<String, Object>();
        record.put("record", "run");
        record.put("version", VERSION);
        record.put("run", head.id().text());
        record.put("request", head.request().text());
        record.put("repository", repository);
        record.put("kind", head.revision().subject().kind());
        record.put("subject", head.revision().subject().shortName());
        record.put("commit", head.revision().commit().hex());
        record.put("plan", head.planAndCell());
        record.put("plan_file", run.planFile());
        record.put("trust", head.trust().key());
        record.put("isolation", run.isolation());
        record.put("state", head.mark().key());
        record.put("reason", run.reason());
        times(record, head.times());
        return record;
    }

    private static Map<String, Object> phase(PhaseView phase) {
        var record = new LinkedHashMap<String, Object>();
        record.put("record", "phase");
        record.put("phase", phase.phase().key());
        record.put("start", phase.attempt());
        record.put("isolation", phase.isolation());
        record.put("state", phase.mark().key());
        record.put("reason", phase.reason());
        times(record, phase.times());
        return record;
    }

    private static Map<String, Object> step(PhaseView phase, StepView step) {
        var record = new LinkedHashMap<String, Object>();
        record.put("record", "step");
        record.put("phase", phase.phase().key());
        record.put("start", phase.attempt());
        record.put("step", step.number());
        record.put("command", step.title());
        record.put("state", step.mark().key());
        record.put("end", step.ending());
        step.end().ifPresent(end -> record.put("exit", end.exit()));
        if (step.mark() != Mark.QUEUED && step.mark() != Mark.NOT_RUN) {
            record.put("began_ms", step.start().toMillis());
        }
        step.end()
                .ifPresent(
                        end -> {
                            record.put("ended_ms", step.start().plus(end.took()).toMillis());
                            record.put("cpu_ms", end.cpu().toMillis());
                            record.put("peak_bytes", end.peakMemory());
                        });
        return record;
    }

    private static Map<String, Object> output(LogText.Part part) {
        var record = new LinkedHashMap<String, Object>();
        record.put("record", "output");
        record.put("phase", part.step().phase().key());
        record.put("start", part.step().attempt());
        record.put("step", part.step().step());
        record.put("offset", part.offset());
        record.put("bytes", part.bytes());
        return record;
    }

    private static void times(Map<String, Object> record, Times times) {
        switch (times) {
            case Times.Waiting _ -> {}
            case Times.Running(Instant start) -> record.put("began", start.toString());
            case Times.Over(Instant start, Instant end) -> {
                record.put("began", start.toString());
                record.put("ended", end.toString());
                record.put("took_ms", Duration.between(start, end).toMillis());
            }
            case Times.Never(Instant end) -> record.put("ended", end.toString());
        }
    }

    private void line(Map<String, Object> record) {
        try {
            out.write(
                    (Json.ASCII.writeValueAsString(record) + "\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
