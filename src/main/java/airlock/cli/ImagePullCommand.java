package airlock.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock image pull`.
@Command(
        name = "pull",
        description = {
            "Takes a container image from a registry, by skopeo. What the name means "
                    + "at the moment is found out first and recorded. It starts with the "
                    + "kernel of an image that is there."
        })
final class ImagePullCommand extends ImageCommand.Adding {
    @Parameters(
            paramLabel = "REFERENCE",
            description = "HOST[:PORT]/PATH[:TAG], or with @sha256:DIGEST in the tag's place")
    private String reference = "";

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            description = "a file that `skopeo login --authfile FILE HOST` wrote")
    private @Nullable Path credentials;

    @Option(
            names = "--insecure",
            description = "without TLS or its checks; only from a registry of this machine")
    private boolean insecure;

    @Override
    public Integer call() throws InterruptedException {
        try (var _ = new TidyEnd(Thread.currentThread())) {
            out().println(
                            images().pull(
                                            reference,
                                            name(),
                                            kernel(),
                                            Optional.ofNullable(credentials),
                                            insecure,
                                            this::progress));
        }
        return ExitCode.OK;
    }
}
