package airlock.event;

/// The outcome of a delivery with a correct signature. All but [Refused] are on disk when this
/// value exists.
public sealed interface DeliveryOutcome {
    /// It caused a request.
    record Requested(RequestId request) implements DeliveryOutcome {}

    /// The event is known already, so it has no effect (T5).
    record Known(RequestId request) implements DeliveryOutcome {}

    /// It needs no test; the reason is for people.
    record NothingToDo(String reason) implements DeliveryOutcome {}

    /// It contradicts known facts, such as a delivery id with other bytes before; nothing changed.
    record Refused(String reason) implements DeliveryOutcome {}
}
