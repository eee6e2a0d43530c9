package airlock.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.ControlServer;
import airlock.control.Reply;
import airlock.machine.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerChecksTest {
    @TempDir Path directory;
    private final List<Reply> machines = new ArrayList<>();
    private final List<Reply> secrets = new ArrayList<>();
    private final List<Reply> statuses = new ArrayList<>();

    private List<Finding> look(Reply... usage) {
        Path socket = directory.resolve("control.sock");
        try (var _ =
                ControlServer.open(
                        socket,
                        (command, _, replies) -> {
                            switch (command) {
                                case Command.SweepStates _ ->
                                        replies.accept(new Reply.Swept("home/a/b", 0, false, ""));
                                case Command.Statuses _ -> statuses.forEach(replies);
                                case Command.SecretProblems _ -> secrets.forEach(replies);
                                case Command.MachineProblems _ -> machines.forEach(replies);
                                default -> List.of(usage).forEach(replies);
                            }
                            replies.accept(new Reply.Done(""));
                        })) {
            return new ServerChecks(socket).look();
        }
    }

    @Test
    void whatIsOverItsQuotaIsAFindingWithItsCure() {
        var findings =
                look(
                        new Reply.Used("home/a/b", "logs", 3, 2_000, 1_000, Instant.EPOCH),
                        new Reply.Over("home/a/b", "logs", 2_000, 1_000),
                        new Reply.Disk(1, 1, 1, 1, 1, 1));
        assertThat(findings).hasSize(4);
        var over = findings.get(2);
        assertThat(over.isGood()).isFalse();
        assertThat(over.what()).isEqualTo("retention of logs");
        assertThat(over.seen()).isEqualTo("home/a/b: 2,000 bytes, allowed are 1,000");
        assertThat(over.cure()).contains("`retention`");
    }

    @Test
    void statusesThatAForgeRefusesAreAFindingWithItsCure() {
        assertThat(look()).contains(Finding.good("statuses", "no forge refuses them"));
        statuses.add(
                new Reply.StatusPause(
                        "forge home",
                        "it answered 401",
                        "renew the token",
                        Instant.EPOCH,
                        Instant.ofEpochSecond(60)));
        assertThat(look())
                .contains(
                        Finding.bad(
                                "statuses of forge home",
                                "paused since 1970-01-01T00:00:00Z: it answered 401",
                                "renew the token; `airlock statuses retry` tries now"));
    }

    @Test
    void aTemplateThatWasNoGoodIsAFindingWithItsCure() {
        machines.add(new Reply.MachineProblem("template 0123 is thrown away: cut"));
        var finding = look().getLast();
        assertThat(finding.isGood()).isFalse();
        assertThat(finding.what()).isEqualTo("templates");
        assertThat(finding.seen()).isEqualTo("template 0123 is thrown away: cut");
        assertThat(finding.cure()).contains("more slowly");
    }

    @Test
    void whatIsWeakAboutSecretsIsAFindingWithItsCure() {
        secrets.add(new Reply.SecretProblem("alice/hello has no value", "airlock secret set"));
        assertThat(look())
                .contains(Finding.bad("secrets", "alice/hello has no value", "airlock secret set"));
    }

    @Test
    void whereNoneWasBadItSaysSo() {
        assertThat(look().getLast().isGood()).isTrue();
    }

    @Test
    void withinAllQuotasItSaysSo() {
        assertThat(look()).contains(Finding.good("retention", "nothing is over its quota"));
    }

    @Test
    void aServerThatFailsToAnswerIsAFinding() {
        assertThat(look(new Reply.Problem("the disk is broken")))
                .anyMatch(
                        finding -> !finding.isGood() && finding.seen().contains("disk is broken"));
    }

    @Test
    void withoutAServerNothingIsAsked() {
        assertThat(new ServerChecks(directory.resolve("nowhere")).look()).isEmpty();
    }
}
