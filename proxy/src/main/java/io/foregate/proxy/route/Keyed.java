package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Member;
import io.foregate.proxy.balance.Picking;
import io.foregate.proxy.upstream.Affinity;

/**
 * Ties requests to endpoints by their key, and besides by another affinity, which goes before it. Immutable.
 *
 * @param other {@link Affinity#NONE} where there is no other
 */
public record Keyed(RequestKey key, Affinity other) implements Affinity {
    @Override
    public void read(RequestHead request, ClientAddress client, EndpointSet from, Picking into) {
        key.read(request, client, into);
        other.read(request, client, from, into);
    }

    @Override
    public void tell(Member answered, RequestHead request, EndpointSet from, Headers answer) {
        other.tell(answered, request, from, answer);
    }
}
