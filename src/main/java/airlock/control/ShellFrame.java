package airlock.control;

/// What the two ends of a shell tell each other once a person is let in. On the wire: `u8` type,
/// `u16` length of the payload, big-endian, payload.
sealed interface ShellFrame {
    /// Most bytes of a payload.
    int MOST = 16 * 1024;

    /// Keys to the shell, or output from it. Without any, a sign that the server is there.
    ///
    /// @param bytes at most [#MOST]
    record Bytes(byte[] bytes) implements ShellFrame {}

    /// The person's window has this size; from the client.
    ///
    /// @param columns 1 to 65,535
    /// @param rows the same
    record Size(int columns, int rows) implements ShellFrame {}

    /// There are no more keys; from the client.
    record End() implements ShellFrame {}

    /// The shell has ended with this code; from the server, the last frame.
    record Exit(int code) implements ShellFrame {}

    /// The shell has ended otherwise; from the server, the last frame.
    ///
    /// @param why one line for people
    record Lost(String why) implements ShellFrame {}
}
