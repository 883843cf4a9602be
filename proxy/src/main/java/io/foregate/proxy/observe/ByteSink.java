package io.foregate.proxy.observe;

import io.foregate.api.message.Octets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a format writes one record: a position in an array that has room for {@link AccessFormat#MAX_RECORD_BYTES} more.
 *
 * <p>Room is checked once per record by whoever sets the sink, so nothing here checks it again; the formats keep to the
 * bound by the limits on their values. Owned by one loop, reused for every record, and makes no garbage.
 */
final class ByteSink {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NO_BYTES = {};

    private byte[] bytes = NO_BYTES;
    private int start;
    private int at;
    private int limit;

    /** Begins a record at {@code at} of {@code into}. */
    void begin(byte[] into, int at) {
        this.bytes = into;
        this.start = at;
        this.at = at;
    }

    /** Bytes written since {@link #begin}. */
    int length() {
        return at - start;
    }

    byte[] array() {
        return bytes;
    }

    int position() {
        return at;
    }

    /** Moves to where a writer of text, which works on {@link #array()} itself, has come to. */
    void position(int at) {
        this.at = at;
    }

    /** Lets the text that follows take {@code maxBytes} from here; writers of text ask for {@link #limit()}. */
    void limitTo(int maxBytes) {
        limit = at + maxBytes;
    }

    int limit() {
        return limit;
    }

    void put(char ascii) {
        bytes[at++] = (byte) ascii;
    }

    // By eights, the last of which may overlap the one before: for a dozen bytes the call of a copying stub costs more.
    void put(byte[] constant) {
        byte[] into = bytes;
        int to = at;
        int length = constant.length;
        if (length >= 8) {
            for (int i = 0; i < length - 8; i += 8) {
                EIGHT.set(into, to + i, (long) EIGHT.get(constant, i));
            }
            EIGHT.set(into, to + length - 8, (long) EIGHT.get(constant, length - 8));
        } else {
            for (int i = 0; i < length; i++) {
                into[to + i] = constant[i];
            }
        }
        at = to + length;
    }

    /** Writes {@code value} in decimal; a negative one, which no counter can have, as 0. */
    void putDecimal(long value) {
        if (value > 999) {
            at = Octets.writeDecimal(value, bytes, at);
        } else if (value > 99) {
            putThreeDigits((int) value);
        } else if (value > 9) {
            putTwoDigits((int) value);
        } else {
            put((char) ('0' + Math.max(value, 0)));
        }
    }

    /** Writes a duration as milliseconds with three decimals, so to the microsecond; a negative one as 0. */
    void putMillis(long nanos) {
        long micros = Math.max(nanos, 0) / 1_000;
        long millis = micros / 1_000;
        putDecimal(millis);
        put('.');
        putThreeDigits((int) (micros - millis * 1_000));
    }

    /** Writes 0 to 999 with leading zeros. */
    void putThreeDigits(int value) {
        int hundreds = value / 100;
        bytes[at++] = (byte) ('0' + hundreds);
        putTwoDigits(value - hundreds * 100);
    }

    /** Writes 0 to 99 with a leading zero. */
    void putTwoDigits(int value) {
        int tens = value / 10;
        bytes[at++] = (byte) ('0' + tens);
        bytes[at++] = (byte) ('0' + value - tens * 10);
    }
}
