package airlock.forge;

import airlock.event.ForgeKind;

class GiteaForgeTest extends ForgeContract {
    GiteaForgeTest() {
        super(ForgeKind.GITEA);
    }
}
