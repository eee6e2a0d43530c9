package airlock.phases;

import airlock.results.BlobMark;
import airlock.vm.Drive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// The marks by which later runs find the outputs of a run's phases, as its plan says.
final class OutputMarks {
    private OutputMarks() {}

    /// @param reuseKey of its dependencies
    static BlobMark of(PhaseOrder order, Drive drive, Optional<String> reuseKey) {
        return switch (drive) {
            case DEPENDENCIES -> BlobMark.of(reuseKey.orElse(""));
            case CACHE -> cache(order);
            case ARTIFACTS ->
                    new BlobMark("", "", true, order.plan().settings().artifacts().keep());
            case PLAN, SOURCE, SECRETS, SCRATCH -> BlobMark.NONE;
        };
    }

    /// The mark of an output that a run of `order`'s plan and commit may start from.
    static BlobMark wanted(PhaseOrder order, Drive drive) {
        return drive == Drive.CACHE ? cache(order) : BlobMark.NONE;
    }

    private static BlobMark cache(PhaseOrder order) {
        var rule = order.plan().settings().cache();
        return new BlobMark(
                rule.name().orElse(""),
                key(order),
                rule.writers().have(order.trust()),
                Optional.empty());
    }

    private static String key(PhaseOrder order) {
        var patterns = order.plan().settings().cache().key().orElse(List.of());
        if (patterns.isEmpty()) {
            return "";
        }
        try {
            return new SourceSum()
                    .of(
                            order.source(),
                            entry -> patterns.stream().anyMatch(it -> it.matches(entry.path())))
                    .hex();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the source " + order.source(), e);
        }
    }
}
