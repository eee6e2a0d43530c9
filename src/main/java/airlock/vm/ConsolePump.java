package airlock.vm;

import airlock.program.Tail;
import airlock.text.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Writes a VM's console to its file, up to a limit; the rest is read and dropped, so that the
/// guest never blocks.
final class ConsolePump implements Runnable {
    private static final String PANIC = "Kernel panic - not syncing: ";
    private static final int TAIL = 16 << 10;
    private static final int PIECE = 8192;

    private final SocketChannel channel;
    private final Path file;
    private final long limit;
    private final Tail tail = new Tail(TAIL);

    ConsolePump(SocketChannel channel, Path file, long limit) {
        this.channel = channel;
        this.file = file;
        this.limit = limit;
    }

    @Override
    public void run() {
        try (InputStream in = Channels.newInputStream(channel);
                OutputStream out = Files.newOutputStream(file)) {
            pump(in, out);
        } catch (IOException _) {
            // the console only helps people; a run doesn't fail without it
        }
    }

    private void pump(InputStream in, OutputStream out) throws IOException {
        var piece = new byte[PIECE];
        long left = limit;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            tail.add(piece, n);
            if (left > 0) {
                out.write(piece, 0, (int) Math.min(left, n));
                left -= n;
                if (left <= 0) {
                    out.write(
                            "\n[airlock: the console is cut after %d bytes]\n"
                                    .formatted(limit)
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
    }

    VmEnd explained(VmEnd end) {
        return switch (end) {
            case VmEnd.GuestDied(var detail) ->
                    new VmEnd.GuestDied(
                            panic().map(p -> "the guest's kernel panicked: " + p).orElse(detail));
            case VmEnd.HostFailed(var detail) ->
                    new VmEnd.HostFailed(detail + "; console: " + lastLine());
            case VmEnd.Finished _, VmEnd.TimedOut _, VmEnd.Cancelled _, VmEnd.OverLimit _ -> end;
        };
    }

    Optional<String> panic() {
        String text = tail.text();
        int at = text.lastIndexOf(PANIC);
        return at < 0
                ? Optional.empty()
                : text.substring(at + PANIC.length())
                        .lines()
                        .findFirst()
                        .map(line -> SafeText.line(line, SafeText.SAID));
    }

    String lastLine() {
        String last = tail.text().strip().lines().reduce("", (_, line) -> line);
        return last.isEmpty() ? "the console is empty" : SafeText.line(last, SafeText.SAID);
    }
}
