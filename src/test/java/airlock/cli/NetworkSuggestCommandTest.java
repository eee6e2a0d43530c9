package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class NetworkSuggestCommandTest {
    @RegisterExtension final CannedServer server = new CannedServer();
    @TempDir Path directory;

    private String said(Reply... replies) {
        server.answer(replies);
        assertThat(server.run("network", "suggest", "alice/hello", "--count", "7"))
                .isEqualTo(ExitCode.OK);
        assertThat(server.asked()).containsExactly(new Command.SuggestNetwork("alice/hello", 7));
        return server.out();
    }

    private static Reply place(String phase, String place, long connections, String reason) {
        long refused = reason.isEmpty() ? 0 : 1;
        var why = Optional.of(reason).filter(text -> !text.isEmpty());
        return new Reply.Place(phase, place, Optional.empty(), connections, 5, 6, refused, why);
    }

    @Test
    void placesOfSeveralRunsAreOneSortedListWithHowOftenEachWasUsed() throws IOException {
        assertThat(
                        said(
                                place("pre_plan", "b.example:443", 3, ""),
                                place("pre_plan", "evil.example:443", 0, "is not on the list"),
                                place("post_plan", "c.example:22 = 10.0.0.1", 1, ""),
                                place("pre_plan", "\"*.a.example:443\"", 1_000, ""),
                                place("pre_plan", "b.example:443", 1, "can't be reached"),
                                place("pre_plan", "b.example:443", 0, "can't be reached"),
                                place("pre_plan", "other places", 2, ""),
                                new Reply.Done("")))
                .isEqualTo(
                        """
                        network:
                          pre_plan:
                            allow:
                              - "*.a.example:443" # 1,000 connections in 1 machine
                              - b.example:443 # 4 connections in 2 machines
                              # - evil.example:443 # is not on the list
                              # - other places # 2 connections in 1 machine
                          post_plan:
                            allow:
                              - c.example:22 = 10.0.0.1 # 1 connection in 1 machine
                        """);
    }

    @Test
    void whereNothingWasConnectedToNothingIsSuggested() throws IOException {
        assertThat(said(new Reply.Done("")))
                .isEqualTo("# no machine of its last runs connected to anything, or tried to\n");
    }

    @Test
    void aGuestsWordsCanNeitherWriteOnTheTerminalNorAddALine() throws IOException {
        assertThat(
                        said(
                                        place(
                                                "pre_plan",
                                                "\u001b[2Jx\n- y:1",
                                                0,
                                                "no\n- z:1\u0007"),
                                        new Reply.Done(""))
                                .lines())
                .hasSize(4)
                .noneMatch(line -> line.contains("\u001b") || line.contains("\u0007"))
                .last()
                .asString()
                .startsWith("      # - ");
    }

    @Test
    void withoutARunOrACommandItIsAskedWhich() throws IOException {
        assertThat(server.run("network")).isEqualTo(ExitCode.USAGE);
        assertThat(server.err()).contains("which run?");
    }

    @Test
    void theFilesThatAPlanFetchesNameTheirHosts() throws IOException {
        Path plan =
                Files.writeString(
                        directory.resolve("plan.yaml"),
                        """
                        pre_plan:
                          - action: http_get
                            items:
                              - {url: "https://Files.example/a", filename: a}
                              - {url: "http://plain.example:8080/c", filename: c}
                          - {action: cargo_fetch}
                        plan:
                          - {action: shell, shell: make}
                        """);
        assertThat(server.run("network", "suggest", "--plan", plan.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(server.out())
                .isEqualTo(
                        """
                        network:
                          pre_plan:
                            allow:
                              # cargo_fetch connects to what `mirrors.cargo` says
                              - files.example:443 # http_get
                              - plain.example:8080 # http_get
                        """);
        assertThat(server.asked()).isEmpty();

        Files.writeString(plan, "plan: [{action: shell, shell: make}]");
        assertThat(server.run("network", "suggest", "--plan", plan.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(server.out()).endsWith("# nothing in this plan names a place by itself\n");

        Files.writeString(plan, "plan: [{action: shel}]");
        assertThat(server.run("network", "suggest", "--plan", plan.toString()))
                .isEqualTo(ExitCode.NO);
        assertThat(server.err()).contains("did you mean 'shell'?");
    }

    @Test
    void runsOrAPlanAreLookedAtAndNotBoth() throws IOException {
        assertThat(server.run("network", "suggest")).isEqualTo(ExitCode.USAGE);
        assertThat(server.run("network", "suggest", "a/b", "--plan", "x"))
                .isEqualTo(ExitCode.USAGE);
    }
}
