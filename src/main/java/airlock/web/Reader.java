package airlock.web;

import airlock.event.Secret;

/// Who reads.
public sealed interface Reader {
    /// Everybody: no token came along.
    record Anybody() implements Reader {}

    /// Somebody who sent a token, right or wrong.
    record Bearer(Secret token) implements Reader {}
}
