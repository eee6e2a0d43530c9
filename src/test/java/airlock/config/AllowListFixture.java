package airlock.config;

import java.util.stream.Stream;

/// Allow-lists as a configuration has them.
public final class AllowListFixture {
    private AllowListFixture() {}

    public static AllowList of(String... entries) {
        return new AllowList(Stream.of(entries).map(AllowedHost::of).toList());
    }
}
