package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.results.StrictTar.Entry;
import airlock.results.StrictTar.Kind;
import airlock.vm.GuestCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The host's reader against the same archives as the guest's.
class StrictTarCasesTest {
    @TempDir Path folder = Path.of("");
    private final List<Entry> entries = new ArrayList<>();

    static Stream<GuestCase> archives() {
        // an empty drive is not an archive, but an empty file of a phase is an empty archive
        return GuestCase.read("tar.case").stream().filter(one -> one.bytes().length > 0);
    }

    @Test
    void aFileWithoutBytesIsAnEmptyArchive() throws IOException {
        assertThat(walk(new byte[0], 1000)).isEmpty();
        assertThat(entries).isEmpty();
    }

    @Test
    void moreEntriesThanAskedForAreRefused() throws IOException {
        var one =
                GuestCase.read("tar.case").stream()
                        .filter(each -> each.name().equals("a file, a directory, a link, in order"))
                        .findFirst()
                        .orElseThrow();
        assertThat(walk(one.bytes(), 4)).isEmpty();
        assertThat(walk(one.bytes(), 3)).contains("more than 3 entries");
    }

    /// Why it is refused; adds to `entries`.
    private String walk(byte[] archive, int most) throws IOException {
        return StrictTar.walk(Files.write(folder.resolve("tar"), archive), most, entries::add);
    }

    @ParameterizedTest
    @MethodSource("archives")
    void archivesAreListedAsTheTableSays(GuestCase one) throws IOException {
        String refusal = walk(one.bytes(), 1000);
        String first = one.want().getFirst();
        boolean notUtf8 = first.contains("\\xff");
        if (first.startsWith("refused") || notUtf8) {
            assertThat(refusal).isNotEmpty();
            return;
        }
        assertThat(refusal).isEmpty();
        List<String> said = entries.stream().map(this::line).distinct().toList();
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
