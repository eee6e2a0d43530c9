package airlock.vm;

import airlock.program.Tail;
import airlock.text.SafeText;
import airlock.vm.EndState.VmSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class QemuProcess {
    private static final int ERRORS = 16 << 10;
    private static final Duration QUIT = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration KILLED = Duration.ofSeconds(20);

    private final Process process;
    private final Tail errors = new Tail(ERRORS);
    private final Thread reader;
    private final CompletableFuture<VmSignal.Exited> exit;
    private List<ProcessHandle> inside = List.of();

    QemuProcess(Process process) throws IOException {
        this.process = process;
        process.getOutputStream().close();
        reader =
                Thread.ofVirtual()
                        .name("qemu-errors")
                        .start(() -> errors.drain(process.getInputStream()));
        exit = process.onExit().thenApply(_ -> exited());
    }

    long pid() {
        return process.pid();
    }

    CompletableFuture<VmSignal.Exited> exit() {
        return exit;
    }

    private VmSignal.Exited exited() {
        try {
            reader.join(Duration.ofSeconds(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        String text = complaint(errors.text(), "qemu-system-x86_64: ");
        return new VmSignal.Exited(process.exitValue(), text.isEmpty() ? "no message" : text);
    }

    /// Joins the lines that are not blank by `; `.
    ///
    /// @param prefix removed from each line
    static String complaint(String text, String prefix) {
        String joined =
                text.lines()
                        .map(l -> l.startsWith(prefix) ? l.substring(prefix.length()) : l)
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining("; "));
        return SafeText.line(joined, SafeText.SAID);
    }

    /// Remembers the processes inside the walls, while they still have their parent.
    void look() {
        inside = process.descendants().toList();
    }

    /// CPU time of QEMU and its walls, all threads together. Without namespaces QEMU is the process
    /// itself.
    Duration cpuTime() {
        return Stream.concat(Stream.of(process.toHandle()), inside.stream())
                .flatMap(handle -> handle.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// Waits for the end of a QEMU that quits, else kills it.
    void end(boolean quits) throws InterruptedException {
        var all =
                Stream.of(process.descendants(), inside.stream(), Stream.of(process.toHandle()))
                        .flatMap(handles -> handles)
                        .distinct()
                        .toList();
        if (!quits || !process.waitFor(QUIT.toMillis(), TimeUnit.MILLISECONDS)) {
            kill(all);
        }
    }

    /// Kills processes and waits until they have ended.
    ///
    /// @throws VmException if one stays
    static void kill(List<ProcessHandle> processes) throws InterruptedException {
        processes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : processes) {
            if (isSoonOver(process)) {
                continue;
            }
            try {
                process.onExit().get(KILLED.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new VmException(
                        "process %d does not end when it is killed; look at its state in /proc"
                                .formatted(process.pid()),
                        e);
            }
        }
    }

    /// The JVM looks at processes that are not its children only every 300 ms, and waits until a
    /// parent has noticed; a killed process ends within a few milliseconds.
    private static boolean isSoonOver(ProcessHandle process) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!isOver(process)) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /// Whether nothing of it runs or holds resources: it is gone, or a zombie without further
    /// threads (proc_pid_status(5)).
    static boolean isOver(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String status =
                    Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
            return status.contains("\nState:\tZ") && status.contains("\nThreads:\t1\n");
        } catch (IOException _) {
            // gone meanwhile
            return true;
        }
    }
}
