package airlock.webhook;

import java.time.Duration;

/// The answers to requests that are not accepted. Wrong signatures and unknown hooks get the same
/// text, so a client without a secret cannot find out which repositories exist (T10).
enum Refusal {
    METHOD(
            405,
            "A delivery is a POST; this was %s. A redirect on the way turns POST into an empty GET:"
                    + " set the hook to the final URL."),
    MEDIA_TYPE(415, "Set the hook to JSON (content type application/json)."),
    TOO_LARGE(413, "The body is larger than %d bytes."),
    TOO_SLOW(408, "The body came too slowly; it must be here within %d seconds."),
    CUT_SHORT(400, "The connection ended before the body did."),
    SIGNATURE(
            401,
            "No such hook, or the signature does not fit: set the hook's secret to the one in"
                    + " Airlock's configuration."),
    MALFORMED(400, "The delivery can't be read: %s."),
    OTHER_REPOSITORY(
            403,
            "This hook's URL belongs to another repository (T8). Give each repository the URL that"
                    + " `airlock check` shows for it, or correct its id in the configuration."),
    CONFLICT(409, "%s"),
    BUSY(503, "Too many bodies are being read at once; nothing was kept."),
    NOT_KEPT(
            503,
            "The delivery could not be kept; Airlock's log says why. Deliver it again from the"
                    + " forge's hook page.");

    final int status;
    private final String text;

    Refusal(int status, String text) {
        this.status = status;
        this.text = text;
    }

    HookAnswer with(Object... values) {
        return new HookAnswer.Refused(status, text.formatted(values));
    }

    HookAnswer retry(Duration after) {
        return new HookAnswer.Unavailable(text, after);
    }
}
