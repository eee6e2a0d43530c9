package airlock.secrets;

import airlock.event.Secret;

/// What came of making a token.
public sealed interface NewToken {
    /// It is made.
    ///
    /// @param text the token, which can't be had again
    record Made(Secret text, ReadToken token) implements NewToken {}

    /// There is one of that name.
    record Exists(String name) implements NewToken {}
}
