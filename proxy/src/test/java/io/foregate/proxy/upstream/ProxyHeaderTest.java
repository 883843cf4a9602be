package io.foregate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.proxy.codec.ProxyHeaderReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Headers byte for byte, as HAProxy's specification has them. */
final class ProxyHeaderTest {
    private static final byte[] AUTHORITY = {2, 0, 1, 'a'};
    private static final InetSocketAddress FOUR = at("192.0.2.7", 50000);
    private static final InetSocketAddress OTHER_FOUR = at("198.51.100.1", 443);
    private static final InetSocketAddress SIX = at("2001:db8::7", 50000);

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static String written(Link.ProxyProtocol version, byte... entries) {
        ByteBuf out = Unpooled.buffer();
        ProxyHeader.write(out, version, FOUR, OTHER_FOUR, entries);
        return version == Link.ProxyProtocol.V1 ? out.toString(StandardCharsets.US_ASCII) : ByteBufUtil.hexDump(out);
    }

    @Test
    void addressesArePutDown() {
        assertThat(written(Link.ProxyProtocol.V1)).isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.1 50000 443\r\n");
        assertThat(written(Link.ProxyProtocol.V2))
                .isEqualTo(
                        "0d0a0d0a000d0a515549540a" + "21" + "11" + "000c" + "c0000207" + "c6336401" + "c350" + "01bb");
    }

    @Test
    void entriesAreInTheSecondVersion() {
        assertThat(written(Link.ProxyProtocol.V2, AUTHORITY))
                .endsWith("01bb" + "02000161")
                .contains("2111" + "0010");
        assertThat(written(Link.ProxyProtocol.V1, AUTHORITY)).endsWith("443\r\n");
    }

    /** Ours is what our own reader, which is strict, understands. */
    @Test
    void whatIsWrittenIsReadBack() {
        ByteBuf out = Unpooled.buffer();
        ProxyHeader.write(out, Link.ProxyProtocol.V2, SIX, SIX, AUTHORITY);
        ProxyHeaderReader reader = new ProxyHeaderReader();
        assertThat(reader.read(out)).as(reader.problem()).isEqualTo(ProxyHeaderReader.Result.DONE);
        assertThat(reader.length()).isEqualTo(out.readableBytes());
        assertThat(reader.info().source()).isEqualTo(SIX);
        assertThat(reader.info().destination()).isEqualTo(SIX);
        assertThat(reader.info().tlvs()).isEqualTo(AUTHORITY);
    }

    @Test
    void aMixOfFamiliesIsToldInTheWiderOne() {
        ByteBuf out = Unpooled.buffer();
        ProxyHeader.write(out, Link.ProxyProtocol.V1, FOUR, SIX, new byte[0]);
        assertThat(out.toString(StandardCharsets.US_ASCII))
                .isEqualTo("PROXY TCP6 ::ffff:192.0.2.7 2001:db8::7 50000 50000\r\n");
    }

    @Test
    void anUnknownClientIsCalledSo() {
        ByteBuf out = Unpooled.buffer();
        ProxyHeader.write(out, Link.ProxyProtocol.V1, null, null, new byte[0]);
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("PROXY UNKNOWN\r\n");
    }
}
