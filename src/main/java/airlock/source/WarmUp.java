package airlock.source;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.transport.Transport;

/// Has a waiting process load what an order will need: it makes a repository of one file and
/// packs it.
final class WarmUp {
    private WarmUp() {}

    /// @param home where the repository goes; it stays there
    static void run(Path home) throws IOException {
        Transport.getTransportProtocols();
        try (Mirror mirror = Mirror.open(home.resolve("warm.git"), SourceLimits.DEFAULT)) {
            ObjectId tree = insert(mirror);
            try (ObjectReader objects = mirror.repository().newObjectReader()) {
                var tar = new TarWriter(OutputStream.nullOutputStream(), SourceLimits.DEFAULT);
                List<String> submodules =
                        new TreePacker(objects, tar, SourceLimits.DEFAULT).pack(tree);
                tar.finish();
                if (!submodules.isEmpty()) {
                    throw new IllegalStateException("the rehearsal has no submodules");
                }
            }
        }
    }

    private static ObjectId insert(Mirror mirror) throws IOException {
        try (ObjectInserter inserter = mirror.repository().newObjectInserter()) {
            var tree = new TreeFormatter();
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, new byte[] {'\n'});
            tree.append("file", FileMode.REGULAR_FILE, blob);
            ObjectId id = inserter.insert(tree);
            inserter.flush();
            return id;
        }
    }
}
