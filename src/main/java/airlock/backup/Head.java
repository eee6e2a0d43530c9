package airlock.backup;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a backup says about itself before anything else.
///
/// @param format [#FORMAT]
/// @param made when, ISO 8601
/// @param state the state directory that it was made of
record Head(int format, String made, String state) {
    /// Raised when an older program can't restore it.
    static final int FORMAT = 1;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    String json() {
        return JSON.writeValueAsString(this) + "\n";
    }

    /// @throws BackupException where it is none, or one of a newer program
    static Head read(byte[] bytes) {
        Head head;
        try {
            head = JSON.readValue(bytes, Head.class);
        } catch (JacksonException e) {
            throw new BackupException("this is no backup of airlock: its first entry is not", e);
        }
        if (head.format() != FORMAT) {
            throw new BackupException(
                    "the backup has format %d, this airlock restores format %d: use the version that made it"
                            .formatted(head.format(), FORMAT));
        }
        return head;
    }
}
