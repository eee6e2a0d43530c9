package airlock.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.app.Bot;
import airlock.app.Pushes;
import airlock.house.LoopbackForge;
import airlock.sandbox.Launcher;
import airlock.sandbox.Sandbox;
import airlock.source.FetchWorker;
import airlock.source.ProcessFetcher;
import airlock.vm.FakeVmHost;
import airlock.vm.QemuSandbox;
import airlock.vm.ToolSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose commit is fetched by processes in their walls, as `airlock serve` starts them.
final class FetchSandboxTest {
    @TempDir Path directory;

    private Path state() throws IOException {
        var state = directory.resolve("state");
        for (Path each : ProcessFetcher.directories(state)) {
            Files.createDirectories(each);
        }
        return state;
    }

    @Test
    void h1ACommitIsFetchedInTheWallsByAUserWhoIsNotRoot() throws Exception {
        var state = state();
        try (var launcher = new Launcher();
                var forge = LoopbackForge.start(0)) {
            var enclosure =
                    new ToolSandbox(
                            QemuSandbox.detect(), launcher, ProcessFetcher.directories(state));
            Path homes = state.resolve("fetch");
            assertThat(FetchWorker.trial(enclosure::start, homes)).isEmpty();
            Sandbox blind = (at, _, command) -> enclosure.start(at, List.of(), command);
            assertThat(FetchWorker.trial(blind, homes))
                    .as("where the walls hide the program's classes")
                    .isPresent();
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            try (var bot = Bot.fetching(directory, forge, new FakeVmHost(), enclosure::start)) {
                var pushes = new Pushes(directory, forge);
                String commit = pushes.push(bot, "plan:\n  - {action: shell, shell: echo hello}\n");
                await().atMost(Duration.ofSeconds(90))
                        .untilAsserted(
                                () ->
                                        assertThat(forge.states(commit, "airlock"))
                                                .endsWith("success"));
            }
        }
        try (var mirrors = Files.walk(state.resolve("mirrors"))) {
            assertThat(mirrors.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(
                            file ->
                                    assertThat(Files.getAttribute(file, "unix:uid"))
                                            .isNotEqualTo(0));
        }
    }

    @Test
    void oneThatIsEndedWhileItStartsLeavesNeitherProcessNorFile() throws Exception {
        var state = state();
        Path homes = state.resolve("fetch");
        try (var launcher = new Launcher()) {
            var enclosure =
                    new ToolSandbox(
                            QemuSandbox.detect(), launcher, ProcessFetcher.directories(state));
            for (String made : List.of("home", "warm.git", "HEAD", "objects", "config")) {
                var fetcher = new ProcessFetcher(state, enclosure::start, 1, 1);
                try (fetcher) {
                    await().pollInterval(Duration.ofMillis(1))
                            .until(() -> names(homes).anyMatch(name -> name.startsWith(made)));
                }
                assertThat(names(homes)).as("after its " + made).isEmpty();
                assertThat(ProcessHandle.allProcesses())
                        .noneMatch(
                                process ->
                                        process.info()
                                                .commandLine()
                                                .filter(line -> line.contains(homes.toString()))
                                                .isPresent());
            }
        }
    }

    /// Of all that is below a directory, without itself.
    private static Stream<String> names(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all
                    .filter(file -> !file.equals(directory))
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList()
                    .stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.of(); // it changed meanwhile
        }
    }
}
