package airlock.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A tar unpacked like in the guest: with all times, even of links.
final class UnpackedTar {
    private UnpackedTar() {}

    /// Unpacks `tar` into a new directory below `parent`, and gives what git sees there.
    static GitRepo of(Path tar, Path parent) throws Exception {
        Path directory = Files.createTempDirectory(parent, "src");
        var command =
                List.of("tar", "-xf", tar.toString(), "-C", directory.toString())
                        .toArray(String[]::new);
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new AssertionError("tar can't unpack " + tar);
        }
        return new GitRepo(directory);
    }

    /// The ids of all objects that `git` has, whether anything leads to them or not.
    static List<String> objects(GitRepo git) {
        return git.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
                .lines()
                .sorted()
                .toList();
    }

    /// The ids of all objects that `names` lead to in `git`.
    static List<String> reached(GitRepo git, String... names) {
        var arguments = Stream.concat(Stream.of("rev-list", "--objects"), Stream.of(names));
        return git.git(arguments.toArray(String[]::new))
                .lines()
                .map(line -> line.substring(0, 40))
                .distinct()
                .sorted()
                .toList();
    }

    /// The paths of all files and directories in `.git`, from there.
    static List<String> inGit(GitRepo git) throws IOException {
        Path top = git.directory().resolve(".git");
        try (Stream<Path> files = Files.walk(top)) {
            return files.map(file -> top.relativize(file).toString()).sorted().toList();
        }
    }
}
