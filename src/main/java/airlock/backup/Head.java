package airlock.backup;

import airlock.base.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/// What a backup says about itself before anything else.
///
/// @param format [#FORMAT]
/// @param made when, ISO 8601
/// @param state the state directory that it was made of
record Head(int format, String made, String state) {
    /// Raised when an older program can't restore it.
    static final int FORMAT = 1;

    /// A newer program may say more.
    private static final ObjectReader READER =
            Json.STRICT
                    .readerFor(Head.class)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    String json() {
        return Json.MAPPER.writeValueAsString(this) + "\n";
    }

    /// @throws BackupException where it is none, or one of a newer program
    static Head read(byte[] bytes) {
        Head head;
        try {
            head = READER.readValue(bytes);
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
