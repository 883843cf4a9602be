package io.foregate.control.pem;

import java.util.Arrays;

/** Reads DER (X.690), bounded by what it is given. One thread. */
public final class DerReader {
    /** What is read isn't DER, or not what was expected. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        public Malformed(String message) {
            super(message);
        }
    }

    /** One value: {@code whole} with its tag and length, {@code content} without. */
    public record Value(int tag, byte[] whole, byte[] content) {
        /** Reads the values within. */
        public DerReader inner() {
            return new DerReader(content);
        }

        public Value expect(int wanted) throws Malformed {
            if (tag != wanted) {
                throw new Malformed("tag " + Integer.toHexString(tag) + " instead of " + Integer.toHexString(wanted));
            }
            return this;
        }

        /** An object identifier in its dotted form. */
        public String oid() throws Malformed {
            expect(Der.OBJECT_IDENTIFIER);
            StringBuilder text = new StringBuilder();
            long arc = 0;
            for (byte b : content) {
                if (arc > Integer.MAX_VALUE) {
                    throw new Malformed("an object identifier out of bounds");
                }
                arc = arc << 7 | b & 0x7f;
                if (b >= 0) {
                    if (text.isEmpty()) {
                        long first = Math.min(arc / 40, 2);
                        text.append(first).append('.').append(arc - first * 40);
                    } else {
                        text.append('.').append(arc);
                    }
                    arc = 0;
                }
            }
            return text.toString();
        }
    }

    private final byte[] bytes;
    private int at;

    public DerReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasNext() {
        return at < bytes.length;
    }

    public int peekTag() throws Malformed {
        if (!hasNext()) {
            throw new Malformed("it ends too early");
        }
        return bytes[at] & 0xff;
    }

    /** Passes over one value. */
    public DerReader skip() throws Malformed {
        next();
        return this;
    }

    /** The values of the sequence that comes next. */
    public DerReader sequence() throws Malformed {
        return next().expect(Der.SEQUENCE).inner();
    }

    public Value next() throws Malformed {
        int start = at;
        int tag = octet();
        int length = octet();
        if (length >= 0x80) {
            int count = length & 0x7f;
            if (count == 0 || count > 4) {
                throw new Malformed("a length out of bounds");
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | octet();
            }
        }
        if (length < 0 || length > bytes.length - at) {
            throw new Malformed("it ends too early");
        }
        byte[] content = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return new Value(tag, Arrays.copyOfRange(bytes, start, at), content);
    }

    private int octet() throws Malformed {
        if (at >= bytes.length) {
            throw new Malformed("it ends too early");
        }
        return bytes[at++] & 0xff;
    }
}
