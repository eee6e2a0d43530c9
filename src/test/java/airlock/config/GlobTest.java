package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "main,main,true",
        "main,main2,false",
        "main,mai,false",
        "*,main,true",
        "*,a/b,false",
        "**,a/b/c,true",
        "release/*,release/1.0,true",
        "release/*,release/1/0,false",
        "release/*,release/,true",
        "release/**,release/1/0,true",
        "**/x,a/b/x,true",
        "**/x,x,false",
        "a*b*c,aXbYc,true",
        "a*b*c,aXcYb,false",
        "v?,v1,true",
        "v?,v,false",
        "v?,v/,false",
        "a**b,a/x/b,true",
        "***,a/b,true",
        "a.c,abc,false",
        "*.*,1.2,true",
        "[ab],a,false",
        "ä*,äpfel,true"
    })
    void namesFitOrNot(String pattern, String name, boolean fits) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(fits);
    }

    @Test
    void theWorstPatternTakesNoTime() {
        var glob = new Glob("*a".repeat(100) + "b");
        boolean fits =
                Assertions.assertTimeoutPreemptively(
                        Duration.ofSeconds(10), () -> glob.matches("a".repeat(100_000)));
        assertThat(fits).isFalse();
    }

    @Test
    void itAgreesWithARegularExpression() {
        var random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            String pattern = letters(random, "ab/*?", 1 + random.nextInt(6));
            String name = letters(random, "ab/", random.nextInt(8));
            String regex =
                    pattern.replace("?", "[^/]")
                            .replaceAll("\\*{2,}", "<")
                            .replace("*", "[^/]*")
                            .replace("<", ".*");
            assertThat(new Glob(pattern).matches(name))
                    .as("%s on %s", pattern, name)
                    .isEqualTo(name.matches(regex));
        }
    }

    private static String letters(Random random, String of, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(of.charAt(random.nextInt(of.length())));
        }
        return text.toString();
    }

    @Test
    void emptyAndHugePatternsAreRefused() {
        assertThatThrownBy(() -> new Glob("")).hasMessageContaining("1 to 256 characters");
        assertThatThrownBy(() -> new Glob("a".repeat(257))).hasMessageContaining("1 to 256");
    }

    @ParameterizedTest
    @CsvSource({
        "main,refs/heads/main,true", "main,refs/tags/main,false", "**,refs/tags/v1,false",
        "**,refs/heads/a/b,true", "refs/tags/v*,refs/tags/v1,true", "refs/heads/x,refs/heads/x,true"
    })
    void patternsWithoutRefsAreForBranches(String pattern, String ref, boolean fits) {
        assertThat(RefPattern.of(pattern).matches(ref)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"refs/**", "refs/pull/*", "'a b'", "a[bc]", "'a\\b'", "a:b"})
    void whatCouldNeverMatchAPushIsRefused(String pattern) {
        assertThatThrownBy(() -> RefPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
