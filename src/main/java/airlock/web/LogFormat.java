package airlock.web;

import airlock.base.Json;
import airlock.results.Mark;
import airlock.results.PhaseView;
import airlock.results.RunView;
import airlock.results.StepView;
import airlock.results.StoredLogs.OpenLog;
import airlock.results.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// The formats of a whole log (docs/logs.md).
public enum LogFormat {
    /// Plain text with a heading for each step.
    TEXT("text/plain; charset=utf-8"),
    /// JSON Lines of what happened, with offsets of the output in the text format.
    JSON("application/jsonl; charset=utf-8"),
    /// One page that needs no other file.
    HTML("text/html; charset=utf-8");

    private final String type;

    LogFormat(String type) {
        this.type = type;
    }

    public String type() {
        return type;
    }

    /// Writes all that the log has now.
    ///
    /// @param repository its name in the configuration
    public void write(OutputStream out, String repository, RunView run, OpenLog log)
            throws IOException {
        switch (this) {
            case TEXT -> LogText.write(out, run, log, _ -> {});
            case JSON -> new LogRecords(out).write(repository, run, log);
            case HTML -> new LogHtml(out, run).write(repository, run, log);
        }
    }

    /// A run as JSON Lines (docs/run-log.schema.json), only ASCII: the run, each start of a phase with
    /// its steps, then where the text log has the output of each step.
    static final class LogRecords {
        /// Raised when clients that know older records would misread new ones.
        private static final int VERSION = 1;

        private final OutputStream out;

        LogRecords(OutputStream out) {
            this.out = out;
        }

        void write(String repository, RunView run, OpenLog log) throws IOException {
            try {
                line(run(repository, run));
                for (var phase : run.phases()) {
                    line(phase(phase));
                    phase.steps().forEach(step -> line(step(phase, step)));
                }
                LogText.write(OutputStream.nullOutputStream(), run, log, part -> line(output(part)));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private static ObjectNode record(String kind) {
            return ApiJson.object().put("record", kind);
        }

        private static ObjectNode run(String repository, RunView run) {
            var head = run.head();
            var record =
                    record("run")
                            .put("version", VERSION)
                            .put("run", head.id().text())
                            .put("request", head.request().text())
                            .put("repository", repository)
                            .put("kind", head.revision().subject().kind())
                            .put("subject", head.revision().subject().shortName())
                            .put("commit", head.revision().commit().hex())
                            .put("plan", head.planAndCell())
                            .put("plan_file", run.planFile())
                            .put("trust", head.trust().key())
                            .put("isolation", run.isolation())
                            .put("state", head.mark().key())
                            .put("reason", run.reason());
            return times(record, head.times());
        }

        private static ObjectNode phase(PhaseView phase) {
            var record =
                    record("phase")
                            .put("phase", phase.phase().key())
                            .put("start", phase.attempt())
                            .put("isolation", phase.isolation())
                            .put("state", phase.mark().key())
                            .put("reason", phase.reason());
            return times(record, phase.times());
        }

        private static ObjectNode step(PhaseView phase, StepView step) {
            var record =
                    record("step")
                            .put("phase", phase.phase().key())
                            .put("start", phase.attempt())
                            .put("step", step.number())
                            .put("command", step.title())
                            .put("state", step.mark().key())
                            .put("end", step.ending());
            step.end().ifPresent(end -> record.put("exit", end.exit()));
            if (step.mark() != Mark.QUEUED && step.mark() != Mark.NOT_RUN) {
                record.put("began_ms", step.start().toMillis());
            }
            step.end()
                    .ifPresent(
                            end ->
                                    record.put("ended_ms", step.start().plus(end.took()).toMillis())
                                            .put("cpu_ms", end.cpu().toMillis())
                                            .put("peak_bytes", end.peakMemory()));
            return record;
        }

        private static ObjectNode output(LogText.Part part) {
            return record("output")
                    .put("phase", part.step().phase().key())
                    .put("start", part.step().attempt())
                    .put("step", part.step().step())
                    .put("offset", part.offset())
                    .put("bytes", part.bytes());
        }

        private static ObjectNode times(ObjectNode record, Times times) {
            times.start().ifPresent(start -> record.put("began", start.toString()));
            times.end().ifPresent(end -> record.put("ended", end.toString()));
            if (times.start().isPresent() && times.end().isPresent()) {
                record.put("took_ms", times.took(Instant.MAX).toMillis());
            }
            return record;
        }

        private void line(ObjectNode record) {
            try {
                out.write(
                        (Json.ASCII.writeValueAsString(record) + "\n")
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
