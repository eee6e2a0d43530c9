package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.vm.BootFiles.Emulation;
import airlock.vm.VmSpec.VmLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each of Airlock's recipes is built, boots, and builds and tests something with its own tools,
/// without a network. With --long, as they take minutes and gigabytes; they stay in `.airlock` as
/// the test image does.
@Tag("soak")
class RecipesInVmTest extends ImageFixture {
    private static final Map<String, String> WORK =
            Map.of(
                    "base",
                    """
                    test ! -e /etc/hostname
                    curl --version; ssh -V
                    git init -q . ; git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x
                    git archive HEAD | tar -tf - >list
                    """,
                    "rust",
                    """
                    cargo new --quiet --vcs none --lib hello; cd hello
                    cargo clippy --offline --quiet
                    cargo test --offline 2>&1 | grep 'test result: ok. 1 passed'
                    """,
                    "node",
                    """
                    npm init -y >/dev/null; c++ --version
                    echo "require('node:test')('adds', () => { if (1 + 1 !== 2) throw 1; })" >a.test.js
                    npm pkg set scripts.test='node --test'; npm test | grep 'pass 1'
                    """,
                    "python",
                    """
                    python3 -m venv venv; venv/bin/pip --version
                    echo 'def test_adds(): assert 1 + 1 == 2' >test_adds.py
                    python3 -m pytest -q | grep '1 passed'
                    """,
                    "go",
                    """
                    go mod init example.org/a; gcc --version
                    printf 'package a\nimport "testing"\nfunc TestAdds(t *testing.T) {}\n' >a_test.go
                    GOFLAGS=-buildvcs=false go test ./... | grep ^ok
                    """,
                    "java",
                    """
                    echo 'class Adds { public static void main(String[] a) { assert 1 + 1 == 2; } }' >Adds.java
                    javac Adds.java; java -ea Adds; mvn --version
                    keytool -list -cacerts -storepass changeit >list
                    """,
                    "debian-packaging",
                    """
                    mkdir -p hello/debian; cd hello; export DEBEMAIL=a@b.example DEBFULLNAME=a
                    dch --create --package hello --newversion 1.0 --distribution unstable 'First.'
                    printf '%s\n' 'Source: hello' 'Maintainer: a <a@b.example>' \
                      'Build-Depends: debhelper-compat (= 13)' '' 'Package: hello' 'Architecture: all' \
                      'Description: greets' >debian/control
                    printf '#!/usr/bin/make -f\n%%:\n\tdh $@\n' >debian/rules; chmod +x debian/rules
                    dpkg-buildpackage -us -uc -b >log 2>&1 || { cat log; exit 1; }
                    dpkg-deb -f ../hello_1.0_all.deb Version; lintian --version
                    """);

    @ParameterizedTest
    @ValueSource(strings = {"base", "rust", "node", "python", "go", "java", "debian-packaging"})
    void eachRecipeBootsAndDoesItsWork(String recipe) throws Exception {
        var store = new ImageStore(Path.of(".airlock", "images"), InstantSource.system());
        startsFrom(store.build(Recipe.builtIn(recipe), GUEST, System.err::println));
        var facts = image().facts();
        assertThat(boot().emulation())
                .isEqualTo(recipe.equals("java") ? Emulation.IN_TURN : Emulation.PARALLEL);
        System.err.printf(
                "%s: %d packages, %d bytes, hash %s%n",
                recipe,
                facts.software().installed().size(),
                Files.size(boot().disk()),
                facts.hash());

        var work =
                new GuestStep.Execute(
                        List.of("bash", "-euo", "pipefail", "-c", WORK.getOrDefault(recipe, "")),
                        Map.of("HOME", "/root", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                        "/root",
                        "");
        // a compiler under emulation, beside other tests, may need more than the usual two minutes
        var limits = VmLimits.standard(Duration.ofMinutes(30));
        var end = end(with(spec(new Step("work", work, false)), Map.of(), limits));

        assertThat(end).as(output(1) + output(2)).isEqualTo(PASSED);
    }
}
