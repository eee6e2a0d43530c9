package airlock.token;

import airlock.sandbox.Sandbox;
import airlock.token.TokenOrder.TokenLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// A server that a test kills: it starts a token's process, prints its id when it is ready, and
/// waits.
final class TokenServerMain {
    private TokenServerMain() {}

    /// Runs until it is killed.
    ///
    /// @param arguments the directory for its home
    public static void main(String[] arguments) throws Exception {
        var order =
                TokenScene.order(
                        1,
                        "",
                        new TokenLimits(Duration.ofSeconds(10), Duration.ofSeconds(10), 4),
                        TokenScene.BEARER);
        try (var proxy =
                TokenProxy.start(order, Sandbox.NONE, Path.of(arguments[0]), _ -> {}, _ -> {})) {
            proxy.socket();
            System.out.println(proxy.pid());
            new CountDownLatch(1).await();
        }
    }
}
