package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessSink;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.RouteSettings.ForwardedMode;
import io.foregate.proxy.worker.Runtime;
import io.foregate.proxy.worker.Snapshot;
import io.foregate.proxy.worker.Worker;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.util.List;

/**
 * What an {@link Exchange} does to each request's head on its way, in the same order and with the same defaults: a request id,
 * the client's claims, X-Forwarded-*, Via. One thread.
 */
public final class Introduction {
    private final Worker worker;
    private final Downstream downstream;
    private final AccessRecord record = new AccessRecord();
    private final ClientAddress client = new ClientAddress();
    private final CidrSet trusted = CidrSet.of();

    public Introduction(InetAddress peer) {
        // Its thread starts with its first task, and there is none.
        LoopContext loop = LoopContext.of(
                0, new DefaultEventLoop(), NioSocketChannel::new, ByteBufAllocator.DEFAULT, Defences.unsaid());
        worker = new Worker(loop, new Runtime(new Snapshot(1, List.of(), 1)), AccessSink.NONE);
        downstream = new Downstream(worker, new ExchangePool(worker), 0, null, peer);
    }

    /** Adds to {@code head} what the origin is to be told; false when it has come by here too often. */
    public boolean of(RequestHead head) {
        RequestIdentity.takeId(head.headers(), record, worker.requestIds());
        Forwarding.identify(head.headers(), downstream.peer(), trusted, client);
        Forwarding.tell(head, downstream, ForwardedMode.X);
        return Forwarding.via(head);
    }
}
