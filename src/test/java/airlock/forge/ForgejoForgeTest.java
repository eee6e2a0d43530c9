package airlock.forge;

import airlock.event.ForgeKind;

class ForgejoForgeTest extends ForgeContract {
    ForgejoForgeTest() {
        super(ForgeKind.FORGEJO);
    }
}
