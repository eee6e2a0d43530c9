package airlock.backup;

import airlock.base.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/// The first entry of a backup.
///
/// @param format [#FORMAT]
/// @param made when, ISO 8601
/// @param state the state directory that was backed up
record Head(int format, String made, String state) {
    /// To be raised if older versions can't restore a backup.
    static final int FORMAT = 1;

    /// Newer versions may add members.
    private static final ObjectReader READER =
            Json.STRICT
                    .readerFor(Head.class)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    String json() {
        return Json.MAPPER.writeValueAsString(this) + "\n";
    }

    /// @throws BackupException if it is not a backup or has a newer format
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
