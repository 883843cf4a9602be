package io.foregate.control.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks DNS servers for the records of whole names: by UDP from a port of its own for each question, by TCP where an answer is too
 * long for that; the next server where one is silent or can't answer, all of them twice.
 *
 * <p>Thread-safe; its methods block the caller, which should be a virtual thread. The one event loop that it needs starts with the
 * first question.
 */
final class DnsClient implements AutoCloseable {
    private static final int ROUNDS = 2;
    private static final int MOST_ALIASES = 8;
    /** So many questions at a time: a burst of more would overflow somebody's buffers and look like silence. */
    private static final int MOST_AT_ONCE = 64;

    // Fits into one packet on any path (RFC 9715).
    private static final int MAX_UDP_BYTES = 1232;

    private final Duration timeout;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private @Nullable MultiThreadIoEventLoopGroup loop;
    private @Nullable DnsNameResolver resolver;
    private boolean closed;

    DnsClient(Duration timeout) {
        this.timeout = timeout;
    }

    /** The addresses of {@code name} of one family. */
    DnsAnswer<InetAddress> addresses(List<InetSocketAddress> servers, String name, boolean ipv6)
            throws DnsFailure, InterruptedException {
        return records(servers, name, ipv6 ? DnsRecordType.AAAA : DnsRecordType.A, DnsClient::address);
    }

    /** The servers of the service {@code name}. */
    DnsAnswer<ServiceRecord> services(List<InetSocketAddress> servers, String name)
            throws DnsFailure, InterruptedException {
        return records(servers, name, DnsRecordType.SRV, DnsClient::service);
    }

    private <T> DnsAnswer<T> records(
            List<InetSocketAddress> servers, String name, DnsRecordType type, Function<ByteBuf, @Nullable T> reader)
            throws DnsFailure, InterruptedException {
        String asked = name;
        long ttl = Long.MAX_VALUE;
        for (int i = 0; i < MOST_ALIASES; i++) {
            try (Response response = ask(servers, asked, type)) {
                if (response.unknown()) {
                    return new DnsAnswer<>(List.of(), false, ttl);
                }
                Alias alias = response.follow(asked, ttl);
                List<T> found = new ArrayList<>();
                ttl = response.read(alias, type, reader, found);
                if (!found.isEmpty() || alias.name.equals(asked)) {
                    return new DnsAnswer<>(found, true, ttl);
                }
                asked = alias.name;
            } catch (DecoderException | IndexOutOfBoundsException e) {
                throw new DnsFailure("the answer about " + asked + " is malformed: " + e.getMessage());
            }
        }
        throw new DnsFailure("more than " + MOST_ALIASES + " aliases one after the other");
    }

    private Response ask(List<InetSocketAddress> servers, String name, DnsRecordType type)
            throws DnsFailure, InterruptedException {
        String trouble = "there is no DNS server to ask";
        for (int round = 0; round < ROUNDS; round++) {
            for (InetSocketAddress server : servers) {
                Object result = askOne(server, name, type);
                if (result instanceof Response response) {
                    return response;
                }
                trouble = "DNS server " + text(server) + " " + result;
            }
        }
        throw new DnsFailure(trouble);
    }

    private static String text(InetSocketAddress server) {
        return server.getAddress().getHostAddress() + (server.getPort() == 53 ? "" : " port " + server.getPort());
    }

    // The resolver's own timeout comes first; should it not, nobody waits here for ever.
    private void await(Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) throws InterruptedException {
        boolean ended = false;
        try {
            ended = asked.await(timeout.toNanos() * 3, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Once cancelled, an answer that comes is the resolver's; one that has come is ours.
            if (!asked.cancel(false) && asked.isSuccess()) {
                asked.getNow().release();
            }
            throw e;
        }
        if (!ended) {
            asked.cancel(false);
        }
    }

    /** A response that tells something, or what was wrong. */
    private Object askOne(InetSocketAddress server, String name, DnsRecordType type) throws InterruptedException {
        places.acquire();
        Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked;
        try {
            asked = resolver().query(server, new DefaultDnsQuestion(name, type));
            await(asked);
        } catch (IllegalArgumentException e) {
            return "was not asked: " + e.getMessage();
        } finally {
            places.release();
        }
        if (!asked.isSuccess()) {
            Throwable cause = asked.cause();
            boolean silent = cause == null || String.valueOf(cause.getMessage()).contains("timed out");
            return silent ? "is silent" : "can't be asked: " + cause.getMessage();
        }
        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = asked.getNow();
        DnsResponseCode code = envelope.content().code();
        if (code.equals(DnsResponseCode.NOERROR) || code.equals(DnsResponseCode.NXDOMAIN)) {
            return new Response(envelope);
        }
        envelope.release();
        return "answers " + code;
    }

    private synchronized DnsNameResolver resolver() {
        if (closed) {
            throw new IllegalArgumentException("the process ends");
        }
        DnsNameResolver made = resolver;
        if (made == null) {
            MultiThreadIoEventLoopGroup started = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("foregate-dns", true), NioIoHandler.newFactory());
            loop = started;
            made = new DnsNameResolverBuilder(started.next())
                    .datagramChannelType(NioDatagramChannel.class)
                    .socketChannelType(NioSocketChannel.class)
                    // A port of its own for each question is half of what keeps others from answering it.
                    .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                    .queryTimeoutMillis(timeout.toMillis())
                    .maxPayloadSize(MAX_UDP_BYTES)
                    // Whom to ask and how names are completed is decided for each question, not here.
                    .nameServerProvider(new SingletonDnsServerAddressStreamProvider(
                            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53)))
                    .searchDomains(List.of())
                    .ndots(0)
                    .build();
            resolver = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (resolver != null) {
            resolver.close();
        }
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static @Nullable InetAddress address(ByteBuf content) {
        byte[] bytes = new byte[content.readableBytes()];
        content.getBytes(content.readerIndex(), bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable ServiceRecord service(ByteBuf content) {
        if (content.readableBytes() < 7) {
            return null;
        }
        ByteBuf in = content.duplicate();
        int priority = in.readUnsignedShort();
        int weight = in.readUnsignedShort();
        int port = in.readUnsignedShort();
        String target = DefaultDnsRecordDecoder.decodeName(in);
        return new ServiceRecord(priority, weight, port, withoutDot(target));
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** What a name is called in the end, and the shortest life on the way there. */
    private record Alias(String name, long ttl) {}

    /** A response, to be given back. */
    private record Response(AddressedEnvelope<DnsResponse, InetSocketAddress> envelope) implements AutoCloseable {
        boolean unknown() {
            return envelope.content().code().equals(DnsResponseCode.NXDOMAIN);
        }

        Alias follow(String asked, long before) {
            DnsResponse response = envelope.content();
            String name = asked;
            long ttl = before;
            boolean more = true;
            for (int hop = 0; more && hop < MOST_ALIASES; hop++) {
                more = false;
                for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                    DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
                    if (record.type().equals(DnsRecordType.CNAME)
                            && record instanceof DnsRawRecord raw
                            && withoutDot(record.name()).equalsIgnoreCase(name)) {
                        name = withoutDot(
                                DefaultDnsRecordDecoder.decodeName(raw.content().duplicate()));
                        ttl = Math.min(ttl, record.timeToLive());
                        more = true;
                        break;
                    }
                }
            }
            return new Alias(name, ttl);
        }

        <T> long read(Alias alias, DnsRecordType type, Function<ByteBuf, @Nullable T> reader, List<T> found) {
            DnsResponse response = envelope.content();
            long ttl = alias.ttl;
            for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
                if (record.type().equals(type)
                        && record instanceof DnsRawRecord raw
                        && withoutDot(record.name()).equalsIgnoreCase(alias.name)) {
                    T value = reader.apply(raw.content());
                    if (value != null && !found.contains(value)) {
                        found.add(value);
                        ttl = Math.min(ttl, record.timeToLive());
                    }
                }
            }
            return ttl;
        }

        @Override
        public void close() {
            envelope.release();
        }
    }
}
