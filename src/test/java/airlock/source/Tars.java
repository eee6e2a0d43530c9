package airlock.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Reads the tars that were written.
final class Tars {
    private Tars() {}

    static List<TarArchiveEntry> entries(Path tar) throws IOException {
        var entries = new ArrayList<TarArchiveEntry>();
        try (var in = new TarArchiveInputStream(Files.newInputStream(tar), "UTF-8")) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    static List<String> names(Path tar) throws IOException {
        return entries(tar).stream().map(TarArchiveEntry::getName).toList();
    }
}
