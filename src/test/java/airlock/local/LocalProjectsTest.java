package airlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.ambient.Project;
import airlock.ambient.ProjectsReader;
import airlock.app.HeardRun;
import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.event.Verdict;
import airlock.machine.AppException;
import airlock.vm.Drive;
import airlock.vm.FakeVmHost;
import airlock.vm.TestTar;
import airlock.vm.VmSpec.DriveContent;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Projects of Ambient's, on machines that are doubles.
class LocalProjectsTest {
    private String plan = PLAN;
    @TempDir Path directory;
    private Path source = Path.of("");
    private final FakeVmHost host = new FakeVmHost();
    private final HeardRun heard = new HeardRun();

    private static final String PLAN =
            """
            pre_plan: [{action: pwd}]
            plan:
              - action: shell
                shell: |
                  cat /ci/src/.git/HEAD
                  echo kept > /ci/cache/old
                  cp /ci/src/file /ci/artifacts/made
            post_plan: [{action: pwd}]
            """;

    @BeforeEach
    void places() throws Exception {
        source = Files.createDirectory(directory.resolve("source"));
        write("file", "one\n");
        try (var git = Git.init().setDirectory(source.toFile()).call()) {
            commit(git);
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(source.resolve(name), text);
    }

    private static void commit(Git git) throws Exception {
        git.add().addFilepattern(".").call();
        git.commit().setSign(false).setMessage("x").setAuthor("A", "a@example.org").call();
    }

    private List<Project> projects(String... names) throws IOException {
        var text = new StringBuilder("projects:\n");
        for (String name : names) {
            text.append("  \"%s\":\n    source: source\n    image: /x.qcow2\n".formatted(name));
            text.append(plan.indent(4));
        }
        Path file = Files.writeString(directory.resolve("projects.yaml"), text);
        return ReadingFixture.value(new ProjectsReader(directory, false).read(file));
    }

    private LocalProjects open(List<Project> projects, Optional<AirlockConfig> config) {
        return open(projects, config, Optional.of("debian-13"));
    }

    private LocalProjects open(
            List<Project> projects, Optional<AirlockConfig> config, Optional<String> image) {
        return new LocalProjects(
                directory.resolve("state"),
                new LocalProjects.Order(projects, config, image),
                InstantSource.system(),
                _ -> {},
                Optional.of(_ -> LocalFixture.machine(host)));
    }

    private LocalRun.Outcome run(String name) throws Exception {
        var projects = projects(name);
        try (var machine = open(projects, Optional.empty())) {
            return machine.run(projects.getFirst(), heard);
        }
    }

    private boolean isDone(String name) throws Exception {
        var projects = projects(name);
        try (var machine = open(projects, Optional.empty())) {
            return machine.isDone(projects.getFirst());
        }
    }

    private Path state(String file) {
        return directory.resolve("state/projects").resolve(file);
    }

    @Test
    void allThreePhasesRunAndWhatIsLeftIsTheNextRunsStart() throws Exception {
        assertThat(run("a")).isEqualTo(new LocalRun.Outcome(Verdict.PASSED, ""));
        assertThat(host.started()).hasSize(3);
        assertThat(TestTar.read(Files.readAllBytes(state("a/artifacts.tar")))).containsKey("made");

        plan = PLAN.replace("cat /ci/src/.git/HEAD", "cat /ci/cache/old");
        assertThat(run("a").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(heard.log.toString()).contains("kept\n");
        assertThat(state("a/cache.tar")).exists();
        try (Stream<Path> left = Files.list(directory.resolve("state"))) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("lock", "projects");
        }
    }

    @Test
    void aCleanCheckoutOfTheCommitThatPassedIsDoneAndNothingElseIs() throws Exception {
        assertThat(isDone("a")).isFalse();
        run("a");
        assertThat(isDone("a")).isTrue();
        assertThat(isDone("b")).isFalse();

        write("more", "");
        assertThat(isDone("a")).as("something is not committed").isFalse();
        run("a");
        Files.delete(source.resolve("more"));
        assertThat(isDone("a")).as("what ran last was of no commit").isFalse();

        run("a");
        write("file", "two\n");
        try (var git = Git.open(source.toFile())) {
            commit(git);
        }
        assertThat(isDone("a")).as("another commit").isFalse();
    }

    @Test
    void aRunThatFailsChangesNothingThatIsKept() throws Exception {
        run("a");
        byte[] artifacts = Files.readAllBytes(state("a/artifacts.tar"));
        plan = PLAN.replace("cat /ci/src/.git/HEAD", "exit 3");

        assertThat(run("a").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(state("a/artifacts.tar")).hasBinaryContent(artifacts);
        assertThat(isDone("a")).isTrue();
    }

    @Test
    void aProjectThatIsNoDirectorysNameStaysInTheStateDirectory() throws Exception {
        run("../../escaped");
        run("a/b");

        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("state", "source", "projects.yaml");
        }
        try (Stream<Path> all = Files.list(state(""))) {
            assertThat(all.map(p -> p.getFileName().toString()))
                    .hasSize(2)
                    .allMatch(name -> name.matches("_[0-9a-f]{32}"));
        }
        assertThat(isDone("../../escaped")).isTrue();
    }

    @Test
    void aMetaFileWithJunkInItCountsAsNone() throws Exception {
        run("a");
        Files.write(state("a/meta.yaml"), new byte[] {0, (byte) 0xff, '\n', ':'});

        assertThat(isDone("a")).isFalse();
        assertThat(run("a").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(isDone("a")).isTrue();
    }

    @Test
    void theHistoryOfTheSourceIsThereAndWhatIsNotIsSaid() throws Exception {
        run("a");

        assertThat(heard.log.toString()).contains("refs/heads/");
        assertThat(heard.notes)
                .containsExactly(
                        "no network, mirrors or targets: those of a repository OWNER/a in the"
                                + " configuration that --config names would hold");
    }

    @Test
    void aRepositoryOfTheConfigurationGivesNetworkAndNoSecrets() throws Exception {
        var projects = projects("hello");
        try (var machine = open(projects, Optional.of(config("alice/hello")))) {
            assertThat(machine.run(projects.getFirst(), heard).verdict()).isEqualTo(Verdict.PASSED);
        }
        assertThat(heard.notes)
                .containsExactly("no secrets: those of alice/hello stay with the server");
        assertThat(host.started().stream().map(spec -> spec.contents().get(Drive.SECRETS)))
                .allSatisfy(
                        secrets ->
                                assertThat(secrets)
                                        .satisfiesAnyOf(
                                                none -> assertThat(none).isNull(),
                                                some ->
                                                        assertThat(
                                                                        ((DriveContent.Bytes) some)
                                                                                .bytes())
                                                                .containsOnly(0)));
    }

    @Test
    void twoRepositoriesOfOneNameAreAskedAbout() throws Exception {
        var projects = projects("hello");
        try (var machine = open(projects, Optional.of(config("alice/hello", "bob/hello")))) {
            assertThatThrownBy(() -> machine.check(projects.getFirst()))
                    .isInstanceOf(AppException.class)
                    .hasMessageContaining("alice/hello and bob/hello");
        }
    }

    @Test
    void anImageThatIsNotHereIsToldWithTheCommandThatTakesItIn() throws Exception {
        var projects = projects("a");
        try (var machine = open(projects, Optional.empty(), Optional.empty())) {
            assertThatThrownBy(() -> machine.check(projects.getFirst()))
                    .isInstanceOf(AppException.class)
                    .hasMessageContaining("`airlock image import /x.qcow2 --name x --config FILE`");
        }
        try (var machine = open(projects, Optional.empty(), Optional.of("none"))) {
            assertThatThrownBy(() -> machine.check(projects.getFirst()))
                    .isInstanceOf(AppException.class)
                    .hasMessageContaining("there is no image 'none'");
        }
    }

    private AirlockConfig config(String... names) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        var text =
                new StringBuilder(
                        """
                        base_url: https://ci.example.org
                        state: elsewhere
                        forges: {f: {kind: gitea, url: "https://f.example.org", token: {file: token}}}
                        repositories:
                        """);
        for (String name : names) {
            text.append("  - name: %s\n    forge: f\n".formatted(name));
            text.append("    url: https://f.example.org/%s.git\n".formatted(name));
            text.append("    secrets: {drive: [post_plan]}\n");
            text.append("    network: {pre_plan: {allow: [packages.example:443]}}\n");
        }
        Path file = Files.writeString(directory.resolve("airlock.yaml"), text);
        return ReadingFixture.value(new ConfigReader(Map.of()).read(file));
    }
}
