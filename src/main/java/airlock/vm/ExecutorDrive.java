package airlock.vm;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Writes drive `vdb`: a tar archive of the executor and its plan, in the dialect of
/// docs/guest-protocol.md (POSIX.1-2001 ustar).
public final class ExecutorDrive {
    private static final int BLOCK = 512;

    private ExecutorDrive() {}

    /// Writes the archive; the same inputs give the same bytes.
    ///
    /// @param executor the guest program
    /// @param plan what [StepList] wrote
    public static void write(OutputStream out, byte[] executor, byte[] plan) throws IOException {
        file(out, "executor", 0755, executor);
        file(out, "plan.bin", 0600, plan);
        out.write(new byte[2 * BLOCK]);
    }

    private static void file(OutputStream out, String name, int mode, byte[] content)
            throws IOException {
        out.write(header(name, mode, content.length));
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static byte[] header(String name, int mode, int size) {
        var header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, octal(7, mode));
        put(header, 108, octal(7, 0));
        put(header, 116, octal(7, 0));
        put(header, 124, octal(11, size));
        put(header, 136, octal(11, 0));
        put(header, 148, " ".repeat(8));
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, octal(6, sum) + "\0 ");
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static String octal(int digits, int value) {
        return String.format(Locale.ROOT, "%0" + digits + "o", value);
    }
}
