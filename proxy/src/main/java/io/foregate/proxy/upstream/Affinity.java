package io.foregate.proxy.upstream;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Member;
import io.foregate.proxy.balance.Picking;

/** What ties requests to endpoints: it is read from requests, and told to clients in answers. Immutable, shared by all loops. */
public interface Affinity {
    /** Nothing does. */
    Affinity NONE = new Affinity() {
        @Override
        public void read(RequestHead request, ClientAddress client, EndpointSet from, Picking into) {}

        @Override
        public void tell(Member answered, RequestHead request, EndpointSet from, Headers answer) {}
    };

    /** Notes what the choice among the members of {@code from} is to go by. Makes no garbage. */
    void read(RequestHead request, ClientAddress client, EndpointSet from, Picking into);

    /** A member that the client wasn't tied to has answered: tells it so, where that ties it. Makes no garbage. */
    void tell(Member answered, RequestHead request, EndpointSet from, Headers answer);
}
