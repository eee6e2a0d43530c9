package airlock.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A control group in one of the host's trees of them, and the files for its limits (Linux's
/// admin-guide/cgroup-v1/memory.rst, cgroup-v1/pids.rst and cgroup-v2.rst; cpu.shares of
/// scheduler/sched-design-CFS.rst).
public record Hierarchy(Path directory, Kind kind) {
    /// The controllers of the tree, and their version.
    public enum Kind {
        MEMORY_V1,
        TASKS_V1,
        /// Shares of the CPUs, which are not a limit.
        CPU_V1,
        ALL_V2
    }

    /// A group's share of a busy machine.
    public enum Weight {
        /// A tenth of the usual.
        LIGHT(102, 10),
        USUAL(1024, 100);

        private final int shares;
        private final int weight;

        Weight(int shares, int weight) {
            this.shares = shares;
            this.weight = weight;
        }
    }

    /// The group of that name in this one.
    public Hierarchy below(String name) {
        return new Hierarchy(directory.resolve(name), kind);
    }

    /// Sets its weight, if its tree supports that.
    public void weigh(Weight weight) throws IOException {
        switch (kind) {
            case MEMORY_V1, TASKS_V1 -> {}
            case CPU_V1 -> write("cpu.shares", weight.shares);
            case ALL_V2 -> writeIfThere("cpu.weight", weight.weight);
        }
    }

    /// Sets its limits.
    ///
    /// @param memory in bytes, without swap
    /// @param tasks processes and threads
    public void limit(long memory, int tasks) throws IOException {
        switch (kind) {
            case MEMORY_V1 -> {
                write("memory.limit_in_bytes", memory);
                // memory and swap together, so a guest's memory never reaches a disk
                writeIfThere("memory.memsw.limit_in_bytes", memory);
            }
            case TASKS_V1 -> write("pids.max", tasks);
            case CPU_V1 -> {}
            case ALL_V2 -> {
                write("memory.max", memory);
                writeIfThere("memory.swap.max", 0);
                write("pids.max", tasks);
            }
        }
    }

    /// How many of the group's processes the kernel killed for lack of memory.
    public long kills() {
        return switch (kind) {
            case MEMORY_V1 -> count("memory.oom_control", "oom_kill");
            case TASKS_V1, CPU_V1 -> 0;
            case ALL_V2 -> count("memory.events", "oom_kill");
        };
    }

    /// Whether the group reached its own limit; otherwise the host or a group above ran out of
    /// memory.
    public boolean full() {
        return switch (kind) {
            // its failcnt stays 0 if swap is limited too
            case MEMORY_V1 ->
                    count("memory.max_usage_in_bytes", "") >= count("memory.limit_in_bytes", "");
            case TASKS_V1, CPU_V1 -> false;
            case ALL_V2 -> count("memory.events", "oom") > 0;
        };
    }

    private void writeIfThere(String file, long value) throws IOException {
        if (Files.exists(directory.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
            write(file, value);
        }
    }

    private void write(String name, long value) throws IOException {
        Path file = directory.resolve(name);
        try {
            Files.writeString(file, Long.toString(value), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("cannot write %d to %s: %s".formatted(value, file, e), e);
        }
    }

    /// The number after `word`, or the first number of the file.
    private long count(String file, String word) {
        try {
            return Files.readAllLines(directory.resolve(file)).stream()
                    .map(line -> line.strip().split(" ", -1))
                    .filter(words -> word.isEmpty() || words[0].equals(word))
                    .mapToLong(words -> Long.parseLong(words[words.length - 1]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }
}
