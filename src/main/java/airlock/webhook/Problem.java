package airlock.webhook;

/// An error as RFC 9457 writes it; its `type` is `about:blank`, so `title` is the status in words.
///
/// @param status the HTTP status
/// @param title its name
/// @param detail what was wrong with the request and what the operator can do
public record Problem(int status, String title, String detail) {
    public static final String TYPE = "about:blank";
    public static final String MEDIA_TYPE = "application/problem+json";
}
