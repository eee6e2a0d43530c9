package airlock.source;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A file of the commit that may be a plan; a missing file has none of these.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
public sealed interface CommitFile {
    String path();

    record Content(String path, byte[] bytes) implements CommitFile {}

    record TooLarge(String path, long size, long limit) implements CommitFile {}

    /// Something else, such as "a symbolic link", is in its place or in that of its folder.
    record NotAFile(String path, String what) implements CommitFile {}
}
