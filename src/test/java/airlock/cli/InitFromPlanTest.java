package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.cli.Linter.ShellCheck;
import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.plan.PlanFile;
import airlock.yaml.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock init --from-plan`.
final class InitFromPlanTest extends Executed {
    private static final String HEAD =
            """
            base_url: https://ci.example.org
            forges:
              forge: {kind: forgejo, url: https://forge.example.org, token: {file: token}}
            """;
    private static final String PLAN =
            """
            cache_max_size: 100000000
            pre_plan:
              - action: npm_get
              - {action: http_get, items: [{url: "https://files.example/x", filename: x}]}
              - {action: http_get, items: [{url: "https://files.example/y", filename: y}]}
              - {action: shell, shell: make deps, secrets: [DEPS_TOKEN]}
            plan:
              - {action: shell, shell: make check}
            post_plan:
              - action: rsync
              - action: rsync2
              - action: dput
            """;

    @TempDir Path directory;

    private int init(String plan) throws IOException {
        Path file = Files.writeString(directory.resolve(".airlock.yaml"), plan);
        return execute("init", "--from-plan", file.toString());
    }

    private Reading.Read<AirlockConfig> read(String block) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef0123456789");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        Path config = Files.writeString(directory.resolve("airlock.yaml"), HEAD + block);
        return switch (new ConfigReader(Map.of()).read(config)) {
            case Reading.Read<AirlockConfig> read -> read;
            case Reading.Invalid<AirlockConfig> invalid ->
                    throw new AssertionError(invalid + "\n" + block);
        };
    }

    @Test
    void whatIsPrintedIsAConfigurationThatThePlanRunsWith() throws IOException {
        assertThat(init(PLAN)).isEqualTo(ExitCode.OK);

        var repository = read(out.toString()).value().repositories().getFirst();
        assertThat(repository.network().of(Phase.PRE_PLAN, TrustClass.LISTED).named())
                .containsExactly("files.example:443");
        assertThat(repository.destinations().rsync()).isPresent();
        assertThat(repository.destinations().dput()).isPresent();
        assertThat(repository.destinations().mirrors()).hasSize(1);
        assertThat(out.toString())
                .contains(
                        "  npm: https://mirror.example.org/npm # npm_get\n",
                        "files.example:443 # http_get\n",
                        "# rsync, rsync2\n",
                        "- {name: DEPS_TOKEN, phases: [pre_plan]}",
                        "cache: 100000000\n");
        assertThat(directory.resolve("airlock.yaml")).exists();
        assertThat(
                        new Linter(Optional.of(repository), new ShellCheck())
                                .lint(
                                        PlanFile.AIRLOCK,
                                        PLAN.getBytes(StandardCharsets.UTF_8),
                                        "plan")
                                .problems())
                .isEmpty();
    }

    @Test
    void aPlanThatNeedsNothingGetsABlockThatReads() throws IOException {
        assertThat(init("plan: [{action: shell, shell: make}]\n")).isEqualTo(ExitCode.OK);

        var repository = read(out.toString()).value().repositories().getFirst();
        assertThat(repository.network().of(Phase.PRE_PLAN, TrustClass.LISTED).isNothing()).isTrue();
    }

    @Test
    void aFileThatIsNoPlanIsToldSo() throws IOException {
        assertThat(init("plan: [{action: shel}]\n")).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).contains("unknown action 'shel'");
    }
}
