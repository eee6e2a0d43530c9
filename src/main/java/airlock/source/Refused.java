package airlock.source;

/// The commit is not taken, and that is its own fault: a hostile tree, a limit. Asking again gives
/// the same.
///
/// @param why the rule and what broke it, in words for people
public record Refused(String why) implements Fetched, Listing, Reachable, Changed, Local {}
