package airlock.source;

/// The forge answered, and has no such ref or commit (any more).
///
/// @param why what was asked for and what is not there, in words for people
public record Missing(String why) implements Fetched {}
