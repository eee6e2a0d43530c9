package airlock.image;

import airlock.image.LayerTar.LayerBudget;
import airlock.text.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The files of a saved container image: a directory in OCI's layout, or an archive in OCI's or
/// Docker's, whose files are extracted to numbered files.
final class OciBlobs {
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_+][A-Za-z0-9._+-]*/?)+");
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_JSON = 4 << 20;

    private final Path directory;
    private final Map<String, Path> copied;

    private OciBlobs(Path directory, Map<String, Path> copied) {
        this.directory = directory;
        this.copied = copied;
    }

    /// @param work an empty directory for the files of an archive
    static OciBlobs of(Path source, Path work, LayerBudget budget, Zstd zstd) throws IOException {
        if (Files.isDirectory(source)) {
            return new OciBlobs(source, Map.of());
        }
        var copied = new HashMap<String, Path>();
        try (var tar = new LayerTar(source, String.valueOf(source.getFileName()), budget, zstd)) {
            tar.each(
                    (_, entry) -> {
                        String name = entry.getName().replaceFirst("^\\./", "");
                        if (entry.isFile() && isName(name)) {
                            Path file = work.resolve(Integer.toString(copied.size()));
                            Files.copy(tar.content(), file);
                            copied.put(name, file);
                        } else if (entry.isLink() || entry.isSymbolicLink()) {
                            link(name, entry.getLinkName(), copied);
                        }
                    });
        }
        return new OciBlobs(work, copied);
    }

    /// Old versions of Docker save each layer once and link to it: `../OTHER/layer.tar`.
    private static void link(String name, String target, Map<String, Path> copied) {
        var there = copied.get(target.replaceFirst("^\\.\\./", ""));
        if (there != null && isName(name)) {
            copied.putIfAbsent(name, there);
        }
    }

    private static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
    }

    boolean has(String name) {
        return isName(name)
                && (copied.isEmpty()
                        ? Files.isRegularFile(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)
                        : copied.containsKey(name));
    }

    Path file(String name) {
        if (!has(name)) {
            throw new ImageException(
                    "the container image lacks " + SafeText.line(name, SafeText.SAID));
        }
        return copied.getOrDefault(name, directory.resolve(name));
    }

    byte[] small(String name) {
        return StoreFiles.small(file(name), LONGEST_JSON);
    }
}
