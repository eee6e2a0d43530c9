package airlock.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/// Makes tree objects byte by byte, so that they can be malformed.
final class TreeBuilder {
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

    TreeBuilder entry(String mode, String name, ObjectId id) {
        return entry(mode, name.getBytes(StandardCharsets.UTF_8), id);
    }

    TreeBuilder entry(String mode, byte[] name, ObjectId id) {
        raw.writeBytes((mode + " ").getBytes(StandardCharsets.US_ASCII));
        raw.writeBytes(name);
        raw.write(0);
        byte[] idBytes = new byte[Constants.OBJECT_ID_LENGTH];
        id.copyRawTo(idBytes, 0);
        raw.writeBytes(idBytes);
        return this;
    }

    byte[] bytes() {
        return raw.toByteArray();
    }

    ObjectId insert(ObjectInserter inserter) throws IOException {
        ObjectId id = inserter.insert(Constants.OBJ_TREE, bytes());
        inserter.flush();
        return id;
    }
}
