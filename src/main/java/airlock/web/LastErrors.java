package airlock.web;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers what never got to a route, such as bytes that are no HTTP: no page of the server's, no
/// stack trace, no name of a program.
final class LastErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException e) {
            response.setStatus(e.getCode());
        }
        Headers.put(response.getHeaders());
        response.getHeaders().put("Content-Type", Problem.CONTENT_TYPE);
        response.getHeaders().put("Cache-Control", "no-store");
        byte[] body = Problem.of(response.getStatus()).json();
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
