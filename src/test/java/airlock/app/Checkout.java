package airlock.app;

import airlock.house.LoopbackForge;
import airlock.house.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A checkout of the repository alice/hello, which the forge hosts.
record Checkout(Path work, LoopbackForge forge) {
    static Checkout in(Path directory, LoopbackForge forge) {
        return new Checkout(work(directory), forge);
    }

    /// The checkout below `directory`, made if it is missing.
    static Path work(Path directory) {
        Path work = directory.resolve("work");
        if (!Files.exists(work)) {
            Programs.run("git", "init", "-q", "-b", "main", work.toString());
        }
        return work;
    }

    String git(String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", work.toString()));
        command.addAll(List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new)).strip();
    }

    void write(String file, String text) throws IOException {
        Path path = work.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    String commit() {
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", "x");
        return git("rev-parse", "HEAD");
    }

    String commit(String file, String text) throws IOException {
        write(file, text);
        return commit();
    }

    /// Pushes refs to the forge, which sends its webhook if it has one.
    void push(String... refs) {
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        var arguments =
                new ArrayList<>(List.of("push", "-qf", "http://" + authority + "/alice/hello.git"));
        arguments.addAll(List.of(refs));
        git(arguments.toArray(String[]::new));
    }
}
