package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AllowList;
import airlock.config.AllowedHost;
import airlock.config.Destinations;
import airlock.config.Mirror;
import airlock.config.NetworkCaps;
import airlock.config.NetworkConfig;
import airlock.config.PhaseNetwork;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.vm.BootFiles;
import airlock.vm.TestTar;
import airlock.yaml.Binder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which changes make pre_plan run again.
class ReuseKeyTest {
    private static final String CARGO = "pre_plan: [{action: cargo_fetch}]";

    @TempDir Path directory;
    private Path image;
    private final TreeMap<String, String> files = new TreeMap<>();
    private Destinations destinations = mirror("https://crates.example");
    private NetworkConfig network = NetworkConfig.NOTHING;
    private TrustClass trust = TrustClass.LISTED;

    @BeforeEach
    void fill() throws IOException {
        image = Files.writeString(directory.resolve("disk"), "an image");
        files.put("Cargo.toml", "[package]");
        files.put("Cargo.lock", "version = 3");
        files.put("src/main.rs", "fn main() {}");
    }

    private static Destinations mirror(String url) {
        return new Destinations(
                Optional.empty(), Optional.empty(), Map.of(Mirror.CARGO, URI.create(url)));
    }

    private String key(String plan) throws IOException {
        Path tar = Files.write(directory.resolve("source.tar"), TestTar.of(files));
        return key(plan, tar);
    }

    private String key(String plan, Path tar) throws IOException {
        var settings = Map.<String, Object>of("network", network, "destinations", destinations);
        var order =
                Binder.changed(
                        TestOrders.order(Phase.PRE_PLAN, plan, settings),
                        Map.of("source", tar, "trust", trust));
        return Reuse.key(order, _ -> new BootFiles(image, image, image)).orElseThrow();
    }

    @Test
    void sourcesThatNoFetchActionReadsChangeNothing() throws IOException {
        String before = key(CARGO);
        assertThat(before).matches("[0-9a-f]{64}").isEqualTo(key(CARGO));

        files.put("src/main.rs", "fn main() { println!(); }");
        files.put("README", "read me");
        assertThat(key(CARGO)).isEqualTo(before);
        trust = TrustClass.OUTSIDE;
        assertThat(key(CARGO)).as("who may have it is decided elsewhere").isEqualTo(before);
        assertThat(key(CARGO + "\nplan: [{action: shell, shell: x}]"))
                .as("another phase")
                .isEqualTo(before);
    }

    @Test
    void everyManifestAndLockFileCounts() throws IOException {
        String before = key(CARGO);
        for (String name : List.of("Cargo.toml", "Cargo.lock", "sub/Cargo.toml", "deny.toml")) {
            var was = Optional.ofNullable(files.put(name, "other"));
            assertThat(key(CARGO)).as(name).isNotEqualTo(before);
            was.ifPresentOrElse(text -> files.put(name, text), () -> files.remove(name));
        }
        assertThat(key(CARGO)).isEqualTo(before);
    }

    @Test
    void namesAndBytesDoNotRunIntoEachOther() throws IOException {
        files.put("a/Cargo.toml", "xb/Cargo.tomly");
        String one = key(CARGO);
        files.put("a/Cargo.toml", "x");
        files.put("b/Cargo.toml", "y");
        assertThat(key(CARGO)).isNotEqualTo(one);
    }

    @Test
    void everythingOfThePhaseAndOfTheOperatorsCounts() throws IOException {
        String before = key(CARGO);

        assertThat(key("pre_plan: [{action: cargo_fetch, timeout: 5m}]")).isNotEqualTo(before);
        assertThat(key("pre_plan: [{action: cargo_fetch, if: always}]")).isNotEqualTo(before);
        assertThat(key("pre_plan: [{action: cargo_fetch}, {action: dummy}]")).isNotEqualTo(before);
        assertThat(key(CARGO + "\nnetwork: {pre_plan: [a.example:443]}")).isNotEqualTo(before);

        destinations = mirror("https://other.example");
        assertThat(key(CARGO)).as("another mirror").isNotEqualTo(before);
        destinations = mirror("https://crates.example");

        var allow = new AllowList(List.of(AllowedHost.of("crates.example:443")));
        var let =
                new PhaseNetwork(PhaseNetwork.Mode.ENFORCE, allow, NetworkCaps.STANDARD, List.of());
        network = new NetworkConfig(let, PhaseNetwork.NOTHING, PhaseNetwork.NOTHING, false);
        assertThat(key(CARGO)).as("another list").isNotEqualTo(before);
        network = NetworkConfig.NOTHING;

        image = Files.writeString(directory.resolve("disk"), "another image");
        assertThat(key(CARGO)).isNotEqualTo(before);
    }

    @Test
    void whereTheCommitsCodeMayRunTheWholeSourceCounts() throws IOException {
        for (String plan :
                List.of(
                        "pre_plan: [{action: shell, shell: make fetch}]",
                        "pre_plan: [{action: setenv, set: {A: b}}, {action: cargo_fetch}]",
                        "pre_plan: [{action: maven_fetch}]",
                        "{env: {LD_PRELOAD: /ci/src/x}, pre_plan: [{action: pwd}]}")) {
            String before = key(plan);
            files.put("src/main.rs", "// " + plan);
            assertThat(key(plan)).as(plan).isNotEqualTo(before);
        }
    }

    @Test
    void variablesOfThePlanCount() throws IOException {
        String plan = "{env: {A: %s}, pre_plan: [{action: shell, shell: x}]}";
        assertThat(key(plan.formatted("b"))).isNotEqualTo(key(plan.formatted("c")));
    }

    @Test
    void aLinkInTheWayCounts() throws IOException {
        String npm = "pre_plan: [{action: npm_get}]";
        Path without = Files.write(directory.resolve("a"), TestTar.of(Map.of()));
        Path with =
                Files.write(directory.resolve("b"), TestTar.link("npm-shrinkwrap.json", "README"));
        assertThat(key(npm, with)).isNotEqualTo(key(npm, without));
    }

    @Test
    void aSourceThatIsNoArchiveOfOursCountsAsAWhole() throws IOException {
        Path one = Files.writeString(directory.resolve("a"), "no archive");
        Path other = Files.writeString(directory.resolve("b"), "none either");
        assertThat(key(CARGO, one)).isNotEqualTo(key(CARGO, other)).isEqualTo(key(CARGO, one));
    }
}
