package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.HostName.Reading;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
    @ParameterizedTest
    @CsvSource({
        "packages.example, packages.example",
        "Packages.EXAMPLE., packages.example",
        "a, a",
        "3com.example, 3com.example",
        "10.example, 10.example",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "a--b.example, a--b.example",
    })
    void namesAreReadInAnyCaseAndWithADotAtTheirEnd(String text, String name) {
        assertThat(HostName.read(text)).isEqualTo(new Reading.Named(new HostName(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // addresses in all forms
                "127.0.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "127.1",
                "0x",
                "example.0x7F",
                "::1",
                "[::1]",
                "fe80::1%eth0",
                "::ffff:127.0.0.1",
                // what is in a URL beside the host
                "user@packages.example",
                "packages.example:443",
                "packages.example/path",
                "packages.example#",
                "packages.example?",
                "packages.example\\evil",
                // what looks like another name
                "раckages.example",
                "packages。example",
                "packages.example\0.evil.example",
                "packages.example\n",
                " packages.example",
                "packages.example ",
                "pa%63kages.example",
                "\u212aelvin.example",
                // invalid names
                "",
                ".",
                "..",
                ".packages.example",
                "packages..example",
                "packages.example..",
                "-packages.example",
                "packages-.example",
                "packages_.example",
                "*.example",
                "*",
            })
    void whateverElseIsNone(String text) {
        assertThat(HostName.read(text)).isInstanceOf(Reading.Refused.class);
        assertThatThrownBy(() -> new HostName(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lengthsAreLimited() {
        String label = "a".repeat(63);
        String name = String.join(".", label, label, label, "b".repeat(61));
        assertThat(name).hasSize(253);
        assertThat(HostName.read(name)).isInstanceOf(Reading.Named.class);
        assertThat(HostName.read(name + "b")).isInstanceOf(Reading.Refused.class);
        assertThat(HostName.read("a" + label)).isInstanceOf(Reading.Refused.class);
    }

    @Test
    void aNameIsKeptAsItIsCompared() {
        assertThatThrownBy(() -> new HostName("Packages.example"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HostName("packages.example."))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyWhatEndsInADotAndTheDomainIsBelowIt() {
        var domain = new HostName("packages.example");
        assertThat(new HostName("a.packages.example").isBelow(domain)).isTrue();
        assertThat(new HostName("a.b.packages.example").isBelow(domain)).isTrue();
        assertThat(domain.isBelow(domain)).isFalse();
        assertThat(new HostName("evilpackages.example").isBelow(domain)).isFalse();
        assertThat(new HostName("packages.example.evil").isBelow(domain)).isFalse();
    }

    @Test
    void randomTextsAreNamesOrAreRefused() {
        var random = new Random(6);
        String signs = "aZ0-._:%@/\\[]x \0é。*";
        int named = 0;
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            if (HostName.read(text.toString()) instanceof Reading.Named(var name)) {
                named++;
                assertThat(name.text()).matches("[a-z0-9.-]+").doesNotContain("..");
                assertThat(HostName.read(name.text())).isEqualTo(new Reading.Named(name));
            }
        }
        assertThat(named).isBetween(100, 99_900);
    }
}
