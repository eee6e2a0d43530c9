package airlock.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A listening socket, from proc(5).
///
/// @param inode as in descriptors
/// @param place a path, or an address and a port in hexadecimal
record Listening(String inode, String place) {
    private static final String ACCEPTS = "00010000";
    private static final String LISTENS = "0A";

    /// All on this machine, including those in other network namespaces.
    static Set<Listening> all() {
        var all = new HashSet<Listening>();
        var seen = new HashSet<String>();
        for (Path process : processes()) {
            if (seen.add(target(process.resolve("ns/net")))) {
                Path net = process.resolve("net");
                rows(net.resolve("unix"), 8)
                        .filter(row -> row.length > 6 && row[3].equals(ACCEPTS))
                        .map(row -> new Listening(row[6], row.length > 7 ? row[7] : "no name"))
                        .forEach(all::add);
                for (String table : List.of("tcp", "tcp6")) {
                    rows(net.resolve(table), 0)
                            .filter(row -> row.length > 9 && row[3].equals(LISTENS))
                            .map(row -> new Listening(row[9], row[1]))
                            .forEach(all::add);
                }
            }
        }
        return all;
    }

    /// Those that one of these processes has open.
    static Set<Listening> of(List<ProcessHandle> processes) {
        var inodes =
                processes.stream()
                        .flatMap(process -> descriptors(process.pid()))
                        .map(Listening::target)
                        .collect(Collectors.toSet());
        return all().stream()
                .filter(socket -> inodes.contains("socket:[" + socket.inode + "]"))
                .collect(Collectors.toSet());
    }

    /// The descriptors of a process; none if it has ended.
    static Stream<Path> descriptors(long pid) {
        return entries(Path.of("/proc", Long.toString(pid), "fd")).stream();
    }

    /// The target of a link of proc(5); empty if it is gone.
    static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static List<Path> processes() {
        return entries(Path.of("/proc")).stream()
                .filter(entry -> entry.getFileName().toString().matches("\\d+"))
                .toList();
    }

    private static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of(); // it has ended
        }
    }

    private static Stream<String[]> rows(Path table, int fields) {
        try {
            return Files.readAllLines(table).stream().map(line -> line.strip().split(" +", fields));
        } catch (IOException _) {
            return Stream.empty(); // it has ended
        }
    }
}
