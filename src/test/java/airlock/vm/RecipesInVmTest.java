package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.image.ImageStore;
import airlock.image.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each of Airlock's recipes is built, boots and has what it is for. With --long, as they take
/// minutes and gigabytes; they stay in `.airlock` as the test image does.
@Tag("soak")
class RecipesInVmTest extends ImageFixture {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    base             | curl --version && git --version && ssh -V
                    rust             | cargo --version && rustc --version && cargo clippy --version
                    node             | node --version && npm --version && c++ --version
                    python           | python3 --version && pip --version && python3 -m venv /tmp/v
                    go               | go version && gcc --version
                    java             | javac -version && mvn --version && keytool -list -cacerts -storepass changeit
                    debian-packaging | dch --version && dh --version && lintian --version
                    """)
    void eachRecipeBootsAndHasItsTools(String recipe, String command) throws Exception {
        var store = new ImageStore(Path.of(".airlock", "images"), InstantSource.system());
        startsFrom(store.build(Recipe.builtIn(recipe), GUEST, System.err::println));
        var facts = image().facts();
        System.err.println(
                recipe
                        + ": "
                        + facts.installed().size()
                        + " packages, "
                        + Files.size(boot().disk())
                        + " bytes, hash "
                        + facts.hash());

        var end = end(spec(shell("set -e", command, "test ! -e /etc/hostname")));

        assertThat(end).as(output(1) + output(2)).isEqualTo(new VmEnd.Finished(true, Map.of()));
    }
}
