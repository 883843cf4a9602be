package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.SideTally;
import io.foregate.proxy.worker.Serving;
import io.foregate.proxy.worker.Snapshot;
import io.foregate.proxy.worker.Trial;
import io.foregate.proxy.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshot an exchange gets: the one in force, unless another is tried beside it and the lot falls on that. Who asks may stand in
 * the head, so this is settled when the head has come. Owned by its exchange.
 */
final class Sides {
    private final Worker worker;
    private final AccessRecord record;
    private final ClientAddress client;
    private @Nullable Trial trial;

    Sides(Worker worker, AccessRecord record, ClientAddress client) {
        this.worker = worker;
        this.record = record;
        this.client = client;
    }

    /** What holds until the head has come; pinned. */
    Snapshot begin(int slot) {
        Serving now = worker.runtime().serving();
        trial = now.trial();
        Snapshot snapshot = now.at(slot);
        snapshot.pin(worker.loop().index());
        return snapshot;
    }

    /** Whether there are two sides. */
    boolean open() {
        return trial != null;
    }

    /** The side of a request, pinned instead of {@code begun}, with which the exchange began in this turn of the loop. */
    Snapshot choose(Snapshot begun, Downstream from, RequestHead head) {
        Trial tried = trial;
        trial = null;
        if (tried == null) {
            return begun;
        }
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
        }
        return side;
    }
}
