package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.Http1ClientConnection;
import io.foregate.proxy.codec.h2.Http2ClientConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * What is said on a new connection before HTTP, in this order: the PROXY protocol's header, the TLS handshake, and the choice of
 * HTTP's version. Removes itself when that is done. Owned by its {@link Connecting}, whose timer bounds all of it.
 */
final class Introduction extends ChannelInboundHandlerAdapter implements Http2ClientConnection.Opening {
    private static final String HTTP_1 = "http/1.1";
    private static final int PROXY_HEADER_BYTES = 256;

    private final ConnectionPool pool;
    private final Link link;
    private final Connecting connecting;
    private @Nullable SslHandler ssl;
    private @Nullable Channel channel;
    private boolean waitsForSettings;

    Introduction(ConnectionPool pool, Link link, Connecting connecting) {
        this.pool = pool;
        this.link = link;
        this.connecting = connecting;
    }

    /** The socket is connected. */
    void begin(Channel connected) {
        channel = connected;
        ProxiedClient client = connecting.client();
        if (client != null) {
            ByteBuf header = connected.alloc().ioBuffer(PROXY_HEADER_BYTES);
            client.writeProxyHeader(header, link.proxyProtocol());
            connected.writeAndFlush(header, connected.voidPromise());
        }
        OriginTls tls = link.tls();
        if (tls == null) {
            chosen(connected, link.protocol() == Link.Protocol.H2);
            return;
        }
        SslHandler handler = tls.newHandler(connected.alloc(), pool.endpoint().authority(), connecting.http1Only());
        ssl = handler;
        connected.pipeline().addFirst(handler);
    }

    /** On which it is said, once that has begun. */
    @Nullable
    Channel channel() {
        return channel;
    }

    Failure.Kind timeoutKind() {
        return waitsForSettings ? Failure.Kind.PROTOCOL_MISMATCH : Failure.Kind.TLS_TIMEOUT;
    }

    String timeoutDetail() {
        return waitsForSettings
                ? "no HTTP/2 SETTINGS within the connect timeout: does the origin speak HTTP/2?"
                : "TLS handshake timeout: not finished within the connect timeout";
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            pool.loop().clock().refresh();
            if (done.isSuccess()) {
                secured(ctx.channel());
            } else {
                fail(ctx, OriginTls.reason(done.cause()));
            }
        } else if (event == ChannelInputShutdownEvent.INSTANCE) {
            fail(ctx, "the origin closed the connection within the TLS handshake");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, "the origin closed the connection within the TLS handshake");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, OriginTls.reason(cause));
    }

    private void fail(ChannelHandlerContext ctx, String detail) {
        if (channel != null && !connecting.isOver()) {
            pool.loop().clock().refresh();
            connecting.end(Failure.Kind.TLS_FAILED, detail);
        }
        ctx.close();
    }

    private void secured(Channel channel) {
        SslHandler handler = ssl;
        String protocol = handler == null ? null : handler.applicationProtocol();
        boolean http2 = OriginTls.HTTP_2.equals(protocol);
        if (!http2 && (protocol != null && !HTTP_1.equals(protocol) || link.protocol() == Link.Protocol.H2)) {
            connecting.end(
                    Failure.Kind.PROTOCOL_MISMATCH, "the origin does not speak HTTP/2 (ALPN), which the pool wants");
            channel.close();
            return;
        }
        chosen(channel, http2);
    }

    private void chosen(Channel channel, boolean http2) {
        if (connecting.isOver()) {
            channel.close();
            return;
        }
        if (http2) {
            waitsForSettings = true;
            Http2ClientConnection connection =
                    new Http2ClientConnection(pool.http2(), connecting.client(), link.tls() != null, this);
            channel.pipeline().replace(this, null, connection.handler());
            return;
        }
        Http1ClientConnection connection = connecting.newHttp1();
        channel.pipeline().replace(this, null, connection);
        connecting.ready(connection);
    }

    // ---- Opening ----

    @Override
    public void ready(Http2ClientConnection connection) {
        if (connecting.isOver()) {
            connection.closeIdle();
        } else {
            connecting.ready(connection);
        }
    }

    @Override
    public void failed(String why) {
        if (!connecting.isOver()) {
            connecting.end(Failure.Kind.PROTOCOL_MISMATCH, "the origin does not speak HTTP/2: " + why);
        }
    }
}
