package airlock.webhook;

import java.time.Duration;

/// The texts of what is refused. One text stands for every signature that does not fit and for
/// hooks that do not exist (T10): nobody without a secret learns which repositories there are.
final class Refusals {
    private Refusals() {}

    static HookAnswer method(String method) {
        return refused(
                405,
                "Method Not Allowed",
                "A delivery is a POST; this was "
                        + (method.matches("[A-Z]{1,16}") ? method : "something else")
                        + ". A redirect on the way turns POST into an empty GET: set the hook to"
                        + " the final URL.");
    }

    static HookAnswer mediaType() {
        return refused(
                415,
                "Unsupported Media Type",
                "Set the hook to JSON (content type application/json).");
    }

    static HookAnswer tooLarge(long limit) {
        return refused(413, "Content Too Large", "The body is larger than " + limit + " bytes.");
    }

    static HookAnswer tooSlow(Duration limit) {
        return refused(
                408,
                "Request Timeout",
                "The body came too slowly; it must be here within "
                        + limit.toSeconds()
                        + " seconds.");
    }

    static HookAnswer cutShort() {
        return refused(400, "Bad Request", "The connection ended before the body did.");
    }

    static HookAnswer signature() {
        return refused(
                401,
                "Unauthorized",
                "No such hook, or the signature does not fit: set the hook's secret to the one in"
                        + " Airlock's configuration.");
    }

    static HookAnswer malformed(String why) {
        return refused(400, "Bad Request", "The delivery can't be read: " + why + ".");
    }

    static HookAnswer otherRepository() {
        return refused(
                403,
                "Forbidden",
                "This hook's URL belongs to another repository (T8). Give each repository the URL"
                        + " that `airlock check` shows for it, or correct its id in the"
                        + " configuration.");
    }

    static HookAnswer contradiction(String why) {
        return refused(409, "Conflict", why);
    }

    static HookAnswer busy(Duration retryAfter) {
        return unavailable("Too many bodies are being read at once; nothing was kept.", retryAfter);
    }

    static HookAnswer notKept(Duration retryAfter) {
        return unavailable(
                "The delivery could not be kept; Airlock's log says why. Deliver it again from the"
                        + " forge's page of the hook.",
                retryAfter);
    }

    private static HookAnswer unavailable(String detail, Duration retryAfter) {
        return new HookAnswer.Unavailable(
                new Problem(503, "Service Unavailable", detail), retryAfter);
    }

    private static HookAnswer refused(int status, String title, String detail) {
        return new HookAnswer.Refused(new Problem(status, title, detail));
    }
}
