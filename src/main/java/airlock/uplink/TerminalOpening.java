package airlock.uplink;

/// The guest's answer to a request for a terminal.
public sealed interface TerminalOpening {
    /// Open.
    ///
    /// @param terminal for the caller to close
    record Opened(Terminal terminal) implements TerminalOpening {}

    /// The guest refused it.
    ///
    /// @param why in the guest's words: anything, in printable ASCII
    record Refused(String why) implements TerminalOpening {}

    /// The guest did not answer.
    record NoAnswer(String why) implements TerminalOpening {}
}
