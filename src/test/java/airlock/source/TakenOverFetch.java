package airlock.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A fetch process with an attacker's code on a thread that started before the process restricts
/// itself, like the JVM's own threads.
final class TakenOverFetch {
    static final String WRITTEN = "taken-over";

    private TakenOverFetch() {}

    /// Works like [FetchProcess].
    ///
    /// @param arguments the process's home; a URL that answers when the attack shall begin and is
    ///     called at its end; the directories to attack
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        List<Path> victims =
                List.of(arguments).subList(2, arguments.length).stream().map(Path::of).toList();
        Thread.ofPlatform().daemon().start(() -> attack(home, arguments[1], victims));
        FetchProcess.main(new String[] {arguments[0]});
    }

    private static void attack(Path home, String signals, List<Path> victims) {
        try {
            ask(signals + "/begin");
            write(home.resolve(GitMirror.LENT).resolve(WRITTEN));
            for (Path victim : victims) {
                write(victim.resolve(WRITTEN));
                write(victim.resolve("HEAD"));
            }
            ask(signals + "/end");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(String url) throws IOException {
        try (var answer = URI.create(url).toURL().openStream()) {
            answer.readAllBytes();
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "poison");
        } catch (IOException e) {
            // then it can't
        }
    }
}
