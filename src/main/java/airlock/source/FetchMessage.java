package airlock.source;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A message of a fetch process to the server; the last is its [Answer].
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
sealed interface FetchMessage permits FetchMessage.Ready, FetchMessage.Doing, Answer {
    /// It waits for its order.
    record Ready() implements FetchMessage {}

    record Doing(Stage stage) implements FetchMessage {}

    /// A stage of a fetch process, which decides what a missing answer means.
    enum Stage {
        ASKING,
        RECEIVING,
        PACKING
    }
}
