package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.results.StrictTar.Entry;
import airlock.results.StrictTar.Kind;
import airlock.results.StrictTar.Listing;
import airlock.vm.GuestCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The host's reader against the same archives as the guest's.
class StrictTarCasesTest {
    @TempDir Path folder = Path.of("");

    static Stream<GuestCase> archives() {
        // an empty drive is not an archive, but an empty file of a phase is an empty archive
        return GuestCase.read("tar.case").stream().filter(one -> one.bytes().length > 0);
    }

    @Test
    void aFileWithoutBytesIsAnEmptyArchive() throws IOException {
        assertThat(StrictTar.list(Files.createFile(folder.resolve("tar")), 1000))
                .isEqualTo(new Listing.Entries(List.of()));
    }

    @Test
    void moreEntriesThanAskedForAreRefused() throws IOException {
        var one =
                GuestCase.read("tar.case").stream()
                        .filter(each -> each.name().equals("a file, a directory, a link, in order"))
                        .findFirst()
                        .orElseThrow();
        Path tar = Files.write(folder.resolve("tar"), one.bytes());
        assertThat(StrictTar.list(tar, 4)).isInstanceOf(Listing.Entries.class);
        assertThat(StrictTar.list(tar, 3)).isInstanceOf(Listing.Refused.class);
    }

    @ParameterizedTest
    @MethodSource("archives")
    void archivesAreListedAsTheTableSays(GuestCase one) throws IOException {
        var listing = StrictTar.list(Files.write(folder.resolve("tar"), one.bytes()), 1000);
        String first = one.want().getFirst();
        boolean notUtf8 = first.contains("\\xff");
        if (first.startsWith("refused") || notUtf8) {
            assertThat(listing).isInstanceOf(Listing.Refused.class);
            return;
        }
        assertThat(listing).isInstanceOf(Listing.Entries.class);
        List<String> said =
                ((Listing.Entries) listing).entries().stream().map(this::line).distinct().toList();
        if (!first.startsWith("stopped")) {
            assertThat(said).containsExactlyInAnyOrderElementsOf(wanted(one));
        }
    }

    private String line(Entry entry) {
        return entry.kind() + " " + entry.path();
    }

    private static List<String> wanted(GuestCase one) {
        List<String> hard = words(one, "hard").toList();
        return Stream.of(
                        words(one, "file")
                                .filter(name -> !hard.contains(name))
                                .map(name -> Kind.FILE + " " + name),
                        words(one, "dir").map(name -> Kind.DIRECTORY + " " + name),
                        words(one, "link").map(name -> Kind.SYMBOLIC_LINK + " " + name),
                        hard.stream().map(name -> Kind.HARD_LINK + " " + name))
                .flatMap(lines -> lines)
                .toList();
    }

    private static Stream<String> words(GuestCase one, String kind) {
        return one.want().stream()
                .filter(line -> line.startsWith(kind + " "))
                .map(
                        line ->
                                line.split(" ", -1)[
                                        kind.equals("file") || kind.equals("dir") ? 2 : 1]);
    }
}
