package airlock.phases;

import airlock.event.Phase;
import airlock.results.PlaceUse;
import airlock.results.RunLog;
import airlock.text.SecretForms;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// Writes the host's own lines to the log of one phase, with the phase's secrets as stars.
///
/// **Threads**: any.
final class HostNotes {
    private final Phase phase;
    private final RunLog log;
    private final InstantSource clock;
    private volatile SecretForms secrets = SecretForms.NONE;
    private boolean isOver;

    HostNotes(Phase phase, RunLog log, InstantSource clock) {
        this.phase = phase;
        this.log = log;
        this.clock = clock;
    }

    void hide(SecretForms forms) {
        secrets = forms;
    }

    String masked(String text) {
        return secrets.mask(text);
    }

    /// Masks places and reasons, since the name of a host can carry a secret.
    List<PlaceUse> masked(List<PlaceUse> places) {
        return places.stream()
                .map(
                        use ->
                                new PlaceUse(
                                        masked(use.place()),
                                        use.connections(),
                                        use.sent(),
                                        use.received(),
                                        use.refused(),
                                        masked(use.reason())))
                .toList();
    }

    /// Adds a line, unless the phase is over.
    synchronized void add(String line) {
        if (!isOver) {
            byte[] shown = (masked(line) + "\n").getBytes(StandardCharsets.UTF_8);
            log.add(phase, -1, 0, clock.millis(), shown);
        }
    }

    /// Drops later lines, since the log may be closed: programs that still use the agent or a token
    /// are refused, and each refusal would add a line.
    synchronized void close() {
        isOver = true;
    }
}
