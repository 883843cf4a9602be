package io.foregate.proxy.codec;

import io.foregate.api.message.Failure;
import io.foregate.api.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Reads a whole request head as a connection would, for those who want to know what would become of it. Cold. */
public final class RequestText {
    private RequestText() {}

    /**
     * Reads {@code text}, a request line, fields and the empty line, into {@code into}.
     *
     * @return why it is refused, or null when it is well-formed
     */
    public static Failure.@Nullable Kind read(byte[] text, HeadLimits limits, RequestHead into) {
        Http1RequestParser parser = new Http1RequestParser(limits);
        into.clear();
        parser.begin(into);
        ByteBuf in = Unpooled.wrappedBuffer(text);
        try {
            return switch (parser.read(in, into)) {
                case DONE -> null;
                case MORE -> Failure.Kind.MALFORMED;
                case FAILED -> parser.failure();
            };
        } finally {
            in.release();
        }
    }
}
