package airlock.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/// A repository of the loopback forge: a bare git directory with an id that no rename changes.
///
/// @param name `owner/name`
/// @param bare the git directory
/// @param hidden whether only those with a token may see it
public record HostedRepository(long id, String name, Path bare, boolean hidden) {

    String owner() {
        return name.substring(0, name.indexOf('/'));
    }

    String shortName() {
        return name.substring(name.indexOf('/') + 1);
    }

    HostedRepository renamed(String newName) {
        return new HostedRepository(id, newName, bare, hidden);
    }

    /// Makes the bare directory where there is none; any object may be asked for by its id, as
    /// Gitea and GitHub allow.
    static HostedRepository create(long id, String name, Path bare, boolean hidden) {
        var repository = new HostedRepository(id, name, bare, hidden);
        if (!Files.exists(bare.resolve("HEAD"))) {
            Programs.run("git", "init", "-q", "--bare", "-b", "main", bare.toString());
            append(
                    bare.resolve("config"),
                    "[uploadpack]\n\tallowAnySHA1InWant = true\n[http]\n\treceivepack = true\n");
        }
        return repository;
    }

    /// Whether `revision`, an id, a shortened one or a ref, leads to a commit here.
    boolean knows(String revision) {
        return Programs.runs(
                "git",
                "-C",
                bare.toString(),
                "rev-parse",
                "-q",
                "--verify",
                revision + "^{commit}");
    }

    /// What each ref points to; for an annotated tag the tag object.
    Map<String, String> tips() {
        var tips = new TreeMap<String, String>();
        Programs.run(
                        "git",
                        "-C",
                        bare.toString(),
                        "for-each-ref",
                        "--format=%(refname) %(objectname)")
                .lines()
                .map(line -> line.split(" "))
                .forEach(parts -> tips.put(parts[0], parts[1]));
        return tips;
    }

    String commitOf(String revision) {
        return Programs.run("git", "-C", bare.toString(), "rev-parse", revision + "^{commit}")
                .strip();
    }

    String messageOf(String revision) {
        return Programs.run("git", "-C", bare.toString(), "log", "-1", "--format=%B", revision);
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
