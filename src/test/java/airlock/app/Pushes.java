package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.LoopbackForge;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Somebody with a checkout of the repository that the forge hosts.
public record Pushes(Path directory, LoopbackForge forge) {
    /// Commits `plan` on main, pushes it to the forge, and returns the commit.
    public String push(Bot bot, String plan) throws Exception {
        return push(bot, ".airlock.yaml", plan);
    }

    /// The same for a plan in another file, without the usual one.
    public String push(Bot bot, String file, String plan) throws Exception {
        forge.hook(7, URI.create(bot.url() + "/hooks/demo/alice/hello"), Bot.SECRET, false);
        Path work = checkout(directory);
        Files.deleteIfExists(work.resolve(".airlock.yaml"));
        Path there = work.resolve(file);
        Files.createDirectories(there.getParent());
        Files.writeString(there, plan);
        git(work, "add", "-A");
        git(
                work,
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "commit",
                "-qm",
                "x",
                "--allow-empty");
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git(work, "push", "-q", "http://" + authority + "/alice/hello.git", "main");
        return git(work, "rev-parse", "HEAD").strip();
    }

    /// Pushes what was committed last to another ref.
    void pushTo(String ref) throws Exception {
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git(
                checkout(directory),
                "push",
                "-q",
                "http://" + authority + "/alice/hello.git",
                "HEAD:" + ref);
    }

    /// The checkout, to be filled with other files.
    static Path checkout(Path directory) throws Exception {
        Path work = directory.resolve("work");
        if (!Files.exists(work)) {
            git(directory, "init", "-q", "-b", "main", "work");
        }
        return work;
    }

    private static String git(Path directory, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
