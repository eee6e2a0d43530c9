package airlock.web;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers requests that reach no route, such as bytes that are not HTTP, without Jetty's error
/// page, stack traces or names of programs.
final class FallbackErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException e) {
            response.setStatus(e.getCode());
        }
        SecurityHeaders.put(response.getHeaders());
        response.getHeaders().put("Content-Type", HttpProblem.CONTENT_TYPE);
        response.getHeaders().put("Cache-Control", "no-store");
        byte[] body = HttpProblem.of(response.getStatus()).json();
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
