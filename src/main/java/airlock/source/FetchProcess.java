package airlock.source;

import airlock.sandbox.Landlock;
import airlock.sandbox.RecordStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The child JVM that fetches and packs: reads one [Order], writes [FetchMessage]s, the last of
/// which is its [Answer], and ends.
public final class FetchProcess {
    static final String TRIAL = "trial";

    private FetchProcess() {}

    /// Carries out one order.
    ///
    /// @param arguments the path of an empty directory, in place of a home; and [#TRIAL] to end
    ///     before the first order
    public static void main(String[] arguments) throws IOException {
        var server = RecordStream.ofChild();
        Path home = Path.of(arguments[0]);
        Isolation.install(home);
        Landlock.restrict(List.of(home));
        if (arguments.length > 1 && arguments[1].equals(TRIAL)) {
            Files.createFile(home.resolve(TRIAL));
            return;
        }
        WarmUp.run(home);
        server.write(new FetchMessage.Ready());
        Order order;
        try {
            order = server.read(Order.class);
        } catch (EOFException _) {
            return; // a spare that was not needed
        }
        server.haltAtEnd();
        server.write(new FetchJob(home, stage -> tell(server, stage)).run(order));
        Runtime.getRuntime().halt(0);
    }

    static void tell(RecordStream server, Stage stage) {
        try {
            server.write(new FetchMessage.Doing(stage));
        } catch (IOException e) {
            throw new UncheckedIOException("the server does not listen", e);
        }
    }
}
