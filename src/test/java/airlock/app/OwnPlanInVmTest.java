package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.plan.FileServer;
import airlock.vm.BootFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Airlock builds Airlock: `.airlock.yaml` of this repository in real machines, with what
/// deploy/own-mirror.sh has brought in the place of a mirror. With --long, since javac takes long
/// under emulation.
@Tag("soak")
final class OwnPlanInVmTest {
    private static final Path MIRROR = Path.of("target/own-mirror");
    private static final Path RECIPE = Path.of("deploy/airlock.recipe");

    private static BootFiles image() throws Exception {
        return new ImageStore(Path.of(".airlock", "images"), InstantSource.system())
                .build(
                        Recipe.parse(Files.readString(RECIPE)),
                        Path.of("target", "guest", "airlock-guest"),
                        System.err::println)
                .boot();
    }

    private static String configuration(int port) {
        return """
        id: 7
            image: airlock
            limits: {memory: 3 GiB, cpus: 2, pre_plan_time: 2h, plan_time: 4h,}
            network:
              pre_plan:
                allow:
                  - mirror.example:%1$d = 127.0.0.1
        mirrors:
          maven: http://mirror.example:%1$d
        default_image: airlock
        images:
          airlock: {recipe: %2$s}
        """
                .formatted(port, RECIPE.toAbsolutePath());
    }

    @Test
    void itIsCompiledAndTestedWithoutANetwork(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isDirectory(MIRROR), "no " + MIRROR + ": deploy/own-mirror.sh makes it");
        try (var machines = RealMachines.in(directory);
                var forge = LoopbackForge.start(0);
                var mirror = new FileServer(MIRROR)) {
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            String more = configuration(mirror.port());
            try (var bot = Bot.start(directory, forge, machines.host(), image(), more)) {
                Path work = Checkout.work(directory);
                Path tar = directory.resolve("airlock.tar");
                Programs.run("git", "archive", "--format=tar", "-o", tar + "", "HEAD");
                Programs.run("tar", "-C", work.toString(), "-xf", tar.toString());
                String plan = Files.readString(Path.of(".airlock.yaml"));
                String commit = new Pushes(directory, forge).push(bot, plan);
                await().atMost(Duration.ofHours(6))
                        .pollInterval(Duration.ofSeconds(5))
                        .until(
                                () ->
                                        forge.states(commit, "airlock").stream()
                                                .anyMatch(state -> !state.equals("pending")));

                String log = bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
                Files.writeString(Path.of("target", "own-plan.log"), log);
                assertThat(forge.states(commit, "airlock")).as(log).endsWith("success");
                assertThat(log).contains("BUILD SUCCESS").containsPattern("Tests run: [1-9][0-9]+");
            }
        }
    }
}
