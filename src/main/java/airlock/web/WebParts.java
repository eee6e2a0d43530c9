package airlock.web;

import airlock.results.LogSource;
import airlock.results.Views;
import airlock.statuses.StatusViews;

/// What the web server shows and whom it hands webhooks to.
public record WebParts(
        Visibility visibility,
        Views views,
        StatusViews statuses,
        LogSource logs,
        Artifacts artifacts,
        HookHandler hooks,
        Readiness readiness,
        ReadBudget reading) {}
