package airlock.retention;

import airlock.base.Loops;
import airlock.config.Housekeeping;
import airlock.config.Retention;
import airlock.config.Shelf;
import airlock.event.Stock;
import airlock.event.StockLook;
import airlock.store.Database;
import airlock.store.Room;
import airlock.store.Stillness;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives room back: at its start and by the clock it removes what a crash left, what is too old
/// and what is above quota and total; while the disk is short of room, also source tars and
/// mirrors, strangers' first, then oldest first. docs/adr/0018 says in which order rows and files
/// go.
///
/// **Threads**: one of its own; [#look()] on the caller's, one at a time. **Failures**: of one
/// shelf stop no other. A backup that is being made keeps it from removing anything.
public final class Janitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private static final Duration TIDY_EVERY = Duration.ofDays(1);

    private final Parts parts;
    private final Housekeeping housekeeping;
    private final Function<String, Retention> policy;
    private final Passes passes;
    private final Loops loop = new Loops();
    private Instant tidied = Instant.EPOCH;

    /// What it works with.
    ///
    /// @param stocks one for each shelf
    /// @param still taken while it removes, so that a backup sees no file go
    public record Parts(
            Map<Shelf, Stock> stocks,
            Room room,
            Stillness still,
            Database database,
            InstantSource clock) {
        public Parts {
            stocks = Map.copyOf(stocks);
        }
    }

    /// @param policy what is kept of an owner, as [StockItem#owner()] names it
    public Janitor(Parts parts, Housekeeping housekeeping, Function<String, Retention> policy) {
        this.parts = parts;
        this.housekeeping = housekeeping;
        this.policy = policy;
        this.passes = new Passes(parts.database(), parts.clock());
    }

    /// Begins to look, at once and then by the clock.
    public void start() {
        loop.every(housekeeping.every(), "janitor", this::look);
    }

    /// Looks once.
    ///
    /// @return where more is used than allowed, by what is needed
    public List<Excess> look() {
        try (var held = parts.still().tryHold()) {
            if (!held.isHeld()) {
                LOG.info("a backup is being made; nothing is removed until the next look");
                return List.of();
            }
            Instant now = passes.begin();
            var excesses = new ArrayList<Excess>();
            boolean tidies = tidies();
            shelves().forEach(shelf -> excesses.addAll(look(shelf, now, tidies)));
            makeRoom();
            excesses.forEach(this::warn);
            return excesses;
        }
    }

    private List<Shelf> shelves() {
        return parts.stocks().keySet().stream().sorted().toList();
    }

    private List<Excess> look(Shelf shelf, Instant now, boolean tidies) {
        var stock = stock(shelf);
        try {
            int strays = tidies ? stock.tidy() : 0;
            if (strays > 0) {
                LOG.info("{}: removed {} files that a crash left", shelf.word(), strays);
            }
            var choice = new Choice(shelf, policy, housekeeping.total(shelf));
            var removal = new Removal(stock);
            choice.removeFrom(removal, now);
            if (removal.items() > 0) {
                LOG.info(
                        "{}: removed {} with {} bytes, too old or above quota",
                        shelf.word(),
                        removal.items(),
                        removal.bytes());
            }
            return choice.excesses(removal.look());
        } catch (RuntimeException e) {
            LOG.warn("{}: could not be tidied", shelf.word(), e);
            return List.of();
        }
    }

    /// Files that nothing names are looked for at the first look and once a day: that reads the
    /// names of all.
    private boolean tidies() {
        Instant now = parts.clock().instant();
        boolean due = !now.isBefore(tidied.plus(TIDY_EVERY)) || now.isBefore(tidied);
        tidied = due ? now : tidied;
        return due;
    }

    /// Caches go before their time while the disk is short of room; what can't be made again
    /// never does.
    private void makeRoom() {
        for (Shelf shelf : shelves()) {
            if (!shelf.isCache() || !isShort()) {
                continue;
            }
            var removal = new Removal(stock(shelf));
            removal.oldest(new StockLook.Which("", true), _ -> isShort());
            removal.oldest(new StockLook.Which("", false), _ -> isShort());
            if (removal.items() > 0) {
                LOG.info(
                        "{}: removed {} with {} bytes early, the disk is short of room",
                        shelf.word(),
                        removal.items(),
                        removal.bytes());
            }
        }
    }

    private boolean isShort() {
        return parts.room().free() < housekeeping.reserve();
    }

    private Stock stock(Shelf shelf) {
        var stock = parts.stocks().get(shelf);
        if (stock == null) {
            throw new IllegalArgumentException("no stock of " + shelf.word());
        }
        return stock;
    }

    private void warn(Excess excess) {
        LOG.atWarn()
                .addKeyValue("shelf", excess.shelf().word())
                .addKeyValue("owner", excess.owner())
                .log(
                        "{} bytes are used and {} allowed, by what waiting or running work needs",
                        excess.bytes(),
                        excess.allowed());
    }

    @Override
    public void close() {
        loop.close();
    }
}
