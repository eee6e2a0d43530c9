package airlock.source;

/// What the forge has, or sends, is not taken: a hostile tree, a limit, a redirect to another
/// host. Asking again gives the same.
///
/// @param why the rule and what broke it, in words for people
public record Refused(String why) implements Fetched, Listing, Reachable, Local {}
