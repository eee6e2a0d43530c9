package airlock.source;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import airlock.event.CommitId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Measures `source.tar` of docs/performance.md: a commit of many files, from the order to a
/// waiting process until its tar is hashed and on the disk, against `git archive` of the same
/// commit into a file. The commit is in the mirror already, so that no network is measured.
final class TarBench {
    private static final String BRANCH = "refs/heads/main";
    private static final int FILES = 100_000;
    private static final int ROUNDS = 5;

    private final Forge forge;
    private final Forge.Repo repo;

    private TarBench(Forge forge) {
        this.forge = forge;
        this.repo = forge.repo();
    }

    /// Measures and prints the figure.
    ///
    /// @param arguments a directory that does not exist yet
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        var rounds = new Rounds("source.tar", ROUNDS);
        try (var forge = new Forge(directory)) {
            var bench = new TarBench(forge);
            rounds.progress("making a commit of %,d files".formatted(FILES));
            bench.fill(FILES);
            Path tar = bench.fetch().tar();
            var medians =
                    rounds.alternate(
                            () -> bench.ours(tar),
                            () -> bench.archive(directory.resolve("archive.tar")));
            System.out.println(
                    Figure.against(medians.reference(), "source.tar", medians.value(), "s").line());
        }
    }

    private double ours(Path tar) throws Exception {
        Files.delete(tar);
        // what is measured begins with a process that waits, as it does in a server
        forge.fetcher.tips(repo.remote(), List.of("refs/none/"));
        TimeUnit.SECONDS.sleep(3);
        return Rounds.seconds(this::fetch);
    }

    private Source fetch() throws InterruptedException {
        var commit = new CommitId(repo.git().git("rev-parse", BRANCH));
        var wanted = new Wanted(repo.remote(), BRANCH, commit, CommitPlace.TIP, Forge.PLAN_FILES);
        if (forge.fetcher.fetch(wanted) instanceof Source source) {
            return source;
        }
        throw new IllegalStateException("the commit could not be fetched");
    }

    private double archive(Path file) throws Exception {
        var builder =
                new ProcessBuilder("git", "archive", "--format=tar", "-o", file.toString(), BRANCH);
        GitRepo.clean(builder.directory(repo.git().directory().toFile()));
        return Rounds.seconds(
                () -> {
                    if (builder.start().waitFor() != 0) {
                        throw new IOException("git archive failed");
                    }
                });
    }

    /// Text-like files of some 2 KB, 200 in a directory, the same in every run.
    private void fill(int files) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("git", "fast-import", "--quiet");
        GitRepo.clean(builder.directory(repo.git().directory().toFile()));
        Process git = builder.start();
        var random = new Random(20261124);
        try (var out = new BufferedOutputStream(git.getOutputStream(), 1 << 16)) {
            print(out, "commit " + BRANCH + "\ncommitter A <a@example.org> 1700000000 +0000\n");
            print(out, "data 0\n");
            for (int i = 0; i < files; i++) {
                String path = "dir%02d/sub%03d/file%d.txt".formatted(i / 200 % 25, i / 200, i);
                String text = text(random, 200 + random.nextInt(4000));
                print(out, "M 100644 inline " + path + "\ndata " + text.length() + "\n" + text);
                print(out, "\n");
            }
        }
        if (git.waitFor() != 0) {
            throw new IOException("git fast-import failed");
        }
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(Random random, int length) {
        var text = new StringBuilder(length);
        while (text.length() < length) {
            for (int letters = 2 + random.nextInt(8); letters > 0; letters--) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append(random.nextInt(10) == 0 ? '\n' : ' ');
        }
        return text.toString();
    }
}
