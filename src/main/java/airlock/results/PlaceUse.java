package airlock.results;

/// The connections of a phase's VM to one place.
///
/// @param place as the guest named it, printable ASCII
/// @param sent bytes from the guest
/// @param reason why the last one was refused; empty if none was
public record PlaceUse(
        String place, long connections, long sent, long received, long refused, String reason) {}
