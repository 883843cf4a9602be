package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.route.RouteTable;
import io.foregate.proxy.route.VirtualHost;
import io.foregate.proxy.upstream.Timeouts;
import io.foregate.proxy.worker.Worker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which route a request takes, and which settings hold for it because of that: the third step of an exchange. Owned by its exchange.
 */
final class Routing {
    private final Worker worker;
    private final AccessRecord record;
    private final ClientAddress client;
    private final Deadlines deadlines;
    private @Nullable Route route;
    private @Nullable RouteSettings settings;

    Routing(Worker worker, AccessRecord record, ClientAddress client, Deadlines deadlines) {
        this.worker = worker;
        this.record = record;
        this.client = client;
        this.deadlines = deadlines;
    }

    /** Finds the request's route, and prepares the request for it; or says why it can't take any. */
    @Nullable
    Failure find(RequestHead head, RouteTable routes, Downstream from) {
        VirtualHost host = routes.host(head);
        Failure misdirected = host == null ? null : SiteAccess.enter(head, host, from);
        if (misdirected != null) {
            return misdirected;
        }
        worker.sampler().take(head, client, record);
        Route found = host == null ? null : host.match(head, client);
        if (found == null) {
            return Failure.client(host == null ? Kind.NO_SUCH_SITE : Kind.NO_SUCH_ROUTE, null);
        }
        route = found;
        RouteSettings chosen = found.settings();
        record.site = found.siteBytes();
        record.route = found.patternBytes();
        record.routeTally = found.tally();
        under(chosen, head);
        if (head.bodyLength() > chosen.maxBodyBytes()) {
            return Failure.client(Kind.BODY_TOO_LARGE, "declared as " + head.bodyLength() + " bytes");
        }
        Forwarding.tell(head, from, chosen.forwarded());
        if (chosen.via() && !Forwarding.via(head)) {
            return Failure.client(Kind.LOOP, "Via names this proxy too often");
        }
        return null;
    }

    /** From now on these settings hold. */
    void under(RouteSettings chosen, RequestHead head) {
        settings = chosen;
        deadlines.total(
                record.startNanos, Grpc.limitNanos(head, chosen.timeouts().totalNanos()));
    }

    /** The request's route; null when none was found, and after {@link #forget}. */
    @Nullable
    Route route() {
        return route;
    }

    Timeouts timeouts() {
        return Objects.requireNonNull(settings).timeouts();
    }

    /** Null when a body may have this many bytes, as far as is known yet. */
    @Nullable
    Failure refusesBody(long bytes) {
        RouteSettings limits = settings;
        return limits == null || bytes <= limits.maxBodyBytes()
                ? null
                : Failure.client(Kind.BODY_TOO_LARGE, "more than " + limits.maxBodyBytes() + " bytes came");
    }

    /** The route has no part in what follows: its filters may be at fault. */
    void forget() {
        route = null;
    }

    void clear() {
        route = null;
        settings = null;
    }
}
