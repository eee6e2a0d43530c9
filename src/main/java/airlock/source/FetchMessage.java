package airlock.source;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A message of a fetch process to the server; the last is its [Answer].
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
sealed interface FetchMessage permits FetchMessage.Ready, FetchMessage.Doing, Answer {
    /// It waits for its order.
    record Ready() implements FetchMessage {}

    /// It has begun a stage.
    record Doing(Stage stage) implements FetchMessage {}

    /// A stage of a fetch process, which decides what a missing answer means.
    enum Stage {
        /// Connecting to the forge and listing its refs.
        ASKING,
        /// Receiving objects.
        RECEIVING,
        /// Reading objects and writing the tar.
        PACKING
    }
}
