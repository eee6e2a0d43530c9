package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.Facts.Container;
import airlock.vm.BootFiles.Emulation;
import airlock.vm.BootFiles.Firmware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {
    private static final Facts FACTS =
            Facts.of(FakeImages.RECIPE, Map.of("git", "1:2.47.3-0"), Emulation.IN_TURN, "")
                    .sealed(
                            new TreeMap<>(Map.of(Image.DISK, "12ab", Image.KERNEL, "34")),
                            FakeImages.NOW);

    @TempDir Path directory;

    private Facts read(String text) throws IOException {
        return Facts.read(Files.writeString(directory.resolve(Image.FACTS), text));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(read(FACTS.json())).isEqualTo(FACTS);
    }

    @Test
    void whatAContainerImageSaysIsWrittenAndRead() throws IOException {
        var none = Container.NONE;
        var said = new Container(new TreeMap<>(Map.of("A", "b\n\"c", "B", "")), "/w");
        for (var container : List.of(none, said)) {
            var facts =
                    new Facts(
                                    "n",
                                    Facts.Origin.imported("f", "p"),
                                    new Facts.Software(new TreeMap<>(), "u", "s", container),
                                    "g",
                                    Optional.of(Firmware.UEFI),
                                    Emulation.PARALLEL)
                            .sealed(Map.of(), FakeImages.NOW);

            assertThat(read(facts.json())).isEqualTo(facts);
            assertThat(facts.withGuest("h").software().container()).isEqualTo(container);
        }
    }

    @Test
    void thoseOfAnOlderVersionAreRead() throws IOException {
        var facts =
                read(
                        """
                        {
                          "name" : "debian-13",
                          "suite" : "trixie",
                          "packages" : [ "linux-image-cloud-amd64", "bash" ],
                          "sha256" : {
                            "disk.qcow2" : "098c",
                            "vmlinuz" : "fd09",
                            "initramfs.cpio" : "0a34"
                          }
                        }
                        """);

        assertThat(facts.name()).isEqualTo("debian-13");
        assertThat(facts.origin().asked()).containsExactly("linux-image-cloud-amd64", "bash");
        assertThat(facts.sha256()).containsEntry("vmlinuz", "fd09").hasSize(3);
        assertThat(facts.made()).isEmpty();
        assertThat(facts.origin().text()).isEqualTo("unknown");
        assertThat(facts.software().user() + facts.software().shell()).isEqualTo("root/bin/bash");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "{} | PARALLEL",
                "{'emulation': 'in_turn'} | IN_TURN",
                "{'emulation': 'soon', 'installed': {'bash': '5.2'}} | PARALLEL",
                "{'installed': {'openjdk-21-jre-headless': '21.0'}} | IN_TURN",
                "{'installed': {'openjdk-21-doc': '21.0', 'default-jre': '2'}} | PARALLEL",
                "{'emulation': 'parallel', 'installed': {'openjdk-25-jre-headless': ''}} | PARALLEL"
            },
            delimiter = '|',
            quoteCharacter = '"')
    void anImageOfAnOlderVersionIsEmulatedAsItsPackagesAsk(String text, Emulation expected)
            throws IOException {
        assertThat(read(text.replace('\'', '"')).emulation()).isEqualTo(expected);
    }

    @Test
    void theSameFilesHaveTheSameHashWhateverElseIsKnown() throws IOException {
        var other =
                Facts.of(
                        Recipe.parse("name x\nsuite y\ndisk 1G\n"),
                        Map.of(),
                        Emulation.PARALLEL,
                        "");

        assertThat(other.sealed(FACTS.sha256(), FakeImages.NOW).hash()).isEqualTo(FACTS.hash());
        assertThat(other.sealed(Map.of(Image.DISK, "12ac"), FakeImages.NOW).hash())
                .isNotEqualTo(FACTS.hash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\": 7, \"sha256\": [1], \"packages\": {\"a\": 1}, \"made\": \"soon\"}",
                "{\"sha256\": {\"a\": 1, \"b\": null}, \"installed\": \"none\", \"commands\": [[]]}"
            })
    void whatIsOfAnotherKindIsUnknown(String text) throws IOException {
        var facts = read(text);

        assertThat(facts.name()).isEmpty();
        assertThat(facts.sha256()).isEmpty();
        assertThat(facts.software().installed()).isEmpty();
        assertThat(facts.origin().commands()).isEmpty();
        assertThat(facts.made()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "facts", "{", "{\"name\": \"a\"", "\"a\""})
    void whatIsNoObjectIsRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(Image.FACTS);
    }

    @Test
    void mutatedOnesAreReadOrRefusedAndNothingElse() throws IOException {
        var random = new Random(39);
        byte[] good = FACTS.json().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = FakeImages.mutated(good, random, 8);
            Path file = Files.write(directory.resolve(Image.FACTS), bytes);
            try {
                assertThat(Facts.read(file).origin().asked()).isInstanceOf(List.class);
            } catch (ImageException _) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 1999);
    }

    @Test
    void oneThatIsTooLongIsRefused() throws IOException {
        var text = "{\"name\": \"" + "x".repeat(8 << 20) + "\"}";

        assertThatThrownBy(() -> read(text)).hasMessageContaining("longer than");
    }
}
