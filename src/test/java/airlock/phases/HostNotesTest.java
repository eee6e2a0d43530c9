package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.agent.PhaseAgent;
import airlock.config.PhaseNetwork;
import airlock.egress.Connection;
import airlock.egress.Connection.Refusal;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.phases.PhaseRecorder.HostNotes;
import airlock.results.PhaseView.PlaceUse;
import airlock.results.RunLog;
import airlock.results.RunLogs;
import airlock.secrets.SecretStore.DriveFile;
import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.TestGuest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNotesTest {
    private static final String SECRET = "S3cret-Value";
    private static final byte[] UNKNOWN_REQUEST = {0, 0, 0, 1, 99};
    private static final byte[] FAILURE = {0, 0, 0, 1, 5};

    private final RunId run = RunId.random();
    @TempDir private Path directory;
    private RunLogs logs;
    private RunLog log;
    private HostNotes notes;

    @BeforeEach
    void open() {
        logs = new RunLogs(directory);
        log = logs.append(run);
        notes = new HostNotes(Phase.PRE_PLAN, log, InstantSource.fixed(Instant.EPOCH));
    }

    private String text() {
        return logs.read(run, 0, 1 << 20).stream()
                .map(chunk -> new String(chunk.bytes(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    private PhaseUplink uplink() {
        return new PhaseUplink(
                true,
                PhaseNetwork.NOTHING,
                "the list",
                new OpenedSecrets(List.of(), List.of(), List.of()),
                (_, _, _) -> {
                    throw new AssertionError("not opened");
                },
                notes::add);
    }

    @Test
    void anAgentThatIsAskedWhenThePhaseIsOverRefusesWithoutALine() throws Exception {
        var agent = new PhaseAgent(List.of(), notes::add);
        try (var guest = TestGuest.greeted(offer -> agent.serve(offer.accept()))) {
            guest.say(new Open(1, Kind.AGENT, ""), new Data(1, UNKNOWN_REQUEST));
            assertThat(guest.hears()).isEqualTo(new Opened(1));
            assertThat(((Data) guest.hears()).bytes()).isEqualTo(FAILURE);
            assertThat(text()).contains("agent request (").endsWith("\n");
            String before = text();

            agent.close();
            notes.close();
            log.close();

            for (int late = 0; late < 3; late++) {
                guest.say(new Data(1, UNKNOWN_REQUEST));
                assertThat(((Data) guest.hears()).bytes()).as("not a reset").isEqualTo(FAILURE);
            }
            assertThat(text()).isEqualTo(before);
        }
    }

    @Test
    void aHostWhoseNameCarriesASecretShowsWithStarsInLogAndTable() throws Exception {
        var file = new DriveFile("x", SECRET.getBytes(StandardCharsets.UTF_8), true);
        var secrets = new OpenedSecrets(List.of(file), List.of(), List.of());
        notes.hide(secrets.formsInNames());
        var uplink = uplink();
        String small = "s3cret-value.evil.example:443";

        uplink.told(
                new Connection(
                        SECRET + ".evil.example:443",
                        Optional.empty(),
                        0,
                        0,
                        Optional.of(new Refusal("is not on the list", Optional.of(small)))));
        uplink.told(
                new Connection(
                        small,
                        Optional.of(InetAddress.getByName("192.0.2.1")),
                        7,
                        8,
                        Optional.of(new Refusal("was ended: " + small, Optional.empty()))));

        assertThat(text())
                .isEqualTo(
                        """
                        connection refused: ***.evil.example:443 is not on the list; `***.evil.example:443` in the list would allow it
                        connection refused: ***.evil.example:443 was ended: ***.evil.example:443
                        """);
        assertThat(notes.masked(uplink.rows()))
                .containsExactly(
                        new PlaceUse("***.evil.example:443", 0, 0, 0, 1, "is not on the list"),
                        new PlaceUse(
                                "***.evil.example:443",
                                1,
                                7,
                                8,
                                1,
                                "was ended: ***.evil.example:443"));
    }
}
