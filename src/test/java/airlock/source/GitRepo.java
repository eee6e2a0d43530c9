package airlock.source;

import airlock.event.CommitId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A repository made with git itself, whose commits depend only on their content.
record GitRepo(Path directory) {

    /// Makes one, with a working tree and the branch `main`.
    static GitRepo create(Path directory) {
        var repository = new GitRepo(directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        repository.git("init", "-q", "-b", "main");
        return repository;
    }

    /// Writes a file, with the directories on its way.
    GitRepo write(String path, String content) {
        try {
            Path file = directory.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Commits all files.
    CommitId commit(String message) {
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", message);
        return head();
    }

    CommitId head() {
        return new CommitId(git("rev-parse", "HEAD"));
    }

    CommitId resolve(String name) {
        return new CommitId(git("rev-parse", name));
    }

    /// Runs git and gives what it prints, without the last line's end.
    String git(String... arguments) {
        return new String(run(new byte[0], arguments), StandardCharsets.UTF_8).stripTrailing();
    }

    byte[] run(byte[] input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        clean(builder);
        try {
            Path errors = Files.createTempFile("git", ".err");
            builder.redirectError(errors.toFile());
            Process process = builder.start();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (var in = process.getOutputStream()) {
                                    in.write(input);
                                } catch (IOException e) {
                                    // git did not read everything
                                }
                            });
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError("%s: %s".formatted(command, Files.readString(errors)));
            }
            Files.delete(errors);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void clean(ProcessBuilder builder) {
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GIT_"));
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_AUTHOR_NAME", "Ada");
        environment.put("GIT_AUTHOR_EMAIL", "ada@example.org");
        environment.put("GIT_AUTHOR_DATE", "1700000000 +0000");
        environment.put("GIT_COMMITTER_NAME", "Ada");
        environment.put("GIT_COMMITTER_EMAIL", "ada@example.org");
        environment.put("GIT_COMMITTER_DATE", "1700000000 +0000");
    }
}
