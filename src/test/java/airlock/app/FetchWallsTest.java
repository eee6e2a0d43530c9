package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.LoopbackForge;
import airlock.source.ChildJvm;
import airlock.source.FetchBox;
import airlock.source.ProcessFetcher;
import airlock.vm.Cage;
import airlock.vm.Enclosure;
import airlock.vm.FakeVmHost;
import airlock.vm.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose commit is fetched by processes in their walls, as `airlock serve` starts them.
final class FetchWallsTest {
    @TempDir Path directory;

    @Test
    void h1ACommitIsFetchedInTheWallsByAUserWhoIsNotRoot() throws Exception {
        var state = Files.createDirectories(directory.resolve("state"));
        for (Path each : ProcessFetcher.directories(state)) {
            Files.createDirectories(each);
        }
        try (var launcher = new Launcher();
                var forge = LoopbackForge.start(0)) {
            var enclosure =
                    new Enclosure(Cage.detect(), launcher, ProcessFetcher.directories(state));
            Path home = Files.createDirectory(directory.resolve("home"));
            assertThat(ChildJvm.likeThisOne(enclosure::start).trial(home)).isEmpty();
            FetchBox blind = (at, _, command) -> enclosure.start(at, List.of(), command);
            assertThat(ChildJvm.likeThisOne(blind).trial(home))
                    .as("where the walls hide the program's classes")
                    .isPresent();
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            try (var bot =
                    Bot.fetching(
                            directory,
                            forge,
                            new FakeVmHost(),
                            ChildJvm.likeThisOne(enclosure::start))) {
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
}
