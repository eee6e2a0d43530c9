package airlock.config;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import java.net.URI;

/// A git hosting site.
///
/// @param name as hook URLs have it, `[a-z0-9][a-z0-9-]*`
/// @param kind which software it runs
/// @param url the site's address for people, without a slash at its end
/// @param api the API's base address, without a slash at its end, such as
///     `https://codeberg.org/api/v1` or `https://api.github.com`
/// @param token allowed to set commit statuses
public record ForgeConfig(String name, ForgeKind kind, URI url, URI api, Secret token) {}
