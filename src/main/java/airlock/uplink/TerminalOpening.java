package airlock.uplink;

/// What came of opening a terminal.
public sealed interface TerminalOpening {
    /// It is there.
    ///
    /// @param terminal to be closed
    record Opened(Terminal terminal) implements TerminalOpening {}

    /// The guest refused it.
    ///
    /// @param why in the guest's words: anything, in printable ASCII
    record Refused(String why) implements TerminalOpening {}

    /// The guest did not answer.
    record NoAnswer(String why) implements TerminalOpening {}
}
