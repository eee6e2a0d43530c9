package airlock.token;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A message of a token's process to the server.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
sealed interface Message {
    /// It listens on its socket.
    record Ready() implements Message {}

    /// One line about a request.
    record Said(String line) implements Message {}

    /// An answer contained the token.
    record Leaked(String why) implements Message {}
}
