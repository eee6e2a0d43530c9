package airlock.app;

import airlock.house.LoopbackForge;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// Pushes plans to the repository that the forge hosts.
public record Pushes(Path directory, LoopbackForge forge) {
    /// Commits `plan` on main, pushes it to the forge, and returns the commit.
    public String push(Bot bot, String plan) throws Exception {
        return push(bot, ".airlock.yaml", plan);
    }

    /// The same for a plan in another file, without the usual one.
    public String push(Bot bot, String file, String plan) throws Exception {
        forge.hook(7, URI.create(bot.url() + "/hooks/demo/alice/hello"), Bot.SECRET, false);
        var checkout = Checkout.in(directory, forge);
        Files.deleteIfExists(checkout.work().resolve(".airlock.yaml"));
        String commit = checkout.commit(file, plan);
        checkout.push("main");
        return commit;
    }

    void pushTo(String ref) {
        Checkout.in(directory, forge).push("HEAD:" + ref);
    }
}
