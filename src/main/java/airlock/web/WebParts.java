package airlock.web;

import airlock.results.StoredLogs;
import airlock.results.Views;
import airlock.statuses.StatusViews;
import airlock.webhook.HookAnswer;
import airlock.webhook.WebhookIntake.HookRequest;
import java.io.InputStream;
import java.util.function.BiFunction;

/// The sources of the web server's data, and its webhook handler.
///
/// @param hooks takes a webhook request with its unread body and gives the answer
public record WebParts(
        Visibility visibility,
        Views views,
        StatusViews statuses,
        StoredLogs logs,
        Artifacts artifacts,
        BiFunction<HookRequest, InputStream, HookAnswer> hooks,
        Readiness readiness,
        ReadBudget reading) {}
