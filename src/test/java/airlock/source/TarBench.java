package airlock.source;

import airlock.event.CommitId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Measures `source.tar` of docs/performance.md: a commit of many files, from the order to a
/// waiting process until its tar is hashed and on the disk, against `git archive` of the same
/// commit into a file. The commit is in the mirror already, so that no network is measured.
///
/// Prints one line: `source.tar VALUE REFERENCE`, both in seconds, the medians of the rounds.
final class TarBench {
    private static final String BRANCH = "refs/heads/main";

    private final Forge forge;
    private final Forge.Repo repo;

    private TarBench(Forge forge) {
        this.forge = forge;
        this.repo = forge.repo();
    }

    /// Measures and prints.
    ///
    /// @param arguments a directory that does not exist yet, the number of files, that of the
    ///     rounds
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        int files = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        try (var forge = new Forge(directory)) {
            var bench = new TarBench(forge);
            bench.fill(files);
            Source source = bench.fetch();
            List<Duration> ours = new ArrayList<>();
            List<Duration> theirs = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                theirs.add(bench.archive(directory.resolve("archive.tar")));
                Files.delete(source.tar());
                bench.awaitSpare();
                ours.add(bench.time(bench::fetch));
            }
            System.out.printf("source.tar %.3f %.3f%n", median(ours), median(theirs));
        }
    }

    /// So that what is measured begins with a process that waits, as it does in a server.
    private void awaitSpare() throws IOException, InterruptedException {
        forge.fetcher.tips(repo.remote(), List.of("refs/none/"));
        new ProcessBuilder("sleep", "3").start().waitFor();
    }

    private Source fetch() throws InterruptedException {
        return Forge.source(
                forge.fetcher.fetch(
                        new Wanted(
                                repo.remote(),
                                BRANCH,
                                new CommitId(repo.git().git("rev-parse", BRANCH)),
                                Place.TIP,
                                Forge.PLAN_FILES)));
    }

    private Duration archive(Path file) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder("git", "archive", "--format=tar", "-o", file.toString(), BRANCH);
        GitRepo.clean(builder.directory(repo.git().directory().toFile()));
        return time(() -> builder.start().waitFor());
    }

    private interface Work {
        Object run() throws IOException, InterruptedException;
    }

    private Duration time(Work work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static double median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2).toNanos() / 1e9;
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
