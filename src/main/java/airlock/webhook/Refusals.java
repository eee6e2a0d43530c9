package airlock.webhook;

import java.time.Duration;

/// The answers to requests that are not accepted. Wrong signatures and unknown hooks get the same
/// text, so a client without a secret cannot find out which repositories exist (T10).
final class Refusals {
    private Refusals() {}

    static HookAnswer method(String method) {
        return new HookAnswer.Refused(
                405,
                "A delivery is a POST; this was "
                        + (method.matches("[A-Z]{1,16}") ? method : "something else")
                        + ". A redirect on the way turns POST into an empty GET: set the hook to"
                        + " the final URL.");
    }

    static HookAnswer mediaType() {
        return new HookAnswer.Refused(415, "Set the hook to JSON (content type application/json).");
    }

    static HookAnswer tooLarge(long limit) {
        return new HookAnswer.Refused(413, "The body is larger than " + limit + " bytes.");
    }

    static HookAnswer tooSlow(Duration limit) {
        return new HookAnswer.Refused(
                408,
                "The body came too slowly; it must be here within %d seconds."
                        .formatted(limit.toSeconds()));
    }

    static HookAnswer cutShort() {
        return new HookAnswer.Refused(400, "The connection ended before the body did.");
    }

    static HookAnswer signature() {
        return new HookAnswer.Refused(
                401,
                "No such hook, or the signature does not fit: set the hook's secret to the one in"
                        + " Airlock's configuration.");
    }

    static HookAnswer malformed(String why) {
        return new HookAnswer.Refused(400, "The delivery can't be read: " + why + ".");
    }

    static HookAnswer otherRepository() {
        return new HookAnswer.Refused(
                403,
                "This hook's URL belongs to another repository (T8). Give each repository the URL"
                        + " that `airlock check` shows for it, or correct its id in the"
                        + " configuration.");
    }

    static HookAnswer conflict(String why) {
        return new HookAnswer.Refused(409, why);
    }

    static HookAnswer busy(Duration retryAfter) {
        return new HookAnswer.Unavailable(
                "Too many bodies are being read at once; nothing was kept.", retryAfter);
    }

    static HookAnswer notKept(Duration retryAfter) {
        return new HookAnswer.Unavailable(
                "The delivery could not be kept; Airlock's log says why. Deliver it again from the"
                        + " forge's hook page.",
                retryAfter);
    }
}
