package airlock.app;

import airlock.config.RepositoryConfig;
import airlock.event.RepositoryId;
import airlock.secrets.ReadTokens;
import airlock.web.Reader;
import airlock.web.ShownRepository;
import airlock.web.Visibility;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may see what (T10): everybody what is public by the configuration or at its forge, and the
/// holder of a token what that opens.
final class Readers implements Visibility {
    private final Configured configured;
    private final ForgeLooks looks;
    private final ReadTokens tokens;

    Readers(Configured configured, ForgeLooks looks, ReadTokens tokens) {
        this.configured = configured;
        this.looks = looks;
        this.tokens = tokens;
    }

    @Override
    public List<ShownRepository> shownTo(Reader reader) {
        var opened =
                switch (reader) {
                    case Reader.Anybody _ -> Set.<RepositoryId>of();
                    case Reader.Bearer bearer -> tokens.openedBy(bearer.token());
                };
        return configured.repositories().stream()
                .flatMap(repository -> shown(repository, opened).stream())
                .toList();
    }

    private Optional<ShownRepository> shown(RepositoryConfig repository, Set<RepositoryId> opened) {
        return switch (repository.exposure()) {
            case PUBLIC -> configured.shown(repository);
            case AS_THE_FORGE ->
                    configured
                            .shown(repository)
                            .filter(shown -> opened.contains(shown.id()) || looks.show(shown.id()));
            case PRIVATE ->
                    opened.isEmpty()
                            ? Optional.empty()
                            : configured
                                    .shown(repository)
                                    .filter(shown -> opened.contains(shown.id()));
        };
    }
}
