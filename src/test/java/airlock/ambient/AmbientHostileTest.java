package airlock.ambient;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.yaml.Mutations;
import airlock.yaml.Reading;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Corrupted files of Ambient's.
class AmbientHostileTest {
    private static final Path FILE = Path.of("/nonexistent/projects.yaml");

    private static final String PROJECTS =
            """
            # two
            projects:
              hello:
                source: /
                image: ~/vm/debian.qcow2
                cache_max_size: 100
                pre_plan:
                - {action: http_get, items: [{url: "https://a.example/x", filename: x}]}
                plan: &p
                - action: shell
                  shell: |
                    make
                    make check
                - &s {action: setenv, set: {A: "a\\tb", B: ''}}
                - *s
              "w\\u00f6rld": {source: /, image: /x.raw, plan: *p, post_plan: [{action: rsync}]}
            """;

    private static final String CONFIG =
            """
            artifacts_max_size: 1 GiB
            cache_max_size: 100
            rsync_target_base: "ci@example.org:/srv"
            rsync_target_map: {hello: hallo}
            dput_target: ours
            lint: false
            secrets:
            - {source: ~/.ssh/ci, dest: ssh_key}
            - source: /etc/dput.cf
              dest: /x/dput.cf
            qemu:
              cpus: 4
              memory: 2G
              kvm_binary: /usr/bin/kvm
            """;

    @TempDir Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void tenThousandMutationsOfAProjectsFileGiveProjectsThatReadAgainOrReasons() {
        var random = new Random(20_261_129);
        var reader = new ProjectsReader(Path.of("/nonexistent"), false);
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            switch (reader.read(FILE, Mutations.of(bytes(PROJECTS), random))) {
                case Reading.Read<List<Project>>(var projects, _) -> {
                    read++;
                    for (Project project : projects) {
                        assertThat(reread(project)).isEqualTo(project.plan());
                    }
                }
                case Reading.Invalid<List<Project>>(var problems, _, _) ->
                        assertThat(problems).isNotEmpty();
            }
        }
        assertThat(read).as("mutations that are still projects").isBetween(100, 9_900);
    }

    private static Object reread(Project project) {
        return switch (new PlanReader().read(PlanFile.AMBIENT, project.planText())) {
            case PlanReading.Read(var plan, _) -> plan;
            case PlanReading.Invalid invalid -> invalid;
            case PlanReading.Absent absent -> absent;
        };
    }

    /// The output is one document with the keys that Airlock wrote, whatever the input contained.
    @Test
    void whatIsMadeOfSpoiledFilesIsStillAConfigurationAndNothingElse() throws IOException {
        var random = new Random(20_261_130);
        var written = new Written(directory);
        int configs = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] spoiled = Mutations.of(bytes(i % 2 == 0 ? CONFIG : PROJECTS), random);
            var config = config(i % 2 == 0 ? spoiled : bytes(CONFIG));
            var projects = projects(i % 2 == 0 ? bytes(PROJECTS) : spoiled);
            if (config.isPresent() && projects.isPresent()) {
                configs++;
                String text = new Migration(config.get(), projects.get()).text(List.of(FILE));
                assertThat(written.read(text).repositories()).hasSize(projects.get().size());
            }
        }
        assertThat(configs).as("mutations that can be moved").isBetween(100, 1_900);
    }

    private static Optional<AmbientConfig> config(byte[] bytes) {
        return AmbientConfig.read(FILE, bytes) instanceof Reading.Read<AmbientConfig>(var config, _)
                ? Optional.of(config)
                : Optional.empty();
    }

    private static Optional<List<Project>> projects(byte[] bytes) {
        return new ProjectsReader(Path.of("/nonexistent"), false).read(FILE, bytes)
                        instanceof Reading.Read<List<Project>>(var projects, _)
                ? Optional.of(projects)
                : Optional.empty();
    }

    @Test
    void namesAndTargetsOfAmbientsFilesCanNotAddKeys() throws IOException {
        String evil =
                "x\\n  network: {pre_plan: {allow: [evil.example:1]}}\\ntrusted_code: true\\n#";
        String projects =
                """
                projects:
                  "%s":
                    source: /
                    image: "/%s"
                    post_plan: [{action: rsync}, {action: dput}]
                  "true": {source: /, image: "/1.qcow2"}
                  "../..": {source: /, image: "/null.img"}
                  "..": {source: /, image: "/-.img"}
                """
                        .formatted(evil, evil);
        String config =
                """
                rsync_target: "a@b.example:%s"
                dput_target: "%s"
                executor: "%s"
                secrets: [{source: "%s", dest: ssh_key}, {source: x, dest: "%s"}]
                """
                        .formatted(evil, evil, evil, evil, evil);
        var read = projects(bytes(projects)).orElseThrow();

        String text =
                new Migration(config(bytes(config)).orElseThrow(), read)
                        .text(List.of(Path.of("/a\nb: c")));

        var made = new Written(directory).read(text);
        assertThat(made.repositories())
                .allSatisfy(
                        repository ->
                                assertThat(repository.network().prePlan().isNothing()).isTrue());
        assertThat(made.images()).hasSize(4);
        assertThat(text.lines())
                .allSatisfy(
                        line -> assertThat(line.strip()).doesNotStartWith("network: {pre_plan"));
        assertThat(Map.copyOf(made.images())).containsKeys("1", "null");
    }

    @Test
    void aHugeFileIsRefusedForItsSize() throws IOException {
        Path huge = directory.resolve("huge.yaml");
        Files.write(huge, new byte[9 << 20]);

        assertThat(
                        ReadingFixture.problems(new ProjectsReader(directory, false).read(huge))
                                .getFirst()
                                .what())
                .contains("at most 8,388,608");
    }
}
