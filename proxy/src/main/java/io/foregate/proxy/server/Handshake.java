package io.foregate.proxy.server;

import io.foregate.api.message.ClientAddress;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.loop.Timer;
import io.foregate.proxy.observe.Defence;
import io.foregate.proxy.tls.Alpn;
import io.foregate.proxy.tls.ClientHello;
import io.foregate.proxy.tls.ClientIdentity;
import io.foregate.proxy.tls.HandshakeLimit;
import io.foregate.proxy.tls.SiteIdentity;
import io.foregate.proxy.tls.SniTable;
import io.foregate.proxy.tls.TlsContext;
import io.foregate.proxy.tls.TlsInfo;
import io.foregate.proxy.tls.TlsSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS stage of one connection: reads the ClientHello, chooses by the name in it as whom we appear, waits its turn where too
 * many handshakes are under way, and ends when the handshake has. Owned by the connection's loop, gone once HTTP begins.
 *
 * <p>What can be refused is refused before BoringSSL spends anything on it: what isn't TLS, names that nobody has a certificate
 * for, protocols that we don't speak (RFC 7301 §3.2).
 */
final class Handshake implements Timer.Target {
    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    /** A ClientHello with post-quantum key shares has 1.8 KB, one with several and a long ticket not 8 KB. */
    private static final int MAX_HELLO_BYTES = 16 * 1024;

    private static final int HANDSHAKE_FAILURE = 40;
    private static final int DECODE_ERROR = 50;
    private static final int INTERNAL_ERROR = 80;
    private static final int UNRECOGNIZED_NAME = 112;
    private static final int NO_APPLICATION_PROTOCOL = 120;

    // As short as an answer can be: it is for whoever typed http:// before a port that speaks https.
    private static final String NOT_TLS_TEXT = "This port speaks https. Ask again with https:// in the URL.\n";
    private static final byte[] NOT_TLS =
            ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                            + NOT_TLS_TEXT.length() + "\r\nConnection: close\r\n\r\n" + NOT_TLS_TEXT)
                    .getBytes(StandardCharsets.US_ASCII);

    /**
     * What holds for it: how, and as whom.
     *
     * @param names of the snapshot in force when it is asked; that is when the name is known, which may be a while after the
     *     connection came
     */
    record Terms(TlsSettings settings, Supplier<SniTable> names) {}

    /** What comes after the handshake. */
    interface Secured {
        /** On the loop. {@code protocol} is what ALPN chose, or null when the client doesn't use it. */
        void secured(TlsInfo tls, @Nullable String protocol);
    }

    private final Channel channel;
    private final TlsSettings settings;
    private final Supplier<SniTable> names;
    private final LoopContext loop;
    private final InetAddress peer;
    private final Secured next;
    private final Timer timer = new Timer(this);
    private final HandshakeLimit.Turn turn;
    private @Nullable ClientHello hello;
    private @Nullable TlsContext context;
    private @Nullable Promise<TlsContext> waiting;
    private boolean over;
    private boolean refused;

    Handshake(LoopContext loop, Channel channel, InetAddress peer, Terms terms, Secured next) {
        this.loop = loop;
        this.peer = peer;
        this.channel = channel;
        this.settings = terms.settings();
        this.names = terms.names();
        this.next = next;
        this.turn = new HandshakeLimit.Turn(channel.eventLoop(), this::goOn);
    }

    void begin() {
        loop.timers().arm(timer, settings.timeoutNanos());
        channel.pipeline().addLast(new HelloReader());
        channel.closeFuture().addListener(closed -> end());
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        loop.timers().remove(timer);
        settings.limit().leave(turn);
        TlsContext used = context;
        context = null;
        if (used != null) {
            used.release();
        }
        Promise<TlsContext> given = waiting;
        waiting = null;
        if (given != null) {
            given.cancel(false);
        }
    }

    @Override
    public void onTimeout(Timer expired) {
        if (!over) {
            loop.defences()
                    .tripped(Defence.SILENT_HANDSHAKE, client(), "the TLS handshake did not end within its timeout");
            channel.close();
        }
    }

    private ClientAddress client() {
        ClientAddress client = new ClientAddress();
        client.set(peer);
        return client;
    }

    // ---- the ClientHello ----

    private Future<TlsContext> choose(ChannelHandlerContext ctx, @Nullable ByteBuf bytes) {
        ClientHello said = bytes == null ? null : ClientHello.parse(bytes);
        if (said == null) {
            return refuse(ctx, DECODE_ERROR, "it doesn't begin with a proper ClientHello");
        }
        hello = said;
        Alpn alpn = settings.alpn();
        if (!alpn.accepts(said.protocols())) {
            return refuse(ctx, NO_APPLICATION_PROTOCOL, "it offers none of " + alpn.protocols());
        }
        SiteIdentity identity = names.get().find(said.serverName());
        if (identity == null) {
            return refuse(ctx, UNRECOGNIZED_NAME, "there is no certificate for the name it asks for");
        }
        TlsContext chosen = identity.acquire(alpn);
        if (chosen == null) {
            return refuse(ctx, INTERNAL_ERROR, "site " + identity.name() + " has no usable certificate at present");
        }
        context = chosen;
        return switch (settings.limit().enter(turn)) {
            case GO -> ctx.executor().newSucceededFuture(chosen);
            case WAIT -> {
                // Netty's own way to stop has no effect where reading is automatic, and nothing bounds what would come.
                channel.config().setAutoRead(false);
                Promise<TlsContext> promise = ctx.executor().newPromise();
                waiting = promise;
                yield promise;
            }
            case REFUSED -> {
                loop.defences().tripped(Defence.HANDSHAKE_LIMIT, client(), "too many are under way and in line");
                yield refuse(ctx, HANDSHAKE_FAILURE, "too many handshakes are under way and in line");
            }
        };
    }

    // The turn that this handshake waited for has come.
    private void goOn() {
        Promise<TlsContext> given = waiting;
        TlsContext chosen = context;
        waiting = null;
        if (!over && given != null && chosen != null) {
            given.setSuccess(chosen);
            channel.config().setAutoRead(true);
        }
    }

    private void refusePlainHttp(ChannelHandlerContext ctx) {
        LOG.debug("{}: TLS handshake refused: it speaks plain HTTP", channel.remoteAddress());
        refused = true;
        ctx.writeAndFlush(Unpooled.wrappedBuffer(NOT_TLS)).addListener(ChannelFutureListener.CLOSE);
    }

    // In plain text, as the alerts before a ServerHello are (RFC 8446 §6.2).
    private Future<TlsContext> refuse(ChannelHandlerContext ctx, int alert, String why) {
        LOG.debug("{}: TLS handshake refused: {}", channel.remoteAddress(), why);
        refused = true;
        ByteBuf record = ctx.alloc().ioBuffer(7);
        record.writeByte(21).writeShort(0x0303).writeShort(2).writeByte(2).writeByte(alert);
        ctx.writeAndFlush(record).addListener(ChannelFutureListener.CLOSE);
        return ctx.executor().newFailedFuture(new RefusedHandshake());
    }

    private void start(ChannelHandlerContext ctx) {
        TlsContext chosen = context;
        if (over || chosen == null) {
            return;
        }
        SslHandler tls = chosen.newHandler(ctx.alloc());
        // One deadline, ours, holds for everything from the first byte on.
        tls.setHandshakeTimeoutMillis(0);
        ctx.pipeline().addLast(new Completion(tls, chosen));
        ctx.pipeline().replace(ctx.handler(), null, tls);
    }

    // A method begins so; no record of TLS does.
    private static boolean isCapital(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    private final class HelloReader extends SslClientHelloHandler<TlsContext> {
        HelloReader() {
            super(MAX_HELLO_BYTES);
        }

        @Override
        protected Future<TlsContext> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
            return choose(ctx, clientHello);
        }

        @Override
        protected void onLookupComplete(ChannelHandlerContext ctx, Future<TlsContext> found) {
            if (found.isSuccess()) {
                start(ctx);
            }
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
            if (!refused && !over && hello == null && in.isReadable() && isCapital(in.getByte(in.readerIndex()))) {
                refusePlainHttp(ctx);
            }
            if (refused || over) {
                // What else comes, or is left, is of no interest, and must not be gathered.
                in.skipBytes(in.readableBytes());
            } else {
                super.decode(ctx, in, out);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
            if (waiting == null) {
                super.channelReadComplete(ctx);
            } else {
                // A decoder that has decoded nothing asks for more by itself where reading isn't automatic.
                ctx.fireChannelReadComplete();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("{}: TLS handshake failed: {}", channel.remoteAddress(), cause.toString());
            ctx.close();
        }
    }

    // ---- the end of the handshake ----

    private final class Completion extends ChannelInboundHandlerAdapter {
        private final SslHandler tls;
        private final TlsContext shown;

        Completion(SslHandler tls, TlsContext shown) {
            this.tls = tls;
            this.shown = shown;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completion) {
                if (completion.isSuccess()) {
                    finished(ctx);
                } else {
                    LOG.debug(
                            "{}: TLS handshake failed: {}",
                            channel.remoteAddress(),
                            String.valueOf(completion.cause()));
                    ctx.close();
                }
            } else if (event == ChannelInputShutdownEvent.INSTANCE) {
                ctx.close();
            }
        }

        private void finished(ChannelHandlerContext ctx) {
            if (over) {
                return;
            }
            end();
            ClientHello said = hello;
            // The end of the channel holds on to this object for as long as the connection lasts.
            hello = null;
            TlsInfo info = new TlsInfo(
                    shown.policy().id(),
                    said == null ? null : said.serverName(),
                    client(tls.engine().getSession()));
            ctx.pipeline().remove(this);
            next.secured(info, tls.applicationProtocol());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("{}: TLS handshake failed: {}", channel.remoteAddress(), cause.toString());
            ctx.close();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            // Before the handshake's end there are no bytes for anybody.
            ((ByteBuf) message).release();
            ctx.close();
        }

        private @Nullable ClientIdentity client(SSLSession session) {
            return switch (shown.policy().clients()) {
                case NOT_ASKED -> null;
                case OPTIONAL, REQUIRED -> identity(session);
            };
        }

        private static @Nullable ClientIdentity identity(SSLSession session) {
            try {
                Certificate[] chain = session.getPeerCertificates();
                return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? ClientIdentity.of(leaf) : null;
            } catch (SSLPeerUnverifiedException e) {
                return null;
            }
        }
    }

    /** Says that a handshake was refused; without a stack trace, since strangers decide how often it is made. */
    private static final class RefusedHandshake extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedHandshake() {
            super("refused", null, false, false);
        }
    }
}
