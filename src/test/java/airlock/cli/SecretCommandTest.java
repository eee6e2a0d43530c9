package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// `airlock secret` against a server that answers from a list.
@ResourceLock(Resources.GLOBAL)
final class SecretCommandTest {
    private static final String VALUE = "a-very-secret-value";
    private static final String ENCODED =
            Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8));

    @RegisterExtension final CannedServer server = new CannedServer();
    @TempDir Path directory;
    private final InputStream stdin = System.in;

    @AfterEach
    void stop() {
        System.setIn(stdin);
    }

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of("secret"));
        all.addAll(List.of(arguments));
        return server.run(all.toArray(String[]::new));
    }

    @Test
    void aValueComesFromStdinOrAFileAndNeverFromAnArgument() throws IOException {
        server.answer(new Reply.Done("kept it"));
        System.setIn(new ByteArrayInputStream(VALUE.getBytes(StandardCharsets.UTF_8)));
        assertThat(run("set", "alice/hello", "registry")).isEqualTo(ExitCode.OK);
        Path file = Files.writeString(directory.resolve("value"), VALUE);
        assertThat(run("set", "alice/hello", "x", "--kind", "file", "--file", file.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(server.asked())
                .containsExactly(
                        new Command.SetSecret("alice/hello", "", "registry", ENCODED),
                        new Command.SetSecret("alice/hello", "file", "x", ENCODED));
        assertThat(server.out()).contains("kept it").doesNotContain(VALUE, ENCODED);
        assertThat(run("set", "alice/hello", "registry", VALUE)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void nothingAndTooMuchAreRefusedBeforeTheyAreSent() {
        for (byte[] value : List.of(new byte[0], new byte[256 * 1024 + 1])) {
            System.setIn(new ByteArrayInputStream(value));
            assertThat(run("set", "alice/hello", "registry")).isEqualTo(ExitCode.USAGE);
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aNewKeyIsPrintedWithTheLineThatRestrictsIt() {
        server.answer(
                new Reply.Key("ssh-ed25519 AAAA c"), new Reply.Done("restrict ssh-ed25519 AAAA c"));
        assertThat(run("new", "alice/hello", "--for", "git")).isEqualTo(ExitCode.OK);
        assertThat(server.asked())
                .containsExactly(
                        new Command.NewSecret("alice/hello", "deploy"),
                        new Command.SecretLine("alice/hello", "deploy", "git"));
        assertThat(server.out().lines())
                .startsWith("ssh-ed25519 AAAA c", "restrict ssh-ed25519 AAAA c");
    }

    @Test
    void aListHasALineForEachWithoutControlCharacters() {
        server.answer(
                new Reply.Stored(
                        "alice/hello",
                        "token",
                        "registry",
                        Optional.of("ada"),
                        Instant.EPOCH,
                        Optional.empty()),
                new Reply.Stored(
                        "x/\u001b[31m",
                        "key",
                        "deploy",
                        Optional.empty(),
                        Instant.ofEpochSecond(1),
                        Optional.of("ssh-ed25519 AAAA")));
        assertThat(run("list")).isEqualTo(ExitCode.OK);
        assertThat(server.out().lines())
                .containsExactly(
                        "alice/hello  token registry  1970-01-01T00:00:00Z by ada",
                        "x/�[31m  key deploy  1970-01-01T00:00:01Z  ssh-ed25519 AAAA");
    }

    @Test
    void theOthersSayWhatTheyAreTold() {
        server.answer(new Reply.Done("done"));
        assertThat(run("remove", "alice/hello", "registry", "--kind", "token")).isZero();
        assertThat(run("line", "alice/hello", "--for", "sftp")).isZero();
        assertThat(run("rotate")).isZero();
        assertThat(server.asked())
                .containsExactly(
                        new Command.RemoveSecret("alice/hello", "token", "registry"),
                        new Command.SecretLine("alice/hello", "deploy", "sftp"),
                        new Command.RotateSecrets());
        assertThat(run()).isEqualTo(ExitCode.USAGE);
    }
}
