package airlock.source;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.event.CommitId;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Launcher;
import airlock.sandbox.Sandbox;
import airlock.vm.QemuSandbox;
import airlock.vm.ToolSandbox;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fork's commit takes over its fetch process, which is in the sandbox of `serve`.
class TakenOverFetchTest {
    @TempDir Path directory;

    private final CountDownLatch fetching = new CountDownLatch(1);
    private final CountDownLatch attacked = new CountDownLatch(1);

    @Test
    void h1AThreadOlderThanTheRestrictionWritesNoOtherMirrorAndNoTar() throws Exception {
        QemuSandbox cage = QemuSandbox.detect();
        assumeTrue(cage.confinement().held().contains(Layer.NAMESPACES), "namespaces are missing");
        Path state = state();
        try (var forge = new Forge(directory);
                var launcher = new Launcher()) {
            var enclosure = new ToolSandbox(cage, launcher, ProcessFetcher.directories(state));
            var repo = forge.repo();
            var other = forge.repo();
            repo.git().write("a", "1").commit("first");
            other.git().write("b", "1").commit("first");
            try (var fetcher = new ProcessFetcher(state, enclosure::start, 1, 0)) {
                fetch(fetcher, repo.remote(), "refs/heads/main", repo.git().resolve("main"));
                fetch(fetcher, other.remote(), "refs/heads/main", other.git().resolve("main"));
            }
            List<Path> victims = victims(state);
            Map<Path, String> before = contents(state);
            assertThat(before.keySet())
                    .anyMatch(file -> file.toString().endsWith(".tar"))
                    .anyMatch(file -> file.toString().endsWith(".pack"));
            CommitId theirs = fork(repo.git());
            forge.server.answer(exchange -> answer(forge.server, exchange));
            Sandbox takenOver =
                    (home, reads, command) ->
                            enclosure.start(home, reads, changed(command, forge.server, victims));

            try (var fetcher = new ProcessFetcher(state, takenOver, 1, 0)) {
                fetch(fetcher, repo.remote().outside(true), "refs/pull/7/head", theirs);
            }

            assertThat(attacked.getCount()).isZero();
            assertThat(contents(state)).containsAllEntriesOf(before);
            assertThat(contents(state).keySet())
                    .filteredOn(file -> file.endsWith(TakenOverFetch.WRITTEN))
                    .containsExactly(
                            state.resolve("mirrors/outside/forge_" + repo.name() + ".git")
                                    .resolve(TakenOverFetch.WRITTEN));
        }
    }

    private Path state() throws IOException {
        Path state = Files.createDirectory(directory.resolve("state"));
        for (Path each : ProcessFetcher.directories(state)) {
            Files.createDirectories(each);
        }
        return state;
    }

    private static CommitId fork(GitRepo git) {
        git.git("checkout", "-q", "-b", "fork");
        CommitId theirs = git.write("a", "2").commit("theirs");
        git.git("update-ref", "refs/pull/7/head", theirs.hex());
        return theirs;
    }

    private static void fetch(
            ProcessFetcher fetcher, RemoteRepository remote, String ref, CommitId commit)
            throws InterruptedException {
        Forge.source(fetcher.fetch(new Wanted(remote, ref, commit, CommitPlace.TIP, List.of())));
    }

    /// Holds the commit back until the attack is over.
    private void answer(GitServer server, HttpExchange exchange) throws IOException {
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/begin" -> {
                    assertThat(fetching.await(60, SECONDS)).isTrue();
                    exchange.sendResponseHeaders(200, -1);
                }
                case "/end" -> {
                    attacked.countDown();
                    exchange.sendResponseHeaders(200, -1);
                }
                default -> {
                    fetching.countDown();
                    assertThat(attacked.await(60, SECONDS)).isTrue();
                    server.runGit(exchange);
                }
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static List<String> changed(
            List<String> command, GitServer server, List<Path> victims) {
        var changed = new ArrayList<>(command);
        changed.replaceAll(
                word ->
                        word.equals(FetchProcess.class.getName())
                                ? TakenOverFetch.class.getName()
                                : word);
        changed.add(server.url("").toString().replaceFirst("/$", ""));
        victims.forEach(victim -> changed.add(victim.toString()));
        return changed;
    }

    /// Every directory of mirrors and tars.
    private static List<Path> victims(Path state) throws IOException {
        try (Stream<Path> all = Files.walk(state)) {
            return all.filter(Files::isDirectory)
                    .filter(each -> !each.startsWith(state.resolve("fetch")))
                    .toList();
        }
    }

    private static Map<Path, String> contents(Path state) throws IOException {
        var contents = new TreeMap<Path, String>();
        for (String each : List.of("mirrors", "sources")) {
            for (Path file : LiveTree.files(state.resolve(each))) {
                contents.put(file, new String(LiveTree.read(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
