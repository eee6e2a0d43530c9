package airlock.forge;

import airlock.event.ForgeKind;

class GitHubForgeTest extends ForgeContract {
    GitHubForgeTest() {
        super(ForgeKind.GITHUB);
    }
}
