package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.sandbox.ChildJvm;
import airlock.sandbox.JvmSpec;
import airlock.sandbox.JvmSpec.OwnJvm;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The child itself: how it begins, what it may do, and how it ends.
class FetchProcessTest {
    private final List<Process> started = new ArrayList<>();
    @TempDir private Path temporary;

    private ChildJvm start() throws IOException {
        Sandbox sandbox =
                (home, reads, command) -> {
                    started.add(Sandbox.NONE.start(home, reads, command));
                    return started.getLast();
                };
        return ChildJvm.start(FetchWorker.spec(sandbox), temporary, "home");
    }

    private static void awaitReady(ChildJvm child) throws IOException {
        assertThat(child.records().read(FetchMessage.class)).isEqualTo(new FetchMessage.Ready());
    }

    private static Order order(Forge.Repo repo, CommitId commit) {
        var login = new Order.Login.Anonymous();
        return new Order.Fetch(
                new Order.Target(repo.url().toString(), login, SourceLimits.DEFAULT),
                "refs/heads/main",
                commit,
                CommitPlace.TIP,
                List.of(),
                GitDepth.NONE,
                List.of());
    }

    @Test
    void itEndsWhenItsParentDoes() throws Exception {
        try (var child = start()) {
            awaitReady(child);
            assertThat(child.isAlive()).isTrue();

            started.getLast().getOutputStream().close(); // as the end of the parent does

            assertThat(child.endsWithin(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void itEndsInTheMiddleOfItsWorkToo() throws Exception {
        var asked = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var forge = new Forge(temporary);
                var child = start()) {
            forge.server.stall(asked, end);
            child.records().write(order(forge.repo(), new CommitId("12".repeat(20))));
            asked.await();

            started.getLast().getOutputStream().close();

            assertThat(child.endsWithin(Duration.ofSeconds(20))).isTrue();
            end.countDown();
        }
    }

    @Test
    void itsEnvironmentAndArgumentsTellNothing() throws Exception {
        try (var child = start()) {
            awaitReady(child);

            Path proc = Path.of("/proc/" + child.pid());
            assertThat(nulSeparated(proc.resolve("environ")))
                    .allMatch(
                            entry ->
                                    Stream.of("PATH=", "LC_ALL=", "MALLOC_ARENA_MAX=")
                                            .anyMatch(entry::startsWith));
            assertThat(Files.readString(proc.resolve("limits")))
                    .containsPattern("Max core file size +0 +0 ")
                    .containsPattern("Max cpu time +1800 +1800 ")
                    .containsPattern("Max open files +1024 +1024 ")
                    .containsPattern("Max address space +[1-9][0-9]{9} ")
                    .containsPattern("Max file size +[1-9][0-9]{10} ");
        }
    }

    @Test
    void aCommitThatNeedsMoreMemoryThanItHasIsRefusedWithTheSize() throws Exception {
        var small = FetchWorker.spec(OwnJvm.running(), 12 << 20, Sandbox.NONE);
        try (var forge = new Forge(temporary);
                var fetcher = new ProcessFetcher(temporary.resolve("own"), small, 1, 0)) {
            Forge.Repo repo = forge.repo();
            repo.git().write("a", "1");
            Path message = temporary.resolve("message");
            Files.writeString(message, "a line of a long message\n".repeat(1 << 19));
            repo.git().git("add", "a");
            repo.git().git("commit", "-q", "-F", message.toString());
            var wanted =
                    new Wanted(
                            repo.remote(),
                            "refs/heads/main",
                            repo.git().resolve("main"),
                            CommitPlace.TIP,
                            List.of());

            assertThat(fetcher.fetch(wanted))
                    .isEqualTo(
                            new Refused(
                                    "reading the commit takes more than the 12 MiB of memory that a"
                                            + " fetch process has"));
        }
    }

    private static List<String> nulSeparated(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return Stream.of(text.split("\0")).filter(entry -> !entry.isEmpty()).toList();
    }

    private static JvmSpec likeThisOneBut(Path java) {
        var own = new OwnJvm(java, OwnJvm.running().classPath());
        return FetchWorker.spec(own, 768 << 20, Sandbox.NONE);
    }

    @Test
    void aChildThatDoesNotStartIsAskedForAgainLater() throws Exception {
        var missing = likeThisOneBut(temporary.resolve("no/java"));
        try (var forge = new Forge(temporary);
                var fetcher = new ProcessFetcher(temporary.resolve("own"), missing, 1, 0)) {
            var away = fetcher.tips(forge.repo().remote(), List.of("refs/heads/"));

            assertThat(away)
                    .isInstanceOfSatisfying(
                            Unreachable.class,
                            e -> {
                                assertThat(e.retryable()).isTrue();
                                assertThat(e.why()).contains("did not start", "no/java");
                            });
        }
    }

    @Test
    void aChildThatClosesItsInputBeforeItEndsDidNotStart() throws Exception {
        // the order is longer than a pipe holds, so that it meets the closed input for certain
        Path java = temporary.resolve("java");
        Files.writeString(java, "#!/bin/sh\nexec <&-\nsleep 1\nexit 9\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        var closing = likeThisOneBut(java);
        try (var forge = new Forge(temporary);
                var fetcher = new ProcessFetcher(temporary.resolve("own"), closing, 1, 0)) {
            var away = fetcher.tips(forge.repo().remote(), List.of("x".repeat(1 << 20)));

            assertThat(away)
                    .isInstanceOfSatisfying(
                            Unreachable.class,
                            e -> assertThat(e.why()).contains("did not start", "code 9"));
        }
    }

    @Test
    void aChildThatIsKilledIsOurFaultAndTheNextOneWorks() throws Exception {
        var end = new CountDownLatch(1);
        try (var forge = new Forge(temporary)) {
            Forge.Repo repo = forge.repoWithACommit();
            forge.server.answer(
                    _ -> {
                        workers(temporary.resolve("state/fetch"))
                                .forEach(ProcessHandle::destroyForcibly);
                        GitServer.await(end);
                    });

            assertThatThrownBy(() -> forge.fetchMain(repo))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("ended with code 137");

            end.countDown();
            forge.server.answer(null);
            assertThat(forge.source(repo).bytes()).isPositive();
        }
    }

    private static Stream<ProcessHandle> workers(Path homes) {
        return ProcessHandle.current()
                .children()
                .filter(child -> commandLine(child).contains(homes.toString()));
    }

    private static String commandLine(ProcessHandle child) {
        try {
            return Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"));
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    @Test
    void aCancelledFetchLeavesNoProcessAndNoHome() throws Exception {
        var asked = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var forge = new Forge(temporary)) {
            Forge.Repo repo = forge.repoWithACommit();
            forge.server.stall(asked, end);
            var outcome = new CompletableFuture<Optional<Fetched>>();
            Thread caller =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            outcome.complete(Optional.of(forge.fetchMain(repo)));
                                        } catch (InterruptedException e) {
                                            outcome.complete(Optional.empty());
                                        }
                                    });
            asked.await();

            caller.interrupt();

            assertThat(outcome.get()).isEmpty();
            end.countDown();
        }
        Path homes = temporary.resolve("state/fetch");
        await().until(() -> workers(homes).findAny().isEmpty());
        try (var left = Files.list(homes)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aProcessWaitsForTheNextOrder() throws Exception {
        try (var forge = new Forge(temporary, ProcessFetcher.SPARES)) {
            Forge.Repo repo = forge.repoWithACommit();
            Path homes = temporary.resolve("state/fetch");
            List<Path> waiting = list(homes);

            forge.source(repo);

            assertThat(waiting).isNotEmpty();
            assertThat(list(homes)).isNotEmpty();
            await("one was used and is gone").until(() -> !list(homes).containsAll(waiting));
            await("a second one waits").until(() -> list(homes).size() == 2);
        }
        assertThat(list(temporary.resolve("state/fetch"))).isEmpty();
    }

    @Test
    void whatAKilledServerLeftIsRemoved() throws Exception {
        Path home = Files.createDirectories(temporary.resolve("state/fetch/home123/warm.git"));
        try (var forge = new Forge(temporary)) {
            Forge.Repo repo = forge.repoWithACommit();

            forge.source(repo);

            assertThat(home).doesNotExist();
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void noConfigurationOfTheUserIsRead() throws Exception {
        // a user's git would go elsewhere with these
        Sandbox configured =
                (home, reads, command) -> {
                    Files.writeString(
                            home.resolve(".gitconfig"),
                            "[url \"http://127.0.0.1:1/\"]\n  insteadOf = http://127.0.0.1\n");
                    return Sandbox.NONE.start(home, reads, command);
                };
        try (var forge = new Forge(temporary);
                var child = ChildJvm.start(FetchWorker.spec(configured), temporary, "home")) {
            Forge.Repo repo = forge.repo();
            child.records().write(order(repo, repo.git().write("a", "1").commit("first")));

            FetchMessage last;
            do {
                last = child.records().read(FetchMessage.class);
            } while (!(last instanceof Answer));
            assertThat(last).isInstanceOf(Source.class);
        }
    }
}
