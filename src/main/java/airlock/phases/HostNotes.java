package airlock.phases;

import airlock.event.Phase;
import airlock.results.PlaceUse;
import airlock.results.RunLog;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// The host's own lines in the log of one phase, and what else it shows in words of a guest.
/// Secrets of the phase show as stars.
///
/// **Threads**: any.
final class HostNotes {
    private final Phase phase;
    private final RunLog log;
    private final InstantSource clock;
    private volatile Masker masker = Masker.NOTHING;
    private boolean isOver;

    HostNotes(Phase phase, RunLog log, InstantSource clock) {
        this.phase = phase;
        this.log = log;
        this.clock = clock;
    }

    /// From now on these show as stars.
    void hide(SecretForms forms) {
        masker = new Masker(forms);
    }

    /// A text as it may be shown.
    String masked(String text) {
        return masker.line(text);
    }

    /// Places and reasons as they may be shown: the name of a host can carry a secret.
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

    /// The phase is over, and its log may be closed: whoever still talks to its agent or a token is
    /// refused, and the line about it has no place any more.
    synchronized void close() {
        isOver = true;
    }
}
