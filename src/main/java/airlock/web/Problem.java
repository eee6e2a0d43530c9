package airlock.web;

import airlock.base.Json;

/// What programs are told when something is wrong (RFC 9457, `application/problem+json`, type
/// `about:blank`).
///
/// @param title the status in words
/// @param status the HTTP status
/// @param detail what can be done about it, for people
public record Problem(String title, int status, String detail) {
    static final String CONTENT_TYPE = "application/problem+json";

    /// One for a status, in its own words.
    static Problem of(int status) {
        return switch (status) {
            case 400 -> new Problem("Bad Request", status, "The request is not valid HTTP.");
            case 404 ->
                    new Problem("Not Found", status, "There is nothing here that can be shown.");
            case 410 ->
                    new Problem(
                            "Gone",
                            status,
                            "It was removed to give room back. Run the commit again.");
            case 405 -> new Problem("Method Not Allowed", status, "Use the method in Allow.");
            case 408 -> new Problem("Request Timeout", status, "The request took too long.");
            case 413 -> new Problem("Content Too Large", status, "The body is too long.");
            case 500 ->
                    new Problem(
                            "Internal Server Error",
                            status,
                            "Something went wrong on the server; its log says what.");
            case 503 ->
                    new Problem(
                            "Service Unavailable", status, "The server is busy. Try again later.");
            default -> new Problem("Error " + status, status, "The request was not served.");
        };
    }

    byte[] json() {
        return Json.bytes(this);
    }
}
