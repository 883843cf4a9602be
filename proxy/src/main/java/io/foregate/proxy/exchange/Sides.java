package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.SideTally;
import io.foregate.proxy.worker.ListenerPlan;
import io.foregate.proxy.worker.Serving;
import io.foregate.proxy.worker.Snapshot;
import io.foregate.proxy.worker.Trial;
import io.foregate.proxy.worker.Worker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that an exchange pins: the one in force, unless another is tried beside it and the lot falls on that. Who asks may
 * stand in the head, so this is settled when the head has come. Owned by its exchange.
 */
final class Sides {
    private final Worker worker;
    private final AccessRecord record;
    private final ClientAddress client;
    private @Nullable Trial trial;
    private @Nullable Snapshot pinned;
    private @Nullable ListenerPlan plan;

    Sides(Worker worker, AccessRecord record, ClientAddress client) {
        this.worker = worker;
        this.record = record;
        this.client = client;
    }

    /** Pins what holds until the head has come. */
    void begin(int slot) {
        Serving now = worker.runtime().serving();
        trial = now.trial();
        Snapshot snapshot = now.at(slot);
        snapshot.pin(worker.loop().index());
        pinned = snapshot;
        plan = snapshot.plan(slot);
        record.listener = plan.nameBytes();
    }

    /** Whether a snapshot is pinned, as it is from the exchange's beginning to its end. */
    boolean pinned() {
        return pinned != null;
    }

    Snapshot snapshot() {
        return Objects.requireNonNull(pinned);
    }

    /** What the snapshot says of the listener that the request came by. Not for tunnels. */
    ListenerPlan plan() {
        return Objects.requireNonNull(plan);
    }

    /** The head has come: pins the side of its request, where there are two. */
    void choose(Downstream from, RequestHead head) {
        Trial tried = trial;
        if (tried == null) {
            return;
        }
        trial = null;
        Snapshot begun = snapshot();
        int slot = from.listenerSlot();
        // Whom the snapshot in force takes for the client: the other one may trust other proxies.
        Forwarding.whoAsks(head.headers(), from.peer(), begun.plan(slot).trustedProxies(), client);
        Snapshot side = tried.side(slot, client, from, record);
        SideTally counts = tried.tally(side, slot, head, client);
        if (counts != null) {
            counts.begins(worker.loop().index(), record);
            record.sideTally = counts;
        }
        record.tried = side == tried.candidate();
        if (side != begun) {
            begun.unpin(worker.loop().index());
            side.pin(worker.loop().index());
            pinned = side;
            plan = side.plan(slot);
        }
    }

    /** The exchange has become a tunnel, which needs nothing of its snapshot, and may outlive many. */
    void letGo() {
        pinned = snapshot().letGo(worker.loop().index());
        plan = null;
    }

    /** The exchange is over. */
    void end() {
        Snapshot last = snapshot();
        pinned = null;
        plan = null;
        trial = null;
        last.unpin(worker.loop().index());
    }
}
