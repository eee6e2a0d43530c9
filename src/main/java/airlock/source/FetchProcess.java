package airlock.source;

import airlock.sandbox.Landlock;
import airlock.sandbox.RecordStream;
import airlock.source.FetchMessage.Stage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.transport.Transport;

/// The child JVM that fetches and packs: reads one [Order], writes [FetchMessage]s, the last of
/// which is its [Answer], and ends.
public final class FetchProcess {
    static final String TRIAL = "trial";

    private FetchProcess() {}

    /// Carries out one order.
    ///
    /// @param arguments the path of an empty directory, in place of a home; and [#TRIAL] to end
    ///     before the first order
    public static void main(String[] arguments) throws IOException {
        var server = RecordStream.ofChild();
        Path home = Path.of(arguments[0]);
        Isolation.install(home);
        Landlock.restrict(List.of(home));
        if (arguments.length > 1 && arguments[1].equals(TRIAL)) {
            Files.createFile(home.resolve(TRIAL));
            return;
        }
        warmUp(home);
        server.write(new FetchMessage.Ready());
        Order order;
        try {
            order = server.read(Order.class);
        } catch (EOFException _) {
            return; // a spare that was not needed
        }
        server.haltAtEnd();
        server.write(new FetchJob(home, stage -> tell(server, stage)).run(order));
        Runtime.getRuntime().halt(0);
    }

    static void tell(RecordStream server, Stage stage) {
        try {
            server.write(new FetchMessage.Doing(stage));
        } catch (IOException e) {
            throw new UncheckedIOException("the server does not listen", e);
        }
    }

    /// Loads the classes that an order will need, before it comes: reads a small order, makes a
    /// repository of one file in `home` and packs it.
    private static void warmUp(Path home) throws IOException {
        readAnOrder();
        Transport.getTransportProtocols();
        try (GitMirror mirror = GitMirror.open(home.resolve("warm.git"), SourceLimits.DEFAULT)) {
            ObjectId tree = insert(mirror);
            try (ObjectReader objects = mirror.newObjectReader()) {
                var tar = new TarWriter(OutputStream.nullOutputStream(), SourceLimits.DEFAULT);
                List<String> _ = new TreePacker(objects, tar, SourceLimits.DEFAULT).pack(tree);
                tar.finish();
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
        try (ObjectInserter inserter = mirror.newObjectInserter()) {
            var tree = new TreeFormatter();
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, new byte[] {'\n'});
            tree.append("file", FileMode.REGULAR_FILE, blob);
            ObjectId id = inserter.insert(tree);
            inserter.flush();
            return id;
        }
    }
}
