package airlock.base;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// umask(2) of this process, which Java has no API for.
public final class Umask {
    private static final int OTHERS = 0077;

    private Umask() {}

    /// Sets the umask of this process and its children to 077, so that only their owner can open
    /// new files.
    @SuppressWarnings("restricted") // libc; an option of the JVM allows it
    public static void ownerOnly() {
        var linker = Linker.nativeLinker();
        var umask =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("umask"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int _ = (int) umask.invokeExact(OTHERS);
        } catch (Throwable e) {
            throw new LinkageError("libc could not be called", e);
        }
    }
}
