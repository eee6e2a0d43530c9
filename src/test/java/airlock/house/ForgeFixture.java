package airlock.house;

import java.nio.file.Path;
import java.util.stream.Stream;

/// A loopback forge with a few repositories and a checkout to commit in.
///
/// `alice/widget` (2, public, one commit on main), `alice/hidden` (3), `alice/after` (4, once
/// `alice/before`); the token `reader` may read.
final class ForgeFixture implements AutoCloseable {
    final LoopbackForge forge = LoopbackForge.start(0);

    /// The first commit of `alice/widget`.
    final String commit;

    private final Path work;

    ForgeFixture(Path temp) {
        work = temp.resolve("work");
        var widget = forge.host(2, "alice/widget", temp.resolve("widget.git"), false);
        forge.host(3, "alice/hidden", temp.resolve("hidden.git"), true);
        forge.host(4, "alice/before", temp.resolve("before.git"), false);
        forge.rename(4, "alice/after");
        forge.token("reader", false);
        Programs.run("git", "init", "-q", "-b", "main", work.toString());
        git("commit", "-q", "--allow-empty", "-m", "First");
        git("push", "-q", widget.bare().toString(), "main");
        commit = widget.commitOf("main");
    }

    /// Runs git in the checkout.
    void git(String... arguments) {
        var beginning =
                Stream.of(
                        "git",
                        "-C",
                        work.toString(),
                        "-c",
                        "user.name=Alice",
                        "-c",
                        "user.email=alice@example.org");
        Programs.run(Stream.concat(beginning, Stream.of(arguments)).toArray(String[]::new));
    }

    /// The address of a repository with a token that may write.
    String address(String name) {
        return forge.url().toString().replace("://", "://ci:" + LoopbackForge.TOKEN + "@")
                + "/"
                + name
                + ".git";
    }

    @Override
    public void close() {
        forge.close();
    }
}
