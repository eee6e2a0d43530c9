package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.cli.Linter.ShellCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With the real shellcheck.
final class LintCommandTest extends Executed {
    private static final String CONFIG =
            """
            base_url: https://ci.test
            state: state
            forges:
              demo: {kind: gitea, url: "https://git.test", token: {file: secret}}
            repositories:
              - name: alice/hello
                forge: demo
                url: https://git.test/alice/hello.git
                hook_secret: {file: secret}
                default_branch: main
                network: {pre_plan: {allow: ["files.example:443"]}}
            """;

    @TempDir Path directory;

    private int lint(String... arguments) {
        var all = new ArrayList<>(List.of("lint"));
        all.addAll(List.of(arguments));
        return execute(all.toArray(String[]::new));
    }

    private String file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return file.toString();
    }

    @Test
    void allErrorsAreShownWithTheirLines() throws IOException {
        String file = file(".airlock.yaml", "plam: []\nplan:\n  - action: shel\n");

        assertThat(lint(file)).isEqualTo(ExitCode.NO);

        assertThat(out.toString())
                .contains(
                        file + ":1:1: plam: unknown key",
                        "  1 | plam: []\n    | ^\n",
                        file + ":3:13: plan[0].action: unknown action 'shel'",
                        file + ": 2 errors, 0 warnings");
    }

    @Test
    void aFileOfTheFolderOfPlansIsReadAsOneAndItsNameIsChecked() throws IOException {
        String own = file(".airlock/ambient.yaml", "env: {A: b}\nplan: []\n");
        String taken = file(".airlock/pr.yaml", "plan: []\n");

        assertThat(lint(own)).isEqualTo(ExitCode.OK);
        assertThat(lint(taken)).isEqualTo(ExitCode.NO);

        assertThat(out.toString())
                .contains(taken + ": no plan can be called pr", taken + ": 1 error, 0 warnings");
    }

    @Test
    void whatShellcheckFindsStandsAtItsLineOfTheFile() throws IOException {
        String file =
                file(
                        ".airlock.yaml",
                        """
                        plan:
                          - action: shell
                            shell: |
                              x=1
                              echo $x $y
                          - action: shell
                            shell: rm $z
                        """);

        assertThat(lint(file)).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains(
                        file + ":5:15: warning: plan[0].shell: shellcheck: SC2154 (warning): y is",
                        "  5 |       echo $x $y\n    |               ^\n",
                        "plan[1].shell: line 1 of the text, shellcheck: SC2154");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whereThereIsNoShellcheckThatIsSaid() throws IOException {
        byte[] plan = "plan: [{action: shell, shell: echo $y}]".getBytes(StandardCharsets.UTF_8);
        var found =
                new Linter(Optional.empty(), new ShellCheck(directory + "/none"))
                        .lint(airlock.plan.PlanFile.AIRLOCK, plan, "x");

        assertThat(found.checkedShells()).isFalse();
        assertThat(found.problems()).isEmpty();
    }

    @Test
    void whatTheOperatorsConfigurationLacksIsSaidForARepository() throws IOException {
        String config = file("airlock.yaml", CONFIG);
        Path secret = Path.of(file("secret", "0123456789abcdef0123456789abcdef"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        String plan =
                file(
                        ".airlock.yaml",
                        """
                        pre_plan:
                          - {action: http_get, items: [{url: "https://files.example/x", filename: x}]}
                          - {action: http_get, items: [{url: "https://other.example/y", filename: y}]}
                        """);
        String publishing = file("more/.airlock.yaml", "post_plan: [{action: rsync}]\n");

        int code = lint("--config", config, "--repository", "alice/hello", plan, publishing);

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains(
                        "http_get connects to other.example:443, which is not allowed:"
                                + " `other.example:443` is missing in"
                                + " repositories[].network.pre_plan.allow",
                        publishing + ":1:22: post_plan[0].action: action 'rsync' needs",
                        plan + ": 0 errors, 1 warning")
                .doesNotContain("connects to files.example");
        assertThat(code).isEqualTo(ExitCode.NO);
    }

    @Test
    void whatIsProbablyNotMeantIsToldBesideErrors() throws IOException {
        String config = file("airlock.yaml", CONFIG);
        Path secret = Path.of(file("secret", "0123456789abcdef0123456789abcdef"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        String lacking =
                file(
                        "a/.airlock.yaml",
                        """
                        env: {API_TOKEN: 7f3e9c00aa11}
                        pre_plan:
                          - {action: http_get, items: [{url: "https://other.example/y", filename: y}]}
                        plan:
                          - {action: shell, shell: ls /workspace}
                        post_plan: [{action: rsync}]
                        """);
        String wrong =
                file("b/.airlock.yaml", "plam: []\nplan: [{action: shell, shell: /workspace/x}]\n");

        lint("--config", config, "--repository", "alice/hello", lacking, wrong);

        assertThat(out.toString())
                .contains(
                        "env.API_TOKEN: this looks like",
                        "http_get connects to other.example:443, which is not allowed",
                        "plan[0]: /workspace is what",
                        "action 'rsync' needs",
                        lacking + ": 1 error, 3 warnings",
                        wrong + ": 1 error, 1 warning");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(lint(directory.resolve("none.yaml").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(lint(directory.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "there is no file " + directory.resolve("none.yaml") + "\n",
                        directory + " is not a file\n")
                .doesNotContain("Exception");
    }

    @Test
    void ambientsFileIsReadAsAmbientDoes() throws IOException {
        String file = file(".radicle/ambient.yaml", "plan: [{action: pwd, retries: 3}]\n");

        assertThat(lint(file)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("unknown key, ignored", "0 errors, 1 warning");
    }
}
