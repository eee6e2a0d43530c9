package airlock.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.results.StrictTar;
import airlock.results.StrictTar.Listing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tar of a commit is in the dialect of the guest's reader (docs/guest-protocol.md), which
/// passes the same table of archives as [StrictTar].
class GuestDialectTest {
    @TempDir Path folder = Path.of("");

    @Test
    void namesAndTargetsOfAllKindsAreOfTheDialect() throws IOException {
        Path archive = folder.resolve("tar");
        List<String> names =
                List.of("plain", "n".repeat(100), "n".repeat(101), "ä/ö", "d".repeat(200) + "/f");
        try (var out = Files.newOutputStream(archive)) {
            var tar = new TarWriter(out, SourceLimits.DEFAULT);
            tar.directory("directory");
            tar.directory("d".repeat(120));
            for (String name : names) {
                tar.file(name, false, 2, content -> content.write("ok".getBytes(UTF_8)));
            }
            tar.link("link", "../ä");
            tar.link("l".repeat(150), "t".repeat(150));
            tar.submodule("module");
            tar.finish();
        }
        assertThat(StrictTar.list(archive, 100))
                .isInstanceOfSatisfying(
                        Listing.Entries.class,
                        listing ->
                                assertThat(listing.entries())
                                        .extracting(StrictTar.Entry::path)
                                        .containsAll(names)
                                        .contains("link", "l".repeat(150), "module", "directory")
                                        .hasSize(names.size() + 5));
    }
}
