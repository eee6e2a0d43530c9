package airlock.event;

import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All items of a prunable, in order.
public final class PrunableItems {
    private static final int PAGE = 2;

    private PrunableItems() {}

    /// Items from outside first, then by last use.
    public static List<PrunableItem> of(Prunable prunable) {
        var look = prunable.look();
        var all = new ArrayList<PrunableItem>();
        for (boolean outside : List.of(true, false)) {
            var which = new PrunableLook.Which("", outside);
            var page = look.oldest(which, Optional.empty(), PAGE);
            while (!page.isEmpty()) {
                all.addAll(page);
                page = look.oldest(which, Optional.of(page.getLast()), PAGE);
            }
        }
        return all;
    }
}
