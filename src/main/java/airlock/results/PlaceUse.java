package airlock.results;

/// The connections of a phase's VM to one place.
///
/// @param place as the guest named it, printable ASCII
/// @param connections that were allowed
/// @param sent bytes from the guest
/// @param received bytes to the guest
/// @param refused connections that were refused or ended
/// @param reason why the last one was refused; empty if none was
public record PlaceUse(
        String place, long connections, long sent, long received, long refused, String reason) {}
