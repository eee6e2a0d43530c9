package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.cli.MigrateCommand.AmbientFiles;
import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.config.DputTarget;
import airlock.config.ImageConfig;
import airlock.config.NamedSecret;
import airlock.config.RsyncTarget;
import airlock.event.Phase;
import airlock.yaml.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock migrate ambient`.
final class MigrateCommandTest extends Executed {
    private static final String CONFIG =
            """
            tmpdir: /var/tmp
            state: ~/ambient-state
            image_store: ~/images
            executor: ambient-execute-plan
            artifacts_max_size: 500 MB
            cache_max_size: 20G
            dependencies_max_size: 1 KB
            rsync_target: null
            rsync_target_base: ci@files.example.org:/srv/ci
            rsync_target_map:
              site: www
            dput_target: ours
            secrets:
              - source: ~/.ssh/ambient
                dest: ssh_key
              - source: /etc/ambient/dput.cf
                dest: secrets/dput.cf
              - source: /x
                dest: ssh_config
            lint: false
            uefi: true
            qemu:
              cpus: 4
              memory: 4 GiB
              kvm_binary: /usr/bin/kvm
              ovmf_code_file: /usr/share/ovmf/OVMF.fd
              ovmf_vars_file: /usr/share/ovmf/OVMF.fd
            """;
    private static final String PROJECTS =
            """
            projects:
              site:
                source: src
                image: vm/web.qcow2
                artifact_max_size: 1000
                pre_plan:
                  - {action: npm_get}
                  - {action: http_get, items: [{url: "https://files.example/x", filename: x}]}
                plan:
                  - {action: shell, shell: make site}
                post_plan:
                  - action: rsync
                  - action: dput
              tool:
                source: src
                image: vm/web.qcow2
                plan:
                  - {action: shell, shell: make check}
            """;

    @TempDir Path directory;
    private Path config = Path.of("");
    private Path projects = Path.of("");

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(directory.resolve("src"));
        config = Files.writeString(directory.resolve("config.yaml"), CONFIG);
        projects = Files.writeString(directory.resolve("projects.yaml"), PROJECTS);
    }

    private int migrate(Object... arguments) {
        var line = new ArrayList<>(List.of("migrate", "ambient", "--no-config"));
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        return execute(line.toArray(String[]::new));
    }

    private AirlockConfig read(String text) throws IOException {
        Path secrets = Files.createDirectory(directory.resolve("secrets"));
        Path token = Files.writeString(secrets.resolve("forge-token"), "0123456789abcdef");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        Path file = Files.writeString(directory.resolve("airlock.yaml"), text);
        return switch (new ConfigReader(Map.of()).read(file)) {
            case Reading.Read<AirlockConfig>(var read, var warnings) -> {
                assertThat(warnings).as(text).isEmpty();
                yield read;
            }
            case Reading.Invalid<AirlockConfig> invalid ->
                    throw new AssertionError(invalid + "\n" + text);
        };
    }

    @Test
    void airlocksOwnReaderTakesWhatWasWrittenAndItDoesTheSame() throws IOException {
        assertThat(migrate("--config", config, "--projects", projects)).isEqualTo(ExitCode.OK);

        var read = read(out.toString());
        assertThat(read.images())
                .containsExactly(Map.entry("web", new ImageConfig.Kept("web", "web")));
        assertThat(read.limits().memory()).isEqualTo(4L << 30);
        assertThat(read.limits().cpus()).isEqualTo(4);
        assertThat(read.limits().artifacts()).isEqualTo(500_000_000L);
        assertThat(read.limits().cache()).isEqualTo(20_000_000_000L);
        assertThat(read.limits().dependencies()).isEqualTo(1L << 20);
        var site = read.repositories().getFirst();
        assertThat(site.name()).isEqualTo("alice/site");
        assertThat(site.limits().artifacts()).isEqualTo(1L << 20);
        assertThat(site.destinations().rsync())
                .contains(RsyncTarget.of("ci@files.example.org:/srv/ci/www"));
        assertThat(site.destinations().dput()).contains(new DputTarget("ours", Optional.empty()));
        assertThat(site.destinations().mirrors()).hasSize(1);
        assertThat(site.secrets().drive()).containsExactly(Phase.POST_PLAN);
        assertThat(site.secrets().files())
                .containsExactly(new NamedSecret("dput.cf", Set.of(Phase.POST_PLAN)));
        assertThat(site.network().prePlan().named()).containsExactly("files.example:443");
        assertThat(site.network().postPlan().named()).containsExactly("files.example.org:22");
        var tool = read.repositories().getLast();
        assertThat(tool.name()).isEqualTo("alice/tool");
        assertThat(tool.secrets().drive()).isEmpty();
        assertThat(tool.destinations().rsync()).isEmpty();
    }

    @Test
    void whatHasNoCounterpartIsSaidAndNoSecretIsRead() {
        assertThat(migrate("--config", config, "--projects", projects)).isEqualTo(ExitCode.OK);

        String image = directory.resolve("vm/web.qcow2").toString();
        assertThat(out.toString())
                .contains(
                        "#   executor (ambient-execute-plan): Airlock brings its own\n",
                        "#   tmpdir (/var/tmp): ",
                        "#   state (~/ambient-state): ",
                        "#   image_store (~/images): ",
                        "#   qemu.kvm_binary (/usr/bin/kvm): ",
                        "#   qemu.ovmf_code_file ",
                        "#   qemu.ovmf_vars_file ",
                        "#   uefi: machines boot a kernel directly\n",
                        "#   lint: a finding never stops a run",
                        "  # airlock image import " + image + " --name web\n",
                        "  cache: 20 GB\n",
                        "# was 1000 # which Ambient ignored\n",
                        "In place of the key in ~/.ssh/ambient: `airlock secret new alice/site`",
                        "# airlock secret set alice/site dput.cf --file /etc/ambient/dput.cf\n",
                        "  # No secret can be called 'ssh_config' here: /x\n",
                        "  # It publishes nothing, so it gets no secrets.\n");
    }

    @Test
    void laterConfigurationsHoldKeyByKeyAndATargetForAllHoldsBeforeTheOthers() throws IOException {
        Path later =
                Files.writeString(
                        directory.resolve("later.yaml"),
                        "target: ci@other.example:/all\nqemu: {cpus: 2}\n");

        migrate("--config", config, "--config", later, "--projects", projects);

        var read = read(out.toString());
        assertThat(read.limits().cpus()).isEqualTo(2);
        assertThat(read.limits().memory()).isEqualTo(4L << 30);
        assertThat(read.repositories().getFirst().destinations().rsync())
                .contains(RsyncTarget.of("ci@other.example:/all"));
    }

    @Test
    void aTargetThatNoActionUsesYetIsThereForTheNextPlan() throws IOException {
        Files.writeString(
                projects,
                """
                projects:
                  site: {source: src, image: vm/web.qcow2, post_plan: [{action: pwd}]}
                """);

        migrate("--config", config, "--projects", projects);

        assertThat(out.toString()).contains("# not used yet\n");
        var site = read(out.toString()).repositories().getFirst();
        assertThat(site.destinations().rsync())
                .contains(RsyncTarget.of("ci@files.example.org:/srv/ci/www"));
        assertThat(site.destinations().dput()).contains(new DputTarget("ours", Optional.empty()));
    }

    @Test
    void homeIsWhatTheShellSays() {
        assertThat(AmbientFiles.home(Map.of("HOME", "/srv/a b"))).isEqualTo(Path.of("/srv/a b"));
        var passwd = Path.of(System.getProperty("user.home"));
        assertThat(AmbientFiles.home(Map.of())).isEqualTo(passwd);
        assertThat(AmbientFiles.home(Map.of("HOME", ""))).isEqualTo(passwd);
    }

    @Test
    void aProjectsFileAloneWillDoAndSoWillAConfigurationAlone() throws IOException {
        assertThat(migrate("--projects", projects)).isEqualTo(ExitCode.OK);
        assertThat(read(out.toString()).repositories()).hasSize(2);

        Path lone = Files.writeString(directory.resolve("lone.yaml"), "projects: /none.yaml\n");
        assertThat(migrate("--config", lone)).isEqualTo(ExitCode.OK);
        assertThat(err.toString()).contains("there is no projects file /none.yaml");
        assertThat(out.toString()).contains("repositories: []\n");
    }

    @Test
    void aTargetThatIsNoneIsSaidSo() throws IOException {
        Path odd =
                Files.writeString(
                        directory.resolve("odd.yaml"),
                        "rsync_target: rsync://files.example/module\ndput_target: 'a b'\n");

        assertThat(migrate("--config", odd, "--projects", projects)).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(
                        "# Its rsync target has no counterpart: 'rsync://files.example/module' is",
                        "# Its dput target has no counterpart: 'a b' is no name of dput.cf");
        read(out.toString());
    }

    @Test
    void mistakesOfEitherFileAreAllToldWithTheirLines() throws IOException {
        Files.writeString(config, "qemu: {cpu: 1}\nlint: 3\nartifacts_max_size: 1 elephant\n");

        assertThat(migrate("--config", config)).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains(
                        "config.yaml:1:8: qemu.cpu: unknown key",
                        "(did you mean 'cpus'?)",
                        "  1 | qemu: {cpu: 1}\n    |        ^\n",
                        "config.yaml:2:7: lint: found a whole number",
                        "'1 elephant' is not a size",
                        "3 mistakes");

        Files.writeString(projects, "projects: {a: {image: x}}\n");
        assertThat(migrate("--projects", projects)).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("projects.a: key 'source' is missing");
    }

    @Test
    void anOutputIsNeverWrittenOver() throws IOException {
        Path target = directory.resolve("made.yaml");

        assertThat(migrate("--projects", projects, "--output", target)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("wrote " + target);
        read(Files.readString(target));
        assertThat(migrate("--projects", projects, "--output", target)).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString()).contains("is there already");
    }
}
