package airlock.site;

import airlock.config.RepositoryConfig;
import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.secrets.ReadTokens;
import airlock.web.ShownRepository;
import airlock.web.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides who may see which repositories (T10): everyone those that are public by configuration or
/// on their forge, and the holder of a token also those that it opens.
public final class ReadAccess implements Visibility {
    private final Configured configured;
    private final ForgeLooks looks;
    private final ReadTokens tokens;

    public ReadAccess(Configured configured, ForgeLooks looks, ReadTokens tokens) {
        this.configured = configured;
        this.looks = looks;
        this.tokens = tokens;
    }

    @Override
    public Visibility.Sight of(Optional<Secret> token) {
        return new Seen(token.map(tokens::openedBy).orElse(Set.of()));
    }

    private final class Seen implements Visibility.Sight {
        private final Set<RepositoryId> opened;

        Seen(Set<RepositoryId> opened) {
            this.opened = opened;
        }

        @Override
        public List<ShownRepository> repositories() {
            return configured.repositories().stream()
                    .flatMap(repository -> shown(repository).stream())
                    .toList();
        }

        @Override
        public Optional<ShownRepository> with(RepositoryId id) {
            return configured.configOf(id).flatMap(this::shown);
        }

        @Override
        public Optional<ShownRepository> at(String path) {
            return configured.at(path).flatMap(this::shown);
        }

        @Override
        public boolean opens(RepositoryId id) {
            return opened.contains(id);
        }

        private Optional<ShownRepository> shown(RepositoryConfig repository) {
            var shown = configured.shown(repository);
            return switch (repository.exposure()) {
                case PUBLIC -> shown;
                case AS_THE_FORGE ->
                        shown.filter(it -> opened.contains(it.id()) || looks.show(it.id()));
                case PRIVATE -> shown.filter(it -> opened.contains(it.id()));
            };
        }
    }
}
