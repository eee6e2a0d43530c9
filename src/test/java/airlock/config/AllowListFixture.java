package airlock.config;

import airlock.yaml.Binder;
import java.util.Map;
import java.util.stream.Stream;

/// Allow-lists as a configuration has them.
public final class AllowListFixture {
    private AllowListFixture() {}

    public static AllowList of(String... entries) {
        return new AllowList(Stream.of(entries).map(AllowedHost::of).toList());
    }

    /// The same, and the hosts of `hiding` may be wanted in an encrypted hello.
    public static AllowList with(String hiding, String... entries) {
        return new AllowList(
                Stream.concat(
                                Stream.of(
                                        Binder.changed(
                                                AllowedHost.of(hiding),
                                                Map.of("encryptedHello", true))),
                                Stream.of(entries).map(AllowedHost::of))
                        .toList());
    }
}
