package io.foregate.proxy.codec;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a PROXY protocol header, version 1 or 2, at the very beginning of a connection.
 *
 * <p>Strict, as whoever writes this header chooses the client's address: one spelling of everything, nothing left over, checksum
 * verified where there is one. Wrong bytes are refused as soon as they come. Bounded: {@value #MAX_BYTES} bytes.
 *
 * <p>Looks at all that has come since the connection began and takes nothing out of it, so that a connection without a header
 * can go on as if nobody had looked. Stateless between calls but for the result; used on one loop.
 */
public final class ProxyHeaderReader {
    /** What a header may have at most: room for a client's certificate among the entries. */
    public static final int MAX_BYTES = 16 * 1024;

    /** What a {@link #read} came to. */
    public enum Result {
        /** It may become a header. */
        MORE,
        /** It is no header. */
        NONE,
        /** {@link #info} and {@link #length} tell. */
        DONE,
        /** It is a header, and wrong: {@link #problem} tells. */
        FAILED
    }

    private @Nullable ProxyInfo info;
    private int length;
    private String problem = "";

    /** Looks at what has come so far. */
    public Result read(ByteBuf in) {
        int at = in.readerIndex();
        int readable = in.readableBytes();
        if (readable == 0) {
            return Result.MORE;
        }
        byte[] signature =
                in.getByte(at) == ProxyHeaderV1.SIGNATURE[0] ? ProxyHeaderV1.SIGNATURE : ProxyHeaderV2.SIGNATURE;
        int compared = Math.min(readable, signature.length);
        for (int i = 0; i < compared; i++) {
            if (in.getByte(at + i) != signature[i]) {
                return Result.NONE;
            }
        }
        if (compared < signature.length) {
            return Result.MORE;
        }
        return signature == ProxyHeaderV1.SIGNATURE ? ProxyHeaderV1.read(in, this) : ProxyHeaderV2.read(in, this);
    }

    /** The header, after {@link Result#DONE}. */
    public ProxyInfo info() {
        return Objects.requireNonNull(info);
    }

    /** How many bytes the header has, after {@link Result#DONE}. */
    public int length() {
        return length;
    }

    /** What is wrong, after {@link Result#FAILED}: one of a few constants. */
    public String problem() {
        return problem;
    }

    Result done(ProxyInfo found, int bytes) {
        info = found;
        length = bytes;
        return Result.DONE;
    }

    Result failed(String why) {
        problem = why;
        return Result.FAILED;
    }
}
