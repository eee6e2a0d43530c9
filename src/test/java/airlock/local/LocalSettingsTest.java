package airlock.local;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.ConfigReader;
import airlock.config.LocalConfig;
import airlock.event.Verdict;
import airlock.phases.PhaseParts;
import airlock.yaml.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A checkout's plans with a configuration and an output directory, on machines that are doubles.
class LocalSettingsTest extends LocalFixture {
    private LocalRun.Outcome run(LocalSettings settings, Path output) throws Exception {
        return run(
                image ->
                        image.equals("none")
                                ? new LocalRun.NoImage("there is no image 'none'")
                                : new LocalRun.Machine(host, bootOf(image)),
                settings,
                LocalPlans.Wish.ALL,
                Optional.of(output));
    }

    private static PhaseParts.Images bootOf(String image) {
        return name -> {
            assertThat(name).isEqualTo(image);
            return BOOT;
        };
    }

    private LocalSettings configured(String more) throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: no matter what
                        forges: {f: {token: {file: secret/of/the/server}}}
                        images: {debian-13: {recipe: debian-13}, tools: {recipe: node}}
                        mirrors: {npm: "https://mirror.example/npm"}
                        repositories:
                          - name: alice/hello
                            hook_secret: {file: secret/of/the/server}
                            images: [tools]
                        """
                                + more);
        return switch (new ConfigReader(Map.of()).readLocal(file)) {
            case Reading.Read<LocalConfig>(var config, _) ->
                    LocalSettings.of(config, Optional.empty(), checkout);
            case Reading.Invalid<LocalConfig> invalid -> throw new AssertionError(invalid);
        };
    }

    @Test
    void networkMirrorsImagesAndLimitsAreThoseOfTheConfigurationsRepository() throws Exception {
        write(
                ".airlock.yaml",
                """
                image: tools
                pre_plan: [{action: npm_get}]
                plan: [{action: shell, shell: 'env; true'}]
                """);
        var settings =
                configured(
                        """
                            network: {pre_plan: {allow: [mirror.example:443]}}
                            limits: {memory: 512MiB}
                        """);

        run(settings, directory.resolve("out"));

        assertThat(heard.notes).contains("pre_plan has the network of alice/hello");
        var prePlan = host.started().getFirst();
        assertThat(prePlan.shape().memoryMib()).isEqualTo(512);
        assertThat(prePlan.steps().toString())
                .contains("mirror.example/npm")
                .contains("mirror.example");
    }

    @Test
    void anImageThatIsNotHereMakesOnePlanInvalidAndTheOthersRun() throws Exception {
        write(".airlock/a.yaml", "image: none\nplan: [{action: pwd}]\n");
        write(".airlock/b.yaml", "image: tools\nplan: [{action: pwd}]\n");

        assertThat(run(configured(""), directory.resolve("out")))
                .isEqualTo(new LocalRun.Outcome(Verdict.INVALID_PLAN, "a invalid plan, b passed"));
        assertThat(heard.notes)
                .contains(
                        "a server refuses this plan: `images` of alice/hello does not have 'none'")
                .noneMatch(line -> line.contains("'tools'"));
    }

    @Test
    void artifactsAreFilesInTheOutputDirectoryAndEachOfSeveralRunsHasItsOwn() throws Exception {
        Path out = directory.resolve("out/put");
        String plan = "plan: [{action: shell, shell: 'echo one > /ci/artifacts/f'}]\n";
        write(".airlock.yaml", plan);
        assertThat(run(LocalSettings.NONE, out).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(out.resolve("f")).hasContent("one\n");
        assertThat(heard.notes).contains("1 artifact in " + out);

        write(".airlock/test.yaml", "matrix: {os: [a, b/c]}\n" + plan);
        run(LocalSettings.NONE, out);
        assertThat(out.resolve("main/f")).hasContent("one\n");
        assertThat(out.resolve("test/os=a/f")).hasContent("one\n");
        assertThat(out.resolve("test/os=b_c/f")).hasContent("one\n");
    }
}
