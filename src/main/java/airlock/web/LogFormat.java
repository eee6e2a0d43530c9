package airlock.web;

import airlock.results.LogSource;
import airlock.results.RunView;
import java.io.IOException;
import java.io.OutputStream;

/// What a run's whole log can be written as (docs/logs.md).
public enum LogFormat {
    /// Plain text with a heading for each step.
    TEXT("text/plain; charset=utf-8"),
    /// What happened, one JSON object a line; output by reference to the text.
    JSON("application/jsonl; charset=utf-8"),
    /// One page that needs nothing else.
    HTML("text/html; charset=utf-8");

    private final String type;

    LogFormat(String type) {
        this.type = type;
    }

    /// The media type.
    public String type() {
        return type;
    }

    /// Writes the log of `run` as far as it is there.
    ///
    /// @param repository its repository, as the configuration names it
    public void write(OutputStream out, String repository, RunView run, LogSource.OpenLog log)
            throws IOException {
        switch (this) {
            case TEXT -> LogText.write(out, run, log, _ -> {});
            case JSON -> new LogRecords(out).write(repository, run, log);
            case HTML -> new LogHtml(out).write(repository, run, log);
        }
    }
}
