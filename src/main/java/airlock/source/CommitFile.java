package airlock.source;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A file of the commit that may be a plan; a missing file has none of these.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
public sealed interface CommitFile {
    /// Its path in the commit.
    String path();

    /// Its bytes.
    record Content(String path, byte[] bytes) implements CommitFile {}

    /// It is larger than the limit, both in bytes.
    record TooLarge(String path, long size, long limit) implements CommitFile {}

    /// Something else is in its place, or in the place of its folder.
    ///
    /// @param what it is, such as "a symbolic link"
    record NotAFile(String path, String what) implements CommitFile {}
}
