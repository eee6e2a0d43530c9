package airlock.source;

import airlock.source.LocalSource.Local;

/// The commit is refused for its own fault, such as a hostile tree or a limit; another try ends the
/// same way.
///
/// @param why for people: the rule and how it was broken
public record Refused(String why) implements Fetched, Listing, Reachable, Changed, Local {}
