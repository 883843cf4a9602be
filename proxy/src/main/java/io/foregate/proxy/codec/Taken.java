package io.foregate.proxy.codec;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How far a peer has got with what was sent to it. Asked for only when it keeps us waiting, as it may cost a system call.
 *
 * @param bytes that the peer has taken; only the difference between two of them means anything
 * @param quietNanos for how long at least it has taken nothing; 0 when that isn't known
 */
public record Taken(long bytes, long quietNanos) {
    // struct tcp_info of linux/tcp.h, which only grows at its end.
    private static final int TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int LAST_DATA_SENT_AT = 44;
    private static final int BYTES_ACKED_AT = 120;
    private static final RawUnixChannelOption INFO =
            new RawUnixChannelOption("TCP_INFO", TCP, TCP_INFO, BYTES_ACKED_AT + Long.BYTES);

    private static final long NANOS_PER_MILLI = 1_000_000L;

    /**
     * What the kernel knows of the peer's acknowledgements: our socket's buffer may hold megabytes, whose going down to a client
     * that reads slowly shows nowhere else. On other systems than Linux, what has left our own buffers.
     */
    public static Taken from(Channel channel) {
        ByteBuffer info = channel.config().getOption(INFO);
        if (info != null && info.limit() >= BYTES_ACKED_AT + Long.BYTES) {
            info.order(ByteOrder.nativeOrder());
            long quietMillis = Integer.toUnsignedLong(info.getInt(LAST_DATA_SENT_AT));
            return new Taken(info.getLong(BYTES_ACKED_AT), quietMillis * NANOS_PER_MILLI);
        }
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return new Taken(waiting == null ? 0 : -waiting.totalPendingWriteBytes(), 0);
    }
}
