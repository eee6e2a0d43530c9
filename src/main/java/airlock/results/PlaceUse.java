package airlock.results;

/// The connections of a phase's VM to one place.
///
/// @param place in the guest's words, printable ASCII
/// @param connections that were let
/// @param sent bytes from the guest
/// @param received bytes to it
/// @param refused connections that were not let, or were ended
/// @param reason why the last of those was; empty where none was
public record PlaceUse(
        String place, long connections, long sent, long received, long refused, String reason) {}
