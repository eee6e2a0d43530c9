package airlock.webhook;

import airlock.forge.Headers;

/// A webhook request without its body.
///
/// @param method the HTTP method
/// @param path the hook, `FORGE/NAME`: the URL after `/hooks/`, decoded
public record HookRequest(String method, String path, Headers headers) {
    /// The declared length of the body in bytes, 0 if missing or invalid.
    long declaredLength() {
        String length = headers.only("Content-Length");
        return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
    }

    /// The forge's name in the path, empty if the path has no slash.
    String forge() {
        return path.substring(0, Math.max(0, path.indexOf('/')));
    }
}
