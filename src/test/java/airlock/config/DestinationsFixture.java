package airlock.config;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Servers for tests that need some.
public final class DestinationsFixture {
    /// One of each kind.
    public static final Destinations ALL =
            new Destinations(
                    Optional.of(RsyncTarget.of("ssh://www@files.example:2222/srv/hello")),
                    Optional.of(
                            new DputTarget(
                                    "ours",
                                    Optional.of(
                                            new DputTarget.Server(
                                                    "ours",
                                                    new HostName("upload.example"),
                                                    DputTarget.Method.SCP,
                                                    Optional.of(2222),
                                                    "/srv/incoming",
                                                    "ci",
                                                    true)))),
                    Arrays.stream(Mirror.values())
                            .collect(
                                    Collectors.toMap(
                                            Function.identity(),
                                            mirror ->
                                                    URI.create(
                                                            "http://mirror.example/"
                                                                    + mirror.key()))));

    private DestinationsFixture() {}
}
