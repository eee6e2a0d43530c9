package airlock.site;

import airlock.config.RepositoryConfig;
import airlock.event.RepositoryId;
import airlock.secrets.ReadTokens;
import airlock.web.Reader;
import airlock.web.ShownRepository;
import airlock.web.Sight;
import airlock.web.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may see what (T10): everybody what is public by the configuration or at its forge, and the
/// holder of a token what that opens.
public final class Readers implements Visibility {
    private final Configured configured;
    private final ForgeLooks looks;
    private final ReadTokens tokens;

    public Readers(Configured configured, ForgeLooks looks, ReadTokens tokens) {
        this.configured = configured;
        this.looks = looks;
        this.tokens = tokens;
    }

    @Override
    public Sight of(Reader reader) {
        return new Seen(
                switch (reader) {
                    case Reader.Anybody _ -> Set.of();
                    case Reader.Bearer bearer -> tokens.openedBy(bearer.token());
                });
    }

    private final class Seen implements Sight {
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
