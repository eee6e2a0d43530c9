package airlock.source;

/// A file of the commit that says what to run; absent ones have none of these.
public sealed interface PlanFile {
    /// Its path in the commit.
    String path();

    /// Its bytes.
    record Content(String path, byte[] bytes) implements PlanFile {}

    /// It is larger than the limit, both in bytes.
    record TooLarge(String path, long size, long limit) implements PlanFile {}

    /// There is something else in its place, or in that of its folder.
    ///
    /// @param what such as "a symbolic link"
    record NotAFile(String path, String what) implements PlanFile {}
}
