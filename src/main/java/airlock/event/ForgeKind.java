package airlock.event;

import java.util.Locale;

/// The software of a forge, which determines its webhooks and its API.
public enum ForgeKind {
    GITEA,
    FORGEJO,
    GITHUB;

    /// The name as the configuration writes it, such as `forgejo`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
