package airlock.event;

import java.util.Locale;

/// What software a forge runs, as far as Airlock speaks to it: its webhooks and its API.
public enum ForgeKind {
    GITEA,
    FORGEJO,
    GITHUB;

    /// The name as the configuration writes it, such as `forgejo`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
