package io.foregate.proxy.exchange;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.route.TrafficMirror;
import io.foregate.proxy.upstream.Pool;
import org.jspecify.annotations.Nullable;

/** Who answers: the fifth step of an exchange. Chooses among the pools of a split, and begins the mirror's copy. Owned by its exchange. */
final class Dispatch {
    private final Exchange exchange;
    private final LoopContext loop;
    private final ClientAddress client;
    private final RequestFlow flow;
    private final Attempts attempts;

    Dispatch(Exchange exchange, LoopContext loop, ClientAddress client, RequestFlow flow, Attempts attempts) {
        this.exchange = exchange;
        this.loop = loop;
        this.client = client;
        this.flow = flow;
        this.attempts = attempts;
    }

    void act(Route route) {
        FilterContext context = exchange.filterContext();
        switch (route.action()) {
            case RouteAction.Proxy proxy -> {
                RouteAction.Target other = route.detour(proxy.pool(), context, client);
                if (other == null) {
                    nameHost(proxy.host());
                    send(route, proxy.pool(), route.settings());
                } else {
                    send(route, other);
                }
            }
            case RouteAction.Split split -> {
                RouteAction.Target target = split.choose(context, client, loop.index());
                RouteAction.Target other = route.detour(target.pool(), context, client);
                send(route, other == null ? target : other);
            }
            case RouteAction.Redirect redirect -> exchange.answer(LocalAnswers.redirect(redirect, context));
            case RouteAction.Respond respond -> exchange.answer(respond.answer());
        }
    }

    private void send(Route route, RouteAction.Target target) {
        exchange.under(target.settings());
        nameHost(target.host());
        send(route, target.pool(), target.settings());
    }

    private void nameHost(byte @Nullable [] host) {
        if (host != null) {
            exchange.request().headers().set(HeaderName.HOST, host);
        }
    }

    private void send(Route route, Pool pool, RouteSettings settings) {
        TrafficMirror mirror = route.traffic().mirror();
        if (mirror != null) {
            mirror(mirror);
        }
        attempts.start(pool, settings, exchange.request(), exchange.downstream(), client);
    }

    private void mirror(TrafficMirror mirror) {
        RequestHead head = exchange.request();
        if (head.upgradeLength() > 0 || MirroredRequest.isOne(head) || !mirror.takes(loop.index())) {
            return;
        }
        MirroredRequest copy = MirroredRequest.of(mirror, exchange, client, loop);
        if (copy != null) {
            flow.mirrorTo(copy);
        }
    }
}
