package airlock.web;

/// What the web server shows and whom it hands webhooks to.
public record WebParts(
        Visibility visibility,
        Views views,
        LogSource logs,
        Artifacts artifacts,
        HookHandler hooks,
        Readiness readiness,
        ReadBudget reading) {}
