package airlock.web;

import airlock.results.RunView;
import airlock.results.StoredLogs.OpenLog;
import java.io.IOException;
import java.io.OutputStream;

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

    /// The media type.
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
}
