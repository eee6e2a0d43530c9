package airlock.program;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// kill(2) of a process group, which Java has no words for.
final class ProcessGroup {
    private static final int SIGKILL = 9;

    private ProcessGroup() {}

    /// Kills what is in the group; does nothing if nothing is.
    ///
    /// @param leader the process that made it, which may have ended
    @SuppressWarnings("restricted") // libc; the JVM is told to allow it
    static void kill(long leader) {
        // 0 and 1 would mean other groups
        if (leader <= 1) {
            throw new IllegalArgumentException("not the leader of a group: " + leader);
        }
        var linker = Linker.nativeLinker();
        var kill =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("kill"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int _ = (int) kill.invokeExact((int) -leader, SIGKILL);
        } catch (Throwable e) {
            throw new LinkageError("libc could not be called", e);
        }
    }
}
