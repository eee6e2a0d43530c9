package airlock.agent;

import java.util.function.Consumer;

/// What a run's log hears of its agent. A guest may ask for as much as it likes; of what it is
/// refused, a number of lines is told.
final class AgentLog {
    static final int MOST_REFUSALS = 200;

    private final Consumer<String> lines;
    private int refusals;

    AgentLog(Consumer<String> lines) {
        this.lines = lines;
    }

    /// A signature, before it leaves.
    ///
    /// @param key a public one
    synchronized void signed(String login, byte[] key, int count, int most) {
        lines.accept("signed: %s (%s), %d of %d".formatted(login, KeyNames.of(key), count, most));
    }

    /// What was not done, and why.
    synchronized void refused(String what, String why) {
        if (refusals > MOST_REFUSALS) {
            return;
        }
        refusals++;
        lines.accept(
                refusals <= MOST_REFUSALS
                        ? what + " refused: " + why
                        : "what else the agent refuses in this phase is not told");
    }
}
