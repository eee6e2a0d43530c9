package airlock.web;

import airlock.base.Json;

/// An error answer, for programs in the format of RFC 9457 with type `about:blank`.
///
/// @param detail what to do about it
public record HttpProblem(String title, int status, String detail) {
    static final String CONTENT_TYPE = "application/problem+json";

    static HttpProblem of(int status) {
        return switch (status) {
            case 400 -> new HttpProblem("Bad Request", status, "The request is not valid HTTP.");
            case 404 ->
                    new HttpProblem(
                            "Not Found", status, "There is nothing here that can be shown.");
            case 410 ->
                    new HttpProblem(
                            "Gone",
                            status,
                            "It was removed to give room back. Run the commit again.");
            case 405 -> new HttpProblem("Method Not Allowed", status, "Use the method in Allow.");
            case 408 -> new HttpProblem("Request Timeout", status, "The request took too long.");
            case 413 -> new HttpProblem("Content Too Large", status, "The body is too long.");
            case 500 ->
                    new HttpProblem(
                            "Internal Server Error",
                            status,
                            "Something went wrong on the server; its log says what.");
            case 503 ->
                    new HttpProblem(
                            "Service Unavailable", status, "The server is busy. Try again later.");
            default -> new HttpProblem("Error " + status, status, "The request was not served.");
        };
    }

    byte[] json() {
        return Json.bytes(this);
    }
}
