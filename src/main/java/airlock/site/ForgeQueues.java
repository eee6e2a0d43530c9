package airlock.site;

import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.forge.HttpMergeQueue;
import airlock.run.MergeQueues;
import java.util.Map;
import java.util.stream.Collectors;

/// The merge queues of the configured forges.
public final class ForgeQueues implements MergeQueues {
    private final Configured configured;
    private final Map<String, HttpMergeQueue> queues;

    public ForgeQueues(Configured configured, Map<String, ForgeConfig> forges) {
        this.configured = configured;
        this.queues =
                forges.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        forge -> new HttpMergeQueue(forge.getValue())));
    }

    @Override
    public QueuedChanges of(RepositoryId repository, Subject.MergeGroup group, CommitId head) {
        var queue = queues.get(repository.forge());
        var known = configured.of(repository);
        return queue == null || known.isEmpty()
                ? new QueuedChanges.Unnamed("the repository is no longer configured")
                : queue.of(known.get(), group.target(), head);
    }
}
