package airlock.source;

/// The forge has no such ref or commit (any more).
///
/// @param why for people: what is missing
public record Missing(String why) implements Fetched {}
