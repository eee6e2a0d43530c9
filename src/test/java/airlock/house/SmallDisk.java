package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A real file system of a few MiB that a test can fill. It is mounted where only one process and
/// its children see it, so it goes with them.
public final class SmallDisk {
    private static final String BALLAST = "ballast";
    private static final int MIB = 1 << 20;
    private static final String SCRIPT =
            "mount -t tmpfs -o size=\"$1\",mode=700 tmpfs \"$2\" && shift 2 && exec \"$@\"";

    private SmallDisk() {}

    /// The reason why this machine can't have one; empty if it can.
    public static String missing() throws Exception {
        if (!Programs.output("id", "-u").strip().equals("0")) {
            return "mounting a small disk takes root";
        }
        return Programs.runs("unshare", "--mount", "true") ? "" : "no mount namespaces";
    }

    /// The beginning of a command, up to the program, which has that disk at `at`. The process
    /// becomes the program's.
    public static List<String> of(int mebibytes, Path at) {
        return List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                SCRIPT,
                "sh",
                mebibytes + "m",
                at.toString());
    }

    /// Takes all that is left of the disk in which `directory` lies.
    public static void fill(Path directory) throws IOException {
        try (var channel =
                FileChannel.open(
                        directory.resolve(BALLAST),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            for (int size = MIB; size > 0; size /= 2) {
                fill(channel, size);
            }
        }
    }

    private static void fill(FileChannel channel, int piece) {
        try {
            while (true) {
                channel.write(ByteBuffer.allocate(piece));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /// Gives back what [#fill(Path)] took.
    public static void empty(Path directory) throws IOException {
        Files.delete(directory.resolve(BALLAST));
    }
}
