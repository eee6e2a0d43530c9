package airlock.forge;

/// The result of posting a status.
public sealed interface PostAnswer permits PostAnswer.Posted, PostAnswer.Unknown, ApiFailure {
    /// The forge has it.
    record Posted() implements PostAnswer {}

    /// The request was sent and no answer came, so the forge may have it. Ask with
    /// [StatusPoster#latest] before posting again.
    record Unknown(String reason) implements PostAnswer {}
}
