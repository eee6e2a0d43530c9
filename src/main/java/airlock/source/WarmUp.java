package airlock.source;

import airlock.sandbox.RecordStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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

/// Loads the classes that an order will need, before it comes: reads a small order, makes a
/// repository of one file and packs it.
final class WarmUp {
    private WarmUp() {}

    /// @param home of the repository, which stays there
    static void run(Path home) throws IOException {
        readAnOrder();
        Transport.getTransportProtocols();
        try (GitMirror mirror = GitMirror.open(home.resolve("warm.git"), SourceLimits.DEFAULT)) {
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

    private static void readAnOrder() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var target = new Order.Target("", new Order.Login.Anonymous(), SourceLimits.DEFAULT);
        new RecordStream(InputStream.nullInputStream(), bytes)
                .write(new Order.Tips(target, List.of()));
        var in = new ByteArrayInputStream(bytes.toByteArray());
        new RecordStream(in, OutputStream.nullOutputStream()).read(Order.class);
    }

    private static ObjectId insert(GitMirror mirror) throws IOException {
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
