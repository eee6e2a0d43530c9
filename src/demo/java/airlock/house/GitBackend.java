package airlock.house;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Serves a bare repository over git's smart HTTP protocol through git's own CGI program
/// (git-http-backend(1)).
final class GitBackend {
    private GitBackend() {}

    /// @param path what follows the repository's address, such as `/info/refs`
    /// @param user who pushes, empty for nobody: then pushing is refused
    static void serve(HttpExchange exchange, HostedRepository repository, String path, String user)
            throws IOException {
        var process = start(exchange, repository, path, user);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (var input = process.getOutputStream()) {
                                exchange.getRequestBody().transferTo(input);
                            } catch (IOException e) {
                                process.destroy(); // the client is gone
                            }
                        });
        try (var output = new BufferedInputStream(process.getInputStream())) {
            exchange.sendResponseHeaders(headers(output, exchange.getResponseHeaders()), 0);
            output.transferTo(exchange.getResponseBody());
        } finally {
            exchange.close();
            process.destroy();
        }
    }

    private static Process start(
            HttpExchange exchange, HostedRepository repository, String path, String user)
            throws IOException {
        var builder = new ProcessBuilder("git", "http-backend");
        var environment = builder.environment();
        var headers = exchange.getRequestHeaders();
        environment.put("GIT_PROJECT_ROOT", repository.bare().toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("PATH_INFO", path);
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        put(environment, "QUERY_STRING", exchange.getRequestURI().getRawQuery());
        put(environment, "CONTENT_TYPE", headers.getFirst("Content-Type"));
        put(environment, "HTTP_CONTENT_ENCODING", headers.getFirst("Content-Encoding"));
        put(environment, "GIT_PROTOCOL", headers.getFirst("Git-Protocol"));
        put(environment, "REMOTE_USER", user.isEmpty() ? null : user);
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /// Reads the CGI program's headers into `headers` and gives the HTTP code that they name.
    private static int headers(InputStream output, Headers headers) throws IOException {
        int status = 200;
        for (String line = line(output); !line.isEmpty(); line = line(output)) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            if (line.toLowerCase(Locale.ROOT).startsWith("status:")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                headers.add(line.substring(0, colon), value);
            }
        }
        return status;
    }

    private static void put(Map<String, String> environment, String name, @Nullable String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    private static String line(InputStream input) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = input.read(); b >= 0 && b != '\n'; b = input.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
