package airlock.operator;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.machine.AppException;
import airlock.results.StoredLogs;
import airlock.site.Core;
import airlock.web.LogFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Sends a run's whole log, in the formats of the pages.
record LogCommands(Core core) {
    Reply file(Command.LogFile command, Consumer<Reply> replies) {
        var format =
                switch (command.format()) {
                    case "json" -> LogFormat.JSON;
                    case "html" -> LogFormat.HTML;
                    default -> throw new AppException("no format: " + command.format());
                };
        var run = core.kept().views().run(command.run());
        if (run.isEmpty()) {
            return RunCommands.unknown(command.run());
        }
        var log = new StoredLogs(core.kept().logs(), core.kept().views()).open(command.run());
        try (var out = new Pieces(replies)) {
            if (log.size() == 0) {
                return new Reply.Problem(
                        run.get().logRemoved().isPresent()
                                ? "the log of " + command.run() + " was removed to give room back"
                                : command.run() + " has no log yet");
            }
            String name = core.configured().hookOf(run.get().head().repository());
            format.write(out, name, run.get(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply.Done("");
    }

    /// Sends what is written to it, in pieces of about 64 KiB.
    private static final class Pieces extends ByteArrayOutputStream {
        private static final int PIECE = 64 << 10;

        private final Consumer<Reply> replies;

        Pieces(Consumer<Reply> replies) {
            this.replies = replies;
        }

        /// Each write is of whole characters.
        @Override
        public synchronized void write(byte[] some, int offset, int length) {
            super.write(some, offset, length);
            if (size() >= PIECE) {
                flush();
            }
        }

        @Override
        public void flush() {
            if (size() > 0) {
                replies.accept(new Reply.Text("", 0, 0, toString(StandardCharsets.UTF_8)));
                reset();
            }
        }

        @Override
        public void close() {
            flush();
        }
    }
}
